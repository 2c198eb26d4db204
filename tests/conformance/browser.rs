//! What a browser makes of an answer: the steps of the [Fetch standard](https://fetch.spec.whatwg.org/), in its words.
//!
//! `cors-runtime/src/browser.rs` does the same for `cargo cors explain` and for tests of applications. This is a second
//! implementation on purpose: the oracle of these tests was written from the standard alone and shares no code with what
//! it judges, so one mistake cannot be made on both sides. Keep it independent: call nothing of the library or of
//! `cargo-cors` here.

use cors_tests::Reply;

/// Whether a browser goes on, and otherwise why it does not.
pub(crate) type Passed = Result<(), &'static str>;

/// The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) for a request with this origin, whose credentials
/// mode is `include` or is not.
pub(crate) fn cors_check(reply: &Reply, origin: &[u8], include: bool) -> Passed {
    // 1. and 2. Several lines are one value, joined by a comma, which is not an origin.
    let Some(allowed) = get(reply, "access-control-allow-origin") else {
        return Err("there is no Access-Control-Allow-Origin");
    };
    // 3.
    if !include && allowed == b"*" {
        return Ok(());
    }
    // 4.
    if allowed != origin {
        return Err("Access-Control-Allow-Origin is another origin");
    }
    // 5. to 7.
    if !include || get(reply, "access-control-allow-credentials").as_deref() == Some(b"true") {
        return Ok(());
    }
    Err("Access-Control-Allow-Credentials is not `true`")
}

/// A request that needs a preflight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Preflighted<'a> {
    pub(crate) origin: &'a [u8],
    pub(crate) method: &'a [u8],
    /// The values of `Access-Control-Request-Headers`: the request's CORS-unsafe header names.
    pub(crate) unsafe_names: &'a [Vec<u8>],
    /// Whether the credentials mode is `include`.
    pub(crate) include: bool,
    /// The use-CORS-preflight flag: set where a page listens to the progress of an upload.
    pub(crate) forced: bool,
}

/// The [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) from step 7, where the answer is there.
pub(crate) fn preflight(reply: &Reply, request: &Preflighted<'_>) -> Passed {
    // 7.
    cors_check(reply, request.origin, request.include)?;
    if !(200..300).contains(&reply.status) {
        return Err("the status is not an ok status");
    }
    // 7.1 to 7.3
    let methods = list(reply, "access-control-allow-methods")?;
    let names = list(reply, "access-control-allow-headers")?.unwrap_or_default();
    // 7.4
    let methods = match methods {
        None if request.forced => vec![request.method.to_vec()],
        methods => methods.unwrap_or_default(),
    };
    // 7.5 Methods are compared byte by byte.
    let star = |list: &[Vec<u8>]| !request.include && list.iter().any(|element| element == b"*");
    let safelisted = matches!(request.method, b"GET" | b"HEAD" | b"POST");
    if !methods.iter().any(|method| method == request.method) && !safelisted && !star(&methods) {
        return Err("the method is not in Access-Control-Allow-Methods");
    }
    // 7.6 and 7.7
    for name in request.unsafe_names.iter().flat_map(|value| elements(value)) {
        let listed = names.iter().any(|allowed| allowed.eq_ignore_ascii_case(name));
        if !listed && name.eq_ignore_ascii_case(b"authorization") {
            return Err("`authorization` is not in Access-Control-Allow-Headers, and `*` does not cover it");
        }
        if !listed && !star(&names) {
            return Err("a header is not in Access-Control-Allow-Headers");
        }
    }
    Ok(())
}

/// [Get](https://fetch.spec.whatwg.org/#concept-header-list-get) a header: its lines, joined.
fn get(reply: &Reply, name: &str) -> Option<Vec<u8>> {
    let lines = reply.all(name);
    if lines.is_empty() { None } else { Some(lines.join(b", ".as_slice())) }
}

/// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) of a list of tokens.
fn list(reply: &Reply, name: &str) -> Result<Option<Vec<Vec<u8>>>, &'static str> {
    let Some(value) = get(reply, name) else {
        return Ok(None);
    };
    let found: Vec<_> = elements(&value).map(<[u8]>::to_vec).collect();
    if found.iter().all(|element| element.iter().copied().all(is_token_byte)) {
        Ok(Some(found))
    } else {
        Err("a list in the answer does not parse")
    }
}

/// The elements of a comma-separated list, the empty ones left out.
fn elements(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|element| !element.is_empty())
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &[u8] = b"https://rabbit.invalid";

    fn reply(headers: &[(&str, &str)]) -> Reply {
        let line = |(name, value): &(&str, &str)| (format!("access-control-allow-{name}"), value.as_bytes().to_vec());
        Reply { status: 204, headers: headers.iter().map(line).collect(), body: Vec::new() }
    }

    /// The table of <https://fetch.spec.whatwg.org/#cors-protocol-and-credentials>.
    #[test]
    fn the_examples_of_the_standard() {
        let shared = |include, origin, credentials: Option<&str>| {
            let mut headers = vec![("origin", origin)];
            headers.extend(credentials.map(|value| ("credentials", value)));
            cors_check(&reply(&headers), ORIGIN, include).is_ok()
        };
        assert!(shared(false, "*", None));
        assert!(shared(false, "*", Some("true")));
        assert!(!shared(false, "https://rabbit.invalid/", None));
        assert!(shared(false, "https://rabbit.invalid", None));
        assert!(!shared(true, "*", Some("true")));
        assert!(shared(true, "https://rabbit.invalid", Some("true")));
        assert!(!shared(true, "https://rabbit.invalid", Some("True")));
        assert!(!shared(true, "https://rabbit.invalid", None));
    }

    #[test]
    fn two_lines_are_no_origin() {
        let twice = reply(&[("origin", "https://rabbit.invalid"), ("origin", "https://rabbit.invalid")]);
        assert!(cors_check(&twice, ORIGIN, false).is_err());
        assert!(cors_check(&reply(&[]), ORIGIN, false).is_err());
    }

    fn passes(headers: &[(&str, &str)], method: &str, names: &str, include: bool, forced: bool) -> bool {
        let unsafe_names = [names.as_bytes().to_vec()];
        let method = method.as_bytes();
        let request = Preflighted { origin: ORIGIN, method, unsafe_names: &unsafe_names, include, forced };
        let mut all = vec![("origin", "https://rabbit.invalid"), ("credentials", "true")];
        all.extend(headers);
        preflight(&reply(&all), &request).is_ok()
    }

    #[test]
    fn methods() {
        assert!(passes(&[], "POST", "", true, false));
        assert!(!passes(&[], "PUT", "", true, false));
        assert!(passes(&[], "PUT", "", true, true));
        assert!(passes(&[("methods", "GET,PUT")], "PUT", "", true, false));
        assert!(!passes(&[("methods", "GET,PUT")], "put", "", true, true));
        assert!(!passes(&[("methods", "*")], "PUT", "", true, false));
        assert!(passes(&[("methods", "*")], "PUT", "", false, false));
        assert!(!passes(&[("methods", "PUT POST")], "PUT", "", false, false));
    }

    #[test]
    fn names() {
        assert!(passes(&[("headers", "x-a"), ("headers", "X-B")], "GET", "x-a,x-b", true, false));
        assert!(!passes(&[("headers", "x-a")], "GET", "x-a,x-b", true, false));
        assert!(passes(&[("headers", "*")], "GET", "x-a", false, false));
        assert!(!passes(&[("headers", "*")], "GET", "x-a", true, false));
        assert!(!passes(&[("headers", "*")], "GET", "authorization", false, false));
        assert!(passes(&[("headers", "*, Authorization")], "GET", "authorization,x-a", false, false));
        assert!(!passes(&[("headers", "x-a, x b")], "GET", "x-a", false, false));
    }

    #[test]
    fn an_ok_status() {
        let mut refused = reply(&[("origin", "https://rabbit.invalid")]);
        refused.status = 403;
        let request = Preflighted { origin: ORIGIN, method: b"GET", unsafe_names: &[], include: false, forced: false };
        assert!(preflight(&refused, &request).is_err());
    }
}
