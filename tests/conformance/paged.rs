//! `rocket::testing::Page` on the local client comes to the same as a browser over HTTP: for the call of each row that a
//! script can make, the oracle of `browser.rs` goes through the steps over a socket, and the helper does in one line.

use std::collections::BTreeSet;

use cors_runtime::rocket::testing::{Outcome, Page};
use cors_tests::{Call, Reply, Server};
use rocket::local::blocking::Client;

use crate::application::{self, Adapter, MOUNTED};
use crate::browser::{self, Preflighted};
use crate::row::{self, Row, Script};

/// How many calls the rows make, each counted once, and how many of them share. By hand, so that none drops out unseen.
const CALLS: (usize, usize) = (116, 51);

/// What the oracle saw.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    shared: bool,
    ran: bool,
    /// Whether the browser did not send the request.
    stopped: bool,
}

#[test]
fn a_page_gets_what_a_browser_gives_it() {
    let server = Adapter::Rocket.launch().expect("the application launches");
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let client = Client::untracked(application::rocket().configure(figment)).expect("launches");
    let (mut calls, mut shared) = (BTreeSet::new(), 0);
    for row in &row::tables() {
        let row = Row::read(row).expect("a row");
        let Some(mounted) = MOUNTED.iter().find(|mounted| mounted.policy == row.policy) else { continue };
        let Some(script) = row.script(mounted) else { continue };
        if !calls.insert(script.clone()) {
            continue;
        }
        let expected = over_http(&script, &server, &format!("paged-{}", row.id));
        let page = Page::at(&script.origin).calling(&script.server);
        let mut call = page.call(&script.method, &script.path);
        for (name, value) in &script.headers {
            call = call.header(name, value);
        }
        if script.cookies {
            call = call.cookie(("sid", "1"));
        }
        let call = if script.credentials { call.credentials() } else { call };
        let outcome = call.send(&client);
        // Calls of the helper have no id.
        let ran = application::take_ran("");
        let (is_shared, stopped) = match &outcome {
            Outcome::Shared(_) => (true, false),
            Outcome::Refused(refused) => {
                assert_eq!(refused.handler_ran(), ran, "{}: {script:?}: {refused}", row.id);
                (false, refused.at_preflight())
            }
        };
        assert_eq!(Seen { shared: is_shared, ran, stopped }, expected, "{}: {script:?}", row.id);
        shared += usize::from(is_shared);
    }
    assert_eq!((calls.len(), shared), CALLS, "the numbers of calls");
}

/// The steps of a browser.
fn over_http(script: &Script, server: &Server, id: &str) -> Seen {
    let is_own = script.origin == script.server;
    let host = script.server.strip_prefix("https://").expect("https");
    let site = if is_own { "same-origin" } else { "cross-site" };
    let call = |method: &str| {
        let call = Call::new(method, &script.path).header("Host", host).header("Sec-Fetch-Site", site);
        if is_own && matches!(method, "GET" | "HEAD") { call } else { call.header("Origin", &script.origin) }
    };
    let names: Vec<_> = script.headers.iter().filter(|(name, value)| is_unsafe(name, value)).collect();
    let mut names: Vec<_> = names.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    let safelisted = matches!(&*script.method, "GET" | "HEAD" | "POST");
    let preflighted = !is_own && (!safelisted || !names.is_empty());
    let include = script.credentials;
    if preflighted {
        let unsafe_names = [names.join(",").into_bytes()];
        let unsafe_names = if names.is_empty() { &[][..] } else { &unsafe_names[..] };
        let mut preflight = call("OPTIONS").header("Access-Control-Request-Method", &script.method);
        for value in unsafe_names {
            preflight = preflight.header("Access-Control-Request-Headers", value);
        }
        let (origin, method) = (script.origin.as_bytes(), script.method.as_bytes());
        let asked = Preflighted { origin, method, unsafe_names, include, forced: false };
        if browser::preflight(&preflight.send(server), &asked).is_err() {
            return Seen { shared: false, ran: false, stopped: true };
        }
    }
    let mut request = call(&script.method).header(application::ID, id);
    for (name, value) in &script.headers {
        request = request.header(name, value);
    }
    if script.cookies && (include || is_own) {
        request = request.header("Cookie", "sid=1");
    }
    let reply: Reply = request.send(server);
    let shared = is_own || browser::cors_check(&reply, script.origin.as_bytes(), include).is_ok();
    Seen { shared, ran: application::take_ran(id), stopped: false }
}

/// Whether a header makes a preflight: of those that the rows have, all but these.
fn is_unsafe(name: &str, value: &str) -> bool {
    let form = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
    match name {
        "content-type" => !form.contains(&value),
        "accept" => value.contains('"'),
        _ => true,
    }
}
