//! The rules about header names and `max_age`.

use crate::rule::{Kind, Level, Rule};

rules! {
    // allow_headers, and what it shares with expose_headers.
    EMPTY_HEADER_NAME "empty-header-name" Invalid Error {
        "A header name has at least one character."
    } "RFC 9110, section 5.1" @ "https://www.rfc-editor.org/rfc/rfc9110#section-5.1"
    INVALID_HEADER_NAME "invalid-header-name" Invalid Error {
        "A header name is a token: ASCII letters, digits and some punctuation. Anything else would break the list of names that the response carries, and a line break would inject headers."
    } "RFC 9110, section 5.6.2" @ "https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2"
    HEADER_LIST_IN_ONE_STRING "header-list-in-one-string" Invalid Error {
        "Each element of the list is one header name."
    } "Fetch: CORS protocol HTTP responses" @ "https://fetch.spec.whatwg.org/#http-responses"
    PARTIAL_HEADER_WILDCARD "partial-header-wildcard" Forbidden Error {
        "The star is an ordinary character of header names, so `x-*` is compared literally, and no browser ever sends a header of that name. Only a lone star is a wildcard, and here it is written `any`."
    } "Fetch: CORS protocol HTTP new-header syntax" @ "https://fetch.spec.whatwg.org/#http-new-header-syntax"
    DUPLICATE_HEADER_NAME "duplicate-header-name" Redundant Error {
        "Header names ignore case, so the second copy has no effect."
    } "RFC 9110, section 5.1" @ "https://www.rfc-editor.org/rfc/rfc9110#section-5.1"
    REDUNDANT_WITH_WILDCARD "redundant-with-wildcard" Redundant Error {
        "`any` covers every header name, so another name has no effect. The one exception is `authorization` in `allow_headers`, which the wildcard does not cover."
    } "Fetch: CORS non-wildcard request-header name" @ "https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name"
    FORBIDDEN_REQUEST_HEADER "forbidden-request-header" Forbidden Error {
        "Some request headers are reserved for the browser: 21 names, and every name that starts with `sec-` or `proxy-`. A script cannot set them, so no preflight ever asks for them."
    } "Fetch: forbidden request-header" @ "https://fetch.spec.whatwg.org/#forbidden-request-header"
    CORS_RESPONSE_HEADER_IN_ALLOW_HEADERS "cors-response-header-in-allow-headers" Redundant Error {
        "The CORS response headers are set by the server, and `allow_headers` lists request headers: no request carries them."
    } "Fetch: CORS protocol HTTP responses" @ "https://fetch.spec.whatwg.org/#http-responses"
    RESPONSE_HEADER_IN_ALLOW_HEADERS "response-header-in-allow-headers" Redundant Lint {
        "The header has a meaning only in a response, and `allow_headers` lists request headers. Most likely the page wants to read it, which is what `expose_headers` is for."
    } "RFC 9110, section 10.2" @ "https://www.rfc-editor.org/rfc/rfc9110#section-10.2"
    METHOD_OVERRIDE_HEADER "method-override-header" Dangerous Lint {
        "Servers that honour such a header treat the request as if it had another method. The browser checks only the method that was sent, so the header bypasses the methods of the policy."
    } "Fetch: forbidden request-header" @ "https://fetch.spec.whatwg.org/#forbidden-request-header"
    PROXY_TRUST_HEADER "proxy-trust-header" Dangerous Lint {
        "Servers read the client's address or host from such headers and believe that a proxy wrote them. A page that may set them can forge both; Rocket reads the client address from `x-real-ip` by default."
    } "RFC 7239, section 8.1" @ "https://www.rfc-editor.org/rfc/rfc7239#section-8.1"
    PRIVATE_NETWORK_HEADER "private-network-header" Redundant Lint {
        "The header belongs to the draft Private Network Access, which browsers have replaced with a permission prompt. Only browsers ever set it, so no page asks for it."
    } "Local Network Access" @ "https://wicg.github.io/local-network-access/"
    WILDCARD_ALLOW_HEADERS_WITH_CREDENTIALS "wildcard-allow-headers-with-credentials" Dangerous Lint {
        "With credentials, browsers read the `*` in `Access-Control-Allow-Headers` literally. The server has to echo every name that a page asks for instead, including `authorization` and headers that get a meaning later."
    } "Fetch: CORS-preflight fetch" @ "https://fetch.spec.whatwg.org/#cors-preflight-fetch"

    // expose_headers.
    FORBIDDEN_RESPONSE_HEADER "forbidden-response-header" Forbidden Error {
        "Browsers never show `set-cookie` and `set-cookie2` to a script, whatever the server says."
    } "Fetch: forbidden response-header name" @ "https://fetch.spec.whatwg.org/#forbidden-response-header-name"
    CORS_REQUEST_HEADER_IN_EXPOSE_HEADERS "cors-request-header-in-expose-headers" Redundant Error {
        "`Origin` and `Access-Control-Request-*` are part of the request, and `expose_headers` lists response headers: no response carries them."
    } "Fetch: CORS protocol HTTP requests" @ "https://fetch.spec.whatwg.org/#http-requests"
    PREFLIGHT_HEADER_IN_EXPOSE_HEADERS "preflight-header-in-expose-headers" Forbidden Error {
        "These headers are part of the response to a preflight, which the browser reads itself and never shows to a page."
    } "Fetch: CORS protocol HTTP responses" @ "https://fetch.spec.whatwg.org/#http-responses"
    CORS_HEADER_IN_EXPOSE_HEADERS "cors-header-in-expose-headers" Redundant Lint {
        "The header is there, but it tells the page nothing new: a page that can read it already knows that it is allowed to."
    } "Fetch: CORS protocol HTTP responses" @ "https://fetch.spec.whatwg.org/#http-responses"
    REQUEST_HEADER_IN_EXPOSE_HEADERS "request-header-in-expose-headers" Redundant Lint {
        "The header belongs to requests, and `expose_headers` lists response headers. Most likely it was meant for `allow_headers`."
    } "RFC 9110, section 10.1" @ "https://www.rfc-editor.org/rfc/rfc9110#section-10.1"
    REDUNDANT_EXPOSED_HEADER "redundant-exposed-header" Redundant Lint {
        "Seven response headers can be read by every page that may read the response at all. Listing one of them has no effect."
    } "Fetch: CORS-safelisted response-header name" @ "https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name"
    WILDCARD_EXPOSE_HEADERS_WITH_CREDENTIALS "wildcard-expose-headers-with-credentials" Forbidden Error {
        "With credentials, browsers read the `*` in `Access-Control-Expose-Headers` literally: it exposes only a header named `*`, which does not exist."
    } "Fetch: CORS protocol HTTP new-header syntax" @ "https://fetch.spec.whatwg.org/#http-new-header-syntax"

    // max_age.
    MAX_AGE_NEGATIVE "max-age-negative" Invalid Error {
        "`Access-Control-Max-Age` is a number of seconds without a sign. Browsers would ignore a negative one and fall back to five seconds."
    } "Fetch: CORS protocol HTTP new-header syntax" @ "https://fetch.spec.whatwg.org/#http-new-header-syntax"
    MAX_AGE_TOO_LARGE "max-age-too-large" Forbidden Error {
        "Browsers limit how long they cache a preflight: Firefox to 86400 seconds, Chromium to 7200, Safari to 600. Larger values have no effect."
    } "MDN: Access-Control-Max-Age" @ "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age"
    MAX_AGE_NOT_AN_INTEGER "max-age-not-an-integer" Invalid Error {
        "`Access-Control-Max-Age` is a whole number of seconds. It is written as an integer literal, so that it can be checked at compile time."
    } "Fetch: CORS protocol HTTP new-header syntax" @ "https://fetch.spec.whatwg.org/#http-new-header-syntax"
}
