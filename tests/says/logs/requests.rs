//! The log says about a refusal what happened, and requests cannot fill it.

use std::sync::Mutex;

use cors_runtime::{Effect, Origin, cross_origin, rocket::CrossOrigin};
use rocket::fairing::AdHoc;
use rocket::http::Header;
use rocket::local::blocking::Client;
use rocket::{Request, get, options, routes};

use crate::{APP, EVIL, put_elsewhere, quiet, read, recorded, rocket};

#[cross_origin(origins = ["https://app.example.com"])]
struct Pages;

#[get("/one")]
fn one() {}

/// No handler runs and nothing is turned away where a catcher answers.
#[test]
fn what_is_said_of_a_fallback_is_what_happened() {
    static EFFECTS: Mutex<Vec<Effect>> = Mutex::new(Vec::new());
    let lines = recorded(|| {
        let cors = CrossOrigin::fairing().fallback("/", Pages);
        let cors = cors.on_refusal(|event| EFFECTS.lock().expect("no panic").push(event.effect));
        let client = Client::untracked(rocket().attach(cors).mount("/", routes![one])).expect("launches");
        for (path, status) in [("/nowhere", 404), ("/one", 404)] {
            let response = client.post(path).header(Header::new(EVIL.0, EVIL.1)).dispatch();
            assert_eq!(response.status().code, status, "{path}");
        }
    });
    assert_eq!(*EFFECTS.lock().expect("no panic"), [Effect::NotShared; 2]);
    let said = lines.iter().filter(|line| line.starts_with("INFO: CORS: not shared: ")).count();
    assert_eq!(said, 2, "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("turned away")), "{lines:#?}");
}

#[cross_origin(origins = ["https://app.example.com"], allow(policy_on_options_route))]
#[options("/options")]
fn shared_options() {}

/// The browser refuses what an annotated OPTIONS handler answers to a preflight, and the log says so.
#[test]
fn a_preflight_that_an_annotated_handler_answers_is_refused() {
    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes![shared_options]);
        let client = Client::untracked(rocket).expect("launches");
        let request = client.options("/options").header(Header::new(APP.0, APP.1));
        drop(request.header(Header::new("Access-Control-Request-Method", "PUT")).dispatch());
    });
    let said: Vec<_> = lines.iter().filter(|line| line.contains("CORS: ")).collect();
    let expected =
        "INFO: CORS: preflight refused: no handler here serves the method `PUT` [OPTIONS /options, shared_options]";
    assert_eq!(said, [expected]);
}

#[cross_origin(none)]
#[get("/nobody")]
fn for_nobody() {}

/// To add the origin to a list would be no help here.
#[test]
fn nobody_is_called_nobody() {
    static KINDS: Mutex<Vec<&str>> = Mutex::new(Vec::new());
    let lines = recorded(|| {
        let cors = CrossOrigin::fairing();
        let cors = cors.on_refusal(|event| KINDS.lock().expect("no panic").push(event.refusal.kind()));
        let client = Client::untracked(rocket().attach(cors).mount("/", routes![for_nobody])).expect("launches");
        client.get("/nobody").header(Header::new(EVIL.0, EVIL.1)).dispatch();
    });
    let said: Vec<_> = lines.iter().filter(|line| line.contains("CORS: ")).collect();
    let expected = "INFO: CORS: not shared: this handler is shared with nobody (`none`): the origin is \
                    `https://evil.example.net` [GET /nobody, for_nobody, shared with nobody]";
    assert_eq!(said, [expected]);
    assert_eq!(*KINDS.lock().expect("no panic"), ["nobody"]);
}

/// Once for each header and route, not for each request.
#[test]
fn headers_of_another_fairing_are_named_once() {
    let lines = recorded(|| {
        let other = AdHoc::on_response("Other", |_, response| {
            Box::pin(async move {
                response.set_header(Header::new("Access-Control-Allow-Origin", "*"));
                response.set_header(Header::new("Access-Control-Max-Age", "1"));
            })
        });
        let rocket = rocket().attach(CrossOrigin::fairing()).attach(other).mount("/", routes![read, quiet]);
        let client = Client::untracked(rocket).expect("launches");
        for _ in 0..3 {
            for path in ["/read", "/quiet", "/nowhere", "/nowhere/else"] {
                drop(client.get(path).header(Header::new(APP.0, APP.1)).dispatch());
            }
        }
    });
    let named: Vec<_> = lines.iter().filter(|line| line.starts_with("WARN: CORS: replacing")).collect();
    assert_eq!(named.len(), 6, "{named:#?}");
    assert_eq!(
        named.iter().filter(|line| line.contains("`Access-Control-Max-Age` on the responses of GET /read")).count(),
        1
    );
    assert_eq!(named.iter().filter(|line| line.contains("what no route serves")).count(), 2, "{named:#?}");
}

async fn panics(_: &Origin<'_>, _: &Request<'_>) -> bool {
    panic!("on purpose")
}

#[cross_origin(origins = [check(panics)])]
#[get("/panicking")]
fn panicking() {}

/// What a request makes a check do is as bounded in the log as what it is refused for.
#[test]
fn a_check_that_panics_leaves_a_bounded_log() {
    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes![panicking]);
        let client = Client::untracked(rocket).expect("launches");
        for index in 0..500 {
            let host = "a.".repeat(100);
            let origin = format!("https://{host}h{index}.example.net");
            let response = client.get("/panicking").header(Header::new("Origin", origin)).dispatch();
            assert!(!response.headers().contains("Access-Control-Allow-Origin"));
        }
        client.terminate();
    });
    let about: Vec<_> = lines.iter().filter(|line| line.contains("CORS: the check `panics` panicked")).collect();
    assert!(about.len() == 11 && about.iter().all(|line| line.len() < 200), "{about:#?}");
    assert_eq!(*about[10], "ERROR: CORS: the check `panics` panicked 490 more times");
}

/// Whatever fills the log otherwise, requests that were turned away are named in it.
#[test]
fn a_flood_of_other_refusals_does_not_hide_what_was_turned_away() {
    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes![read, put_elsewhere]);
        let client = Client::untracked(rocket).expect("launches");
        for index in 0..80 {
            for _ in 0..11 {
                let origin = Header::new("Origin", format!("https://h{index}.example.net"));
                drop(client.get("/read").header(origin).dispatch());
            }
        }
        drop(client.put("/elsewhere").header(Header::new("Origin", "https://the-real-attack.example")).dispatch());
    });
    let named = lines.iter().filter(|line| line.contains("turned away") && line.contains("the-real-attack"));
    assert_eq!(named.count(), 1);
}
