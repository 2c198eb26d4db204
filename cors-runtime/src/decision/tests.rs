//! What no server shows: that deciding allocates nothing, returns the policy's own bytes, and panics on none.

use super::{ActualAnswer, Name};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::request::{CorsRequest, is_write};

const APP: &[u8] = b"https://app.example.com";
const EVIL: &[u8] = b"https://evil.example.net";

/// A request with these values of `Origin`, and these of `Access-Control-Request-Headers`.
fn request<'r>(origins: &[&'r [u8]], names: &[&'r [u8]]) -> CorsRequest<'r> {
    let mut request = CorsRequest::new("PUT", None);
    for origin in origins {
        request.read("Origin", origin);
    }
    for names in names {
        request.read("Access-Control-Request-Headers", names);
    }
    request
}

fn nobody(_: &str) -> bool {
    false
}

fn full() -> Policy {
    let origins = ["https://app.example.com", "https://other.example.com", "https://*.example.org"];
    let policy = Policy::builder().origins(origins).credentials(true).allow_headers(["Content-Type", "x-token"]);
    policy.expose_headers(["X-Total"]).leak().expect("a valid policy")
}

fn allow_origin<'r>(answer: &ActualAnswer<'r>) -> Option<&'r str> {
    answer.lines().find(|(name, _)| *name == Name::AllowOrigin).map(|(_, value)| value)
}

#[test]
fn what_is_returned_is_the_policys_own() {
    let (policy, sent) = (full(), APP.to_vec());
    let answer = policy.actual(&request(&[&sent], &[]), None, nobody);
    let origin = allow_origin(&answer).expect("the origin is named");
    assert!(!std::ptr::eq(origin.as_bytes(), sent.as_slice()), "the bytes are those of the request");
}

/// How often the closure allocates.
fn allocations<T>(decide: impl FnOnce() -> T) -> u64 {
    allocation_counter::measure(|| drop(decide())).count_total
}

#[test]
fn deciding_allocates_nothing() {
    assert_eq!(allocations(|| vec![1]), 1, "the counter counts");
    let any = Policy::builder().any_origin().allow_any_header().leak().expect("a valid policy");
    let echo = Policy::builder().origins(["https://app.example.com"]).credentials(true).allow_any_header();
    let echo = echo.allow(["wildcard_allow_headers_with_credentials"]).leak().expect("a valid policy");
    let many = b"x-a,".repeat(100_000);
    let long = [b"https://", &b"a.".repeat(100_000)[..], b"example.org"].concat();
    let commas = vec![b','; 100_000];
    let origins: [&[u8]; 8] =
        [APP, EVIL, b"https://a.b.example.org", b"null", b"", b"\xff\xfe", &long, b"https://app.example.com:443"];
    let names: [&[u8]; 8] =
        [b"", b"x-token", b"x-other, x-token", &many, &commas, b"\xff", b"authorization", b" , \t,"];
    for policy in [full(), any, echo] {
        for origin in origins {
            for names in names {
                let request = request(&[origin], &[names, names]);
                let lines = || policy.preflight(&request, "PUT", nobody).map(|answer| answer.lines(&request).count());
                assert_eq!(allocations(lines), 0);
                assert_eq!(allocations(|| policy.actual(&request, None, nobody).lines().count()), 0);
            }
        }
        for origins in [&[][..], &[APP, EVIL]] {
            assert_eq!(allocations(|| policy.actual(&request(origins, &[]), None, nobody).lines().count()), 0);
        }
    }
}

/// No panic on any bytes, and a grant only to bytes that are listed.
#[test]
fn no_bytes_make_it_panic() {
    let policy = Policy::builder().origins(["https://app.example.com"]).leak().expect("a valid policy");
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..200_000 {
        let mut origin = APP.to_vec();
        for _ in 0..random() % 3 {
            let at = usize::try_from(random()).unwrap_or(0) % (origin.len() + 1);
            let byte = random().to_le_bytes()[0];
            match random() % 3 {
                0 => origin.insert(at, byte),
                1 if at < origin.len() => origin[at] = byte,
                _ => origin.truncate(at),
            }
        }
        let request = request(&[&origin], &[&origin]);
        let answer = policy.preflight(&request, "PUT", nobody);
        assert_eq!(answer.is_ok(), origin == APP, "{}", origin.escape_ascii());
        if let Ok(answer) = answer {
            assert!(answer.lines(&request).all(|(name, _)| name != Name::AllowHeaders));
            assert!(matches!(answer.refusal, Some(Refusal::Header(_))));
        }
    }
}

/// A text that is longer than any origin is not looked at: neither patterns nor lists and checks are asked about it.
#[test]
fn a_long_origin_is_not_an_origin() {
    let patterns: Vec<_> = (0..200).map(|i| format!("https://*.t{i}.example.com")).collect();
    let policy = Policy::builder().origins(patterns.iter().map(String::as_str)).leak().expect("a valid policy");
    let long = format!("https://{}t7.example.com", "a.".repeat(200_000));
    let asked = |_: &str| unreachable!("a list or a check was asked");
    let start = std::time::Instant::now();
    for _ in 0..1_000 {
        let answer = policy.actual(&request(&[long.as_bytes()], &[]), None, asked);
        assert!(matches!(answer.refusal.map(Refusal::refined), Some(Refusal::MalformedOrigin(_))));
    }
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
    for (scheme, known) in [("a".repeat(64), true), ("a".repeat(65), false)] {
        assert_eq!(crate::Origin::parse(format!("{scheme}://b").as_bytes()).is_some(), known);
    }
}

/// An adapter may answer after the first look, without the rest of the request.
#[test]
fn the_rest_of_a_request_matters_only_if_the_first_look_says_so() {
    let one = Policy::builder().origins(["https://app.example.com"]).leak().expect("a valid policy");
    let any = Policy::builder().any_origin().allow_any_header().leak().expect("a valid policy");
    let rest: [(&str, &[u8]); 7] = [
        ("Host", b"app.example.com"),
        ("Sec-Fetch-Site", b"same-origin"),
        ("Sec-Fetch-Site", b"cross-site"),
        ("Cookie", b"session=1"),
        ("Authorization", b"Basic YTpi"),
        ("Access-Control-Request-Method", b"PUT"),
        ("Upgrade", b"websocket"),
    ];
    let origins: [&[&[u8]]; 5] = [&[], &[APP], &[EVIL], &[APP, APP], &[b"https://a.example.org"]];
    let mut judged = 0;
    for policy in [full(), one, any] {
        for method in ["GET", "HEAD", "OPTIONS", "PUT"] {
            for origins in origins {
                for bits in 0..1_u32 << rest.len() {
                    let mut request = CorsRequest::new(method, None);
                    for origin in origins {
                        request.read("Origin", origin);
                    }
                    let chosen = rest.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
                    chosen.for_each(|(_, (name, value))| request.read(name, value));
                    let answer = policy.actual(&request, None, nobody);
                    let enforced = policy.enforces(is_write(method), || request.upgrade);
                    match policy.by_origin(request.origin, nobody) {
                        Ok(origin) if !enforced => {
                            assert_eq!(answer.refusal, None, "{method} {origins:?} {bits:b}");
                            assert!(
                                answer.lines().eq(policy.shared(origin, false).lines()),
                                "{method} {origins:?} {bits:b}"
                            );
                        }
                        by_origin => {
                            let again = policy.judged(&request, None, enforced, by_origin);
                            assert_eq!((&answer.refusal, answer.forbidden), (&again.refusal, again.forbidden));
                            assert!(answer.lines().eq(again.lines()), "{method} {origins:?} {bits:b}");
                            judged += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(judged > 1000, "{judged}");
}
