//! Decisions against an oracle that knows policies as their words: what is granted is what the policy names, and a preflight
//! and its request agree.
#![no_main]

use std::sync::OnceLock;

use arbitrary::Arbitrary;
use cors_runtime::{Decision, Enforce, Policy, Served};
use http::{HeaderMap, HeaderValue, Request, header};
use libfuzzer_sys::fuzz_target;

const EXACT: [&str; 4] =
    ["https://app.example.com", "http://localhost:5173", "https://app.example.com:8443", "capacitor://localhost"];
const DOMAINS: [&str; 2] = ["tenants.example.com", "example.org"];
const HEADERS: [&str; 3] = ["content-type", "x-token", "authorization"];
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"];

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Words {
    any: bool,
    exact: [bool; 4],
    domains: [bool; 2],
    credentials: bool,
    headers: [bool; 3],
    enforce: u8,
}

#[derive(Arbitrary, Debug)]
struct Asked<'a> {
    words: Words,
    method: u8,
    /// A known origin, perhaps with something before it and behind it.
    origin: Option<(u8, &'a [u8], &'a [u8])>,
    second_origin: bool,
    site: u8,
    cookie: bool,
    upgrade: bool,
    headers: [bool; 3],
}

/// The policies by [`Words::number`]. They stay for ever, so each is made once.
static POLICIES: [OnceLock<Option<Policy>>; 3 << 11] = [const { OnceLock::new() }; 3 << 11];

impl Words {
    fn policy(self) -> Option<Policy> {
        *POLICIES[self.number()].get_or_init(|| self.make())
    }

    fn number(self) -> usize {
        let [a, b, c, d] = self.exact;
        let ([e, f], [g, h, i]) = (self.domains, self.headers);
        let flags = [self.any, self.credentials, a, b, c, d, e, f, g, h, i];
        flags.iter().fold(usize::from(self.enforce % 3), |number, flag| number << 1 | usize::from(*flag))
    }

    fn make(self) -> Option<Policy> {
        let patterns = DOMAINS.map(|domain| format!("https://*.{domain}"));
        let mut builder = Policy::builder().credentials(self.credentials).enforce(self.enforces());
        if self.any {
            builder = builder.any_origin();
        }
        builder = builder.origins(chosen(&EXACT, self.exact));
        builder = builder.origins(patterns.iter().zip(self.domains).filter(|(_, is)| *is).map(|(text, _)| &**text));
        builder.allow_headers(chosen(&HEADERS, self.headers)).leak().ok()
    }

    fn enforces(self) -> Enforce {
        [Enforce::Writes, Enforce::All, Enforce::Nothing][usize::from(self.enforce % 3)]
    }

    fn names(self, origin: &[u8]) -> bool {
        let label = |label: &[u8]| {
            (1..=63).contains(&label.len())
                && label.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(byte))
        };
        let below = |domain: &str| {
            let labels = origin
                .strip_prefix(b"https://")
                .and_then(|host| host.strip_suffix(domain.as_bytes()).and_then(|labels| labels.strip_suffix(b".")));
            labels.is_some_and(|labels| {
                labels.len() + 1 + domain.len() <= 253 && labels.split(|byte| *byte == b'.').all(label)
            })
        };
        self.any
            || chosen(&EXACT, self.exact).any(|exact| exact.as_bytes() == origin)
            || chosen(&DOMAINS, self.domains).any(below)
    }
}

fn chosen<'a, const N: usize>(all: &'a [&'a str; N], which: [bool; N]) -> impl Iterator<Item = &'a str> {
    all.iter().zip(which).filter(|(_, is)| *is).map(|(text, _)| *text)
}

fn asked(method: &str, headers: HeaderMap) -> Request<()> {
    let mut request = Request::new(());
    *request.method_mut() = method.parse().expect("a method");
    *request.headers_mut() = headers;
    request
}

fn answer(request: &Request<()>, policy: &Policy) -> (Option<u16>, bool, HeaderMap) {
    let decision = Decision::new(request, |_| Served::Shared(policy));
    let mut headers = HeaderMap::new();
    decision.apply(&mut headers);
    (decision.status().map(|status| status.as_u16()), decision.refusal().is_none(), headers)
}

fuzz_target!(|asks: Asked<'_>| {
    let words = asks.words;
    let Some(policy) = words.policy() else { return };
    let method = METHODS[usize::from(asks.method) % METHODS.len()];
    let origin = asks.origin.map(|(known, before, behind)| {
        let known = match usize::from(known) % 7 {
            at @ 0..=3 => EXACT[at],
            4 => "https://a.tenants.example.com",
            5 => "https://a.b.example.org",
            _ => "null",
        };
        [before, known.as_bytes(), behind].concat()
    });
    let mut headers = HeaderMap::new();
    if let Some(origin) = &origin {
        let Ok(value) = HeaderValue::from_bytes(origin) else { return };
        headers.append(header::ORIGIN, value.clone());
        if asks.second_origin {
            headers.append(header::ORIGIN, value);
        }
    }
    if let Some(site) = ["cross-site", "same-site"].get(usize::from(asks.site) % 3) {
        headers.insert("sec-fetch-site", HeaderValue::from_static(site));
    }
    let plain = headers.clone();
    if asks.cookie {
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b"));
    }
    if asks.upgrade {
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    }
    headers.insert(header::HOST, HeaderValue::from_static("api.example.com"));

    let single = origin.as_deref().filter(|_| !asks.second_origin);
    let named = words.any || single.is_some_and(|origin| words.names(origin));
    let is_write = !matches!(method, "GET" | "HEAD");
    let enforced = match words.enforces() {
        Enforce::Writes => is_write || asks.upgrade,
        Enforce::All => true,
        Enforce::Nothing => false,
    };
    let as_user = asks.cookie && !words.credentials;

    // The request itself.
    let (status, unrefused, said) = answer(&asked(method, headers), &policy);
    let allowed = said.get("access-control-allow-origin").map(HeaderValue::as_bytes);
    match allowed {
        Some(b"*") => assert!(words.any && !words.credentials),
        Some(allowed) => assert!(!words.any && named && Some(allowed) == single),
        None => assert!(single.is_none() || !named || (enforced && as_user)),
    }
    if single.is_some() {
        assert_eq!(unrefused, named && !(enforced && as_user));
        assert_eq!(status == Some(403), enforced && !(named && !as_user), "{asks:?}");
    }
    assert_eq!(
        said.contains_key("access-control-allow-credentials"),
        allowed.is_some() && words.credentials,
        "credentials are allowed with an origin only"
    );
    assert!(words.any || said.get("vary").is_some_and(|vary| vary.as_bytes().starts_with(b"Origin")));

    // Its preflight, which browsers send without cookies, and only with an origin.
    if origin.is_none() {
        return;
    }
    let mut announced = plain;
    announced.insert(header::ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static(method));
    let asked_headers: Vec<_> = chosen(&HEADERS, asks.headers).collect();
    if !asked_headers.is_empty() {
        let value = HeaderValue::from_str(&asked_headers.join(",")).expect("a list");
        announced.insert(header::ACCESS_CONTROL_REQUEST_HEADERS, value);
    }
    let runs = status.is_none();
    let (status, granted, said) = answer(&asked("OPTIONS", announced), &policy);
    assert_eq!(status, Some(if named { 204 } else { 403 }));
    assert_eq!(said.contains_key("access-control-allow-origin"), named);
    let covered = asks.headers.iter().zip(words.headers).all(|(asked, allowed)| allowed || !asked);
    assert_eq!(granted, named && covered);
    if granted {
        assert_eq!(said["access-control-allow-methods"], method);
        assert!(as_user && enforced || (runs && unrefused), "a granted request is refused: {asks:?}");
    }
});
