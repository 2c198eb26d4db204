//! What is accepted as an origin is its own serialisation, by the crate `url`; and a pattern matches only origins.
#![no_main]

use cors_rules::{Declared, Element, Origins, Pattern, Scope, Unread, check};
use libfuzzer_sys::fuzz_target;
use url::Url;

/// The schemes whose origins `url` can serialise. Those of other schemes are opaque there.
const WEB: [&str; 2] = ["http", "https"];

const LINTS: [&str; 7] = [
    "unknown_scheme",
    "file_origin",
    "per_install_origin",
    "trailing_dot_host",
    "ipv4_mapped_ipv6",
    "public_suffix_wildcard",
    "wildcard_over_public_suffix",
];

fuzz_target!(|input: &[u8]| {
    let (written, value) = match input.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, input),
    };
    if let Some(origin) = Pattern::of_origin(value) {
        assert_eq!(origin.to_string().as_bytes(), value, "an origin that is not what was read");
        is_serialised(value);
    }
    let Ok(text) = std::str::from_utf8(written) else { return };
    let declared = Declared {
        origins: Some(vec![Element::Text(text)]),
        // Lints are about what is dangerous, and this is about what is an origin.
        allow: LINTS.to_vec(),
        // So that nothing is said of those that find nothing, which costs more than all the rest.
        unread: Unread::Something,
        ..Declared::default()
    };
    let checked = check(&declared, Scope::default());
    let Origins::Listed { exact, patterns } = checked.policy.release else {
        panic!("text that names every origin: {text:?}");
    };
    for origin in exact {
        assert_eq!(origin, text, "the constant is what was written");
        is_serialised(origin.as_bytes());
        assert!(Pattern::of_origin(origin.as_bytes()).is_some(), "no request can have the origin {origin:?}");
    }
    for pattern in patterns {
        assert!(!pattern.is_exact());
        if pattern.matches(value) {
            let origin = Pattern::of_origin(value).expect("what matches is an origin");
            assert_eq!(origin.scheme, pattern.scheme);
            assert!(origin.host == pattern.host || origin.host.ends_with(&format!(".{}", pattern.host)));
        }
    }
});

fn is_serialised(origin: &[u8]) {
    let origin = std::str::from_utf8(origin).expect("an origin is text");
    let scheme = origin.split_once("://").expect("a scheme").0;
    if WEB.contains(&scheme) {
        let url = match Url::parse(origin) {
            Ok(url) => url,
            // The rules decode Punycode, and have no tables of Unicode to tell what may be written in it.
            Err(_) if origin.contains("xn--") => return,
            Err(error) => panic!("{origin:?} is not a URL: {error}"),
        };
        assert_eq!(url.origin().ascii_serialization(), origin);
    }
}
