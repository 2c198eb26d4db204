//! Which headers a preflight is granted, and for which origin.

use cors_runtime::cross_origin;
use cors_runtime::tower::CrossOriginLayer;
use http::StatusCode;

use crate::support::{APP, PARTNER, call, request, router};

#[cross_origin(origins = ["https://app.example.com", "https://partner.example.net"], allow_headers = ["x-token"])]
struct Listed;

#[cross_origin(origins = ["https://app.example.com"], allow_headers = any)]
struct Any;

#[cross_origin(origins = ["https://app.example.com"], allow_headers = [any, "authorization"])]
struct AnyAndAuthorization;

#[cross_origin(
    origins = ["https://app.example.com"], credentials, allow_headers = any, allow(wildcard_allow_headers_with_credentials)
)]
struct AnyWithCredentials;

#[cross_origin(origins = any)]
struct Public;

/// The status, the origin that is allowed, and the headers that are.
type Expected = (StatusCode, Option<&'static str>, Option<&'static str>);

/// Asks for PUT with these lines of names, where axum tells the methods and where they were told.
fn asked(layer: &CrossOriginLayer, origin: &str, names: &[&str], expected: Expected) {
    let mut headers = vec![format!("origin: {origin}"), "access-control-request-method: PUT".to_owned()];
    headers.extend(names.iter().map(|names| format!("access-control-request-headers: {names}")));
    let headers: Vec<_> = headers.iter().map(String::as_str).collect();
    let told = layer.clone().methods_unasked([http::Method::PUT]);
    for layer in [layer, &told] {
        let said = call(layer.around(router()), request("OPTIONS", "/item", &headers));
        let granted = (said.status, said.allowed(), said.header("access-control-allow-headers"));
        assert_eq!(granted, expected, "{origin} {names:?}");
        assert_eq!(said.header("access-control-allow-methods"), Some("PUT"), "{names:?}");
        // What the answer was made of has not changed.
        let usual = call(layer.around(router()), request("OPTIONS", "/item", &headers[..2]));
        assert_eq!((usual.status, usual.header("access-control-allow-methods")), (StatusCode::NO_CONTENT, Some("PUT")));
    }
}

#[test]
fn a_list_is_sent_whatever_is_asked_for() {
    for origin in [APP, PARTNER] {
        let origin: &'static str = origin;
        for names in [&[][..], &["x-token"], &["X-Token"], &["x-other"], &["x-token, x-other"]] {
            asked(&Listed.layer(), origin, names, (StatusCode::NO_CONTENT, Some(origin), Some("x-token")));
        }
    }
    asked(&Public.layer(), APP, &["x-token"], (StatusCode::NO_CONTENT, Some("*"), None));
}

#[test]
fn the_star_does_not_cover_authorization() {
    let ok = StatusCode::NO_CONTENT;
    asked(&Any.layer(), APP, &["x-token"], (ok, Some(APP), Some("*")));
    for names in [&["authorization"][..], &["Authorization,x-token"], &["x-token", "authorization"]] {
        asked(&Any.layer(), APP, names, (ok, Some(APP), None));
        asked(&AnyAndAuthorization.layer(), APP, names, (ok, Some(APP), Some("*, authorization")));
    }
}

#[test]
fn with_credentials_the_names_are_repeated() {
    let layer = AnyWithCredentials.layer();
    let ok = StatusCode::NO_CONTENT;
    asked(&layer, APP, &[], (ok, Some(APP), None));
    asked(&layer, APP, &["authorization,x-token"], (ok, Some(APP), Some("authorization,x-token")));
    asked(&layer, APP, &["x token"], (ok, Some(APP), None));
}
