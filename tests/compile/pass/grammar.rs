//! Every argument in every form that it can be written in.

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::{delete, get, options, post, put, routes};

// `origins`: a list of any length, with or without a comma at its end; the word.
#[cross_origin(origins = ["https://app.example.com"])]
#[get("/one")]
fn one() {}

#[cross_origin(
    origins = ["https://app.example.com", r"https://*.example.org", r#"http://localhost:*"#, "capacitor://localhost",],
)]
#[get("/many")]
fn many() {}

#[cross_origin(origins = any)]
#[get("/word")]
fn word() {}

// `debug_origins`: whatever is only dangerous over a network.
#[cross_origin(
    origins = ["https://app.example.com"],
    debug_origins = ["http://localhost:*", "http://192.168.1.30:5173", "http://*.localhost"],
    credentials,
)]
#[get("/debug")]
fn debug() {}

#[cross_origin(origins = ["https://app.example.com"], debug_origins = any)]
#[get("/debug-word")]
fn debug_word() {}

#[cross_origin(origins = ["https://app.example.com"], debug_origins = [])]
#[get("/debug-empty")]
fn debug_empty() {}

// `credentials` and `enforce`: alone, or with a value.
#[cross_origin(origins = ["https://app.example.com"], credentials, enforce)]
#[post("/alone")]
fn alone() {}

#[cross_origin(origins = ["https://app.example.com"], credentials = true, enforce = true)]
#[put("/true")]
fn with_true() {}

#[cross_origin(origins = any, credentials = false, enforce = false)]
#[delete("/false")]
fn with_false() {}

// Names of headers, in any case.
#[cross_origin(
    origins = ["https://app.example.com"],
    allow_headers = ["content-type", "Authorization", r"X-Request-Id",],
    expose_headers = ["x-total-count", "ETag"],
)]
#[get("/headers")]
fn headers() {}

#[cross_origin(origins = any, allow_headers = any, expose_headers = any)]
#[get("/headers-word")]
fn headers_word() {}

#[cross_origin(origins = any, allow_headers = [any, "authorization"], expose_headers = [any])]
#[get("/headers-word-in-list")]
fn headers_word_in_list() {}

#[cross_origin(origins = any, allow_headers = [], expose_headers = [])]
#[get("/headers-empty")]
fn headers_empty() {}

// `max_age`: an integer literal, in every spelling of one.
#[cross_origin(origins = any, max_age = 0)]
#[get("/age-zero")]
fn age_zero() {}

#[cross_origin(origins = any, max_age = 86_400)]
#[get("/age-day")]
fn age_day() {}

#[cross_origin(origins = any, max_age = 0x258)]
#[get("/age-hexadecimal")]
fn age_hexadecimal() {}

#[cross_origin(origins = any, max_age = 600u32)]
#[get("/age-suffix")]
fn age_suffix() {}

// `allow`: one name or several, and all those that can stand in one policy at once.
#[cross_origin(origins = ["http://app.example.com"], credentials, allow(insecure_origin_with_credentials))]
#[get("/allow-one")]
fn allow_one() {}

#[cross_origin(
    origins = [
        "https://*.example.com",
        "https://app.example.com",                              // shadowed_origin
        "http://intranet.example.org",                          // insecure_origin_with_credentials
        "http://localhost:*",                                   // any_port_with_credentials
        "https://*.github.io",                                  // public_suffix_wildcard
        "https://*.amazonaws.com",                              // wildcard_over_public_suffix
        "htps://app.example.org",                               // unknown_scheme
        "moz-extension://d1e64a45-3c9f-4b2a-9d0a-6f0f6a4d7c11", // per_install_origin
        "file://",                                              // file_origin
        "https://example.net.",                                 // trailing_dot_host
        "https://[::ffff:c000:201]",                            // ipv4_mapped_ipv6
    ],
    credentials,
    allow_headers = [
        "etag",                                   // response_header_in_allow_headers
        "x-http-method-override",                 // method_override_header
        "x-forwarded-for",                        // proxy_trust_header
        "access-control-request-private-network", // private_network_header
    ],
    expose_headers = [
        "access-control-allow-origin", // cors_header_in_expose_headers
        "authorization",               // request_header_in_expose_headers
        "content-type",                // redundant_exposed_header
    ],
    allow(
        shadowed_origin,
        insecure_origin_with_credentials,
        any_port_with_credentials,
        public_suffix_wildcard,
        wildcard_over_public_suffix,
        unknown_scheme,
        per_install_origin,
        file_origin,
        trailing_dot_host,
        ipv4_mapped_ipv6,
        response_header_in_allow_headers,
        method_override_header,
        proxy_trust_header,
        private_network_header,
        cors_header_in_expose_headers,
        request_header_in_expose_headers,
        redundant_exposed_header,
        policy_on_options_route,
    ),
)]
#[options("/allow-many")]
fn allow_many() {}

#[cross_origin(
    origins = ["https://app.example.com"],
    credentials,
    allow_headers = any,
    allow(wildcard_allow_headers_with_credentials),
)]
#[get("/allow-any-header")]
fn allow_any_header() {}

// `crate`: see renamed_crate.rs.
#[cross_origin(origins = any, crate = ::cors_runtime)]
#[get("/crate")]
fn of_this_crate() {}

// The attributes in the order that the arguments need not have.
#[cross_origin(max_age = 600, expose_headers = ["etag"], credentials, origins = ["https://app.example.com"])]
#[get("/order")]
fn order() {}

fn main() {
    let _ = rocket::build().attach(CrossOrigin::fairing()).mount(
        "/",
        routes![
            one,
            many,
            word,
            debug,
            debug_word,
            debug_empty,
            alone,
            with_true,
            with_false,
            headers,
            headers_word,
            headers_word_in_list,
            headers_empty,
            age_zero,
            age_day,
            age_hexadecimal,
            age_suffix,
            allow_one,
            allow_many,
            allow_any_header,
            of_this_crate,
            order,
        ],
    );
}
