//! The pages in `docs/lints`, so that their examples are tested. Written by the test `pages`.

#[doc = include_str!("../../docs/lints/missing-origins.md")]
mod missing_origins {}

#[doc = include_str!("../../docs/lints/empty-origin.md")]
mod empty_origin {}

#[doc = include_str!("../../docs/lints/missing-scheme.md")]
mod missing_scheme {}

#[doc = include_str!("../../docs/lints/missing-host.md")]
mod missing_host {}

#[doc = include_str!("../../docs/lints/trailing-slash.md")]
mod trailing_slash {}

#[doc = include_str!("../../docs/lints/path-in-origin.md")]
mod path_in_origin {}

#[doc = include_str!("../../docs/lints/query-in-origin.md")]
mod query_in_origin {}

#[doc = include_str!("../../docs/lints/fragment-in-origin.md")]
mod fragment_in_origin {}

#[doc = include_str!("../../docs/lints/userinfo-in-origin.md")]
mod userinfo_in_origin {}

#[doc = include_str!("../../docs/lints/whitespace-in-origin.md")]
mod whitespace_in_origin {}

#[doc = include_str!("../../docs/lints/invisible-character.md")]
mod invisible_character {}

#[doc = include_str!("../../docs/lints/list-in-one-string.md")]
mod list_in_one_string {}

#[doc = include_str!("../../docs/lints/regex-not-supported.md")]
mod regex_not_supported {}

#[doc = include_str!("../../docs/lints/placeholder-in-origin.md")]
mod placeholder_in_origin {}

#[doc = include_str!("../../docs/lints/malformed-scheme.md")]
mod malformed_scheme {}

#[doc = include_str!("../../docs/lints/uppercase-origin.md")]
mod uppercase_origin {}

#[doc = include_str!("../../docs/lints/unknown-scheme.md")]
mod unknown_scheme {}

#[doc = include_str!("../../docs/lints/null-origin.md")]
mod null_origin {}

#[doc = include_str!("../../docs/lints/opaque-origin.md")]
mod opaque_origin {}

#[doc = include_str!("../../docs/lints/file-origin.md")]
mod file_origin {}

#[doc = include_str!("../../docs/lints/never-a-document-origin.md")]
mod never_a_document_origin {}

#[doc = include_str!("../../docs/lints/malformed-extension-id.md")]
mod malformed_extension_id {}

#[doc = include_str!("../../docs/lints/per-install-origin.md")]
mod per_install_origin {}

#[doc = include_str!("../../docs/lints/non-ascii-host.md")]
mod non_ascii_host {}

#[doc = include_str!("../../docs/lints/invalid-punycode.md")]
mod invalid_punycode {}

#[doc = include_str!("../../docs/lints/invalid-host-character.md")]
mod invalid_host_character {}

#[doc = include_str!("../../docs/lints/empty-label.md")]
mod empty_label {}

#[doc = include_str!("../../docs/lints/label-too-long.md")]
mod label_too_long {}

#[doc = include_str!("../../docs/lints/host-too-long.md")]
mod host_too_long {}

#[doc = include_str!("../../docs/lints/trailing-dot-host.md")]
mod trailing_dot_host {}

#[doc = include_str!("../../docs/lints/non-canonical-ipv4.md")]
mod non_canonical_ipv4 {}

#[doc = include_str!("../../docs/lints/invalid-ipv4.md")]
mod invalid_ipv4 {}

#[doc = include_str!("../../docs/lints/non-canonical-ipv6.md")]
mod non_canonical_ipv6 {}

#[doc = include_str!("../../docs/lints/invalid-ipv6.md")]
mod invalid_ipv6 {}

#[doc = include_str!("../../docs/lints/ipv4-mapped-ipv6.md")]
mod ipv4_mapped_ipv6 {}

#[doc = include_str!("../../docs/lints/default-port.md")]
mod default_port {}

#[doc = include_str!("../../docs/lints/empty-port.md")]
mod empty_port {}

#[doc = include_str!("../../docs/lints/invalid-port.md")]
mod invalid_port {}

#[doc = include_str!("../../docs/lints/blocked-port.md")]
mod blocked_port {}

#[doc = include_str!("../../docs/lints/unsupported-port-list.md")]
mod unsupported_port_list {}

#[doc = include_str!("../../docs/lints/misplaced-wildcard.md")]
mod misplaced_wildcard {}

#[doc = include_str!("../../docs/lints/wildcard-on-ip.md")]
mod wildcard_on_ip {}

#[doc = include_str!("../../docs/lints/wildcard-origin-with-credentials.md")]
mod wildcard_origin_with_credentials {}

#[doc = include_str!("../../docs/lints/wildcard-with-other-origins.md")]
mod wildcard_with_other_origins {}

#[doc = include_str!("../../docs/lints/enforce-with-any.md")]
mod enforce_with_any {}

#[doc = include_str!("../../docs/lints/public-suffix-wildcard.md")]
mod public_suffix_wildcard {}

#[doc = include_str!("../../docs/lints/wildcard-over-public-suffix.md")]
mod wildcard_over_public_suffix {}

#[doc = include_str!("../../docs/lints/any-port-with-credentials.md")]
mod any_port_with_credentials {}

#[doc = include_str!("../../docs/lints/insecure-origin-with-credentials.md")]
mod insecure_origin_with_credentials {}

#[doc = include_str!("../../docs/lints/duplicate-origin.md")]
mod duplicate_origin {}

#[doc = include_str!("../../docs/lints/shadowed-origin.md")]
mod shadowed_origin {}

#[doc = include_str!("../../docs/lints/empty-header-name.md")]
mod empty_header_name {}

#[doc = include_str!("../../docs/lints/invalid-header-name.md")]
mod invalid_header_name {}

#[doc = include_str!("../../docs/lints/header-list-in-one-string.md")]
mod header_list_in_one_string {}

#[doc = include_str!("../../docs/lints/partial-header-wildcard.md")]
mod partial_header_wildcard {}

#[doc = include_str!("../../docs/lints/duplicate-header-name.md")]
mod duplicate_header_name {}

#[doc = include_str!("../../docs/lints/redundant-with-wildcard.md")]
mod redundant_with_wildcard {}

#[doc = include_str!("../../docs/lints/forbidden-request-header.md")]
mod forbidden_request_header {}

#[doc = include_str!("../../docs/lints/cors-response-header-in-allow-headers.md")]
mod cors_response_header_in_allow_headers {}

#[doc = include_str!("../../docs/lints/response-header-in-allow-headers.md")]
mod response_header_in_allow_headers {}

#[doc = include_str!("../../docs/lints/method-override-header.md")]
mod method_override_header {}

#[doc = include_str!("../../docs/lints/proxy-trust-header.md")]
mod proxy_trust_header {}

#[doc = include_str!("../../docs/lints/private-network-header.md")]
mod private_network_header {}

#[doc = include_str!("../../docs/lints/wildcard-allow-headers-with-credentials.md")]
mod wildcard_allow_headers_with_credentials {}

#[doc = include_str!("../../docs/lints/forbidden-response-header.md")]
mod forbidden_response_header {}

#[doc = include_str!("../../docs/lints/cors-request-header-in-expose-headers.md")]
mod cors_request_header_in_expose_headers {}

#[doc = include_str!("../../docs/lints/preflight-header-in-expose-headers.md")]
mod preflight_header_in_expose_headers {}

#[doc = include_str!("../../docs/lints/cors-header-in-expose-headers.md")]
mod cors_header_in_expose_headers {}

#[doc = include_str!("../../docs/lints/request-header-in-expose-headers.md")]
mod request_header_in_expose_headers {}

#[doc = include_str!("../../docs/lints/redundant-exposed-header.md")]
mod redundant_exposed_header {}

#[doc = include_str!("../../docs/lints/wildcard-expose-headers-with-credentials.md")]
mod wildcard_expose_headers_with_credentials {}

#[doc = include_str!("../../docs/lints/max-age-negative.md")]
mod max_age_negative {}

#[doc = include_str!("../../docs/lints/max-age-too-large.md")]
mod max_age_too_large {}

#[doc = include_str!("../../docs/lints/max-age-not-an-integer.md")]
mod max_age_not_an_integer {}

#[doc = include_str!("../../docs/lints/unknown-option.md")]
mod unknown_option {}

#[doc = include_str!("../../docs/lints/duplicate-option.md")]
mod duplicate_option {}

#[doc = include_str!("../../docs/lints/option-type-mismatch.md")]
mod option_type_mismatch {}

#[doc = include_str!("../../docs/lints/non-literal-value.md")]
mod non_literal_value {}

#[doc = include_str!("../../docs/lints/attribute-order.md")]
mod attribute_order {}

#[doc = include_str!("../../docs/lints/missing-route-attribute.md")]
mod missing_route_attribute {}

#[doc = include_str!("../../docs/lints/duplicate-attribute.md")]
mod duplicate_attribute {}

#[doc = include_str!("../../docs/lints/policy-on-options-route.md")]
mod policy_on_options_route {}

#[doc = include_str!("../../docs/lints/content-type-not-allowed.md")]
mod content_type_not_allowed {}

#[doc = include_str!("../../docs/lints/module-without-handlers.md")]
mod module_without_handlers {}

#[doc = include_str!("../../docs/lints/unseen-items.md")]
mod unseen_items {}

#[doc = include_str!("../../docs/lints/unused-allow.md")]
mod unused_allow {}
