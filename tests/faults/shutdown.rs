//! An application that ends with requests under way: what is answered is answered as always.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, EVIL, launch};
use rocket::{Request, Shutdown, get, post, routes};

use crate::PARTNER;

/// How many requests are under way.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

async fn rest() {
    UNDER_WAY.fetch_add(1, Ordering::SeqCst);
    rocket::tokio::time::sleep(Duration::from_millis(400)).await;
}

async fn slow(origin: &Origin<'_>, _: &Request<'_>) -> bool {
    rest().await;
    origin.as_str() == PARTNER
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/slow")]
async fn slow_read() {
    rest().await;
}

#[cross_origin(origins = [check(slow)])]
#[post("/checked")]
fn checked() {}

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/end")]
fn end(shutdown: Shutdown) {
    shutdown.notify();
}

/// The status of an answer, the origin that it allows, and whether it varies by `Origin`: nothing if there was no answer.
type Answer = (String, String, bool);

#[test]
fn requests_under_way_are_answered_as_always() {
    let expected = |status: &str, origin: &str| (status.to_owned(), origin.to_owned(), true);
    let expected = [
        expected("200", APP),
        expected("200", ""),
        expected("200", PARTNER),
        expected("403", ""),
        expected("204", PARTNER),
    ];
    // Rocket cuts them off if they are not answered in time, or if the end comes between two steps of its own server. Then
    // there is no answer: never another one.
    let all_answered = (0..10).any(|_| {
        let answers = end_with_requests_under_way();
        for (answer, expected) in answers.iter().zip(&expected) {
            assert!(answer == expected || *answer == Answer::default(), "{answer:?} is not {expected:?}");
        }
        answers == expected
    });
    assert!(all_answered, "some were cut off each time");
}

/// The answers to five requests that have begun when an application is told to end.
fn end_with_requests_under_way() -> [Answer; 5] {
    let server = launch(rocket::build().mount("/", routes![slow_read, checked, end]));
    let send = |line: &str, headers: &str| {
        let mut client = TcpStream::connect(server.address()).expect("a connection");
        write!(client, "{line} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n{headers}\r\n").expect("is sent");
        client
    };
    let answer = |mut client: TcpStream| {
        client.set_read_timeout(Some(Duration::from_secs(20))).expect("a time");
        let mut answer = String::new();
        if client.read_to_string(&mut answer).is_err() {
            return Answer::default();
        }
        let allowed = answer.lines().find_map(|line| line.strip_prefix("access-control-allow-origin: "));
        (
            answer.get(9..12).unwrap_or_default().to_owned(),
            allowed.unwrap_or_default().to_owned(),
            answer.contains("vary: Origin"),
        )
    };
    let with = |origin: &str| format!("Origin: {origin}\r\nContent-Length: 0\r\n");
    let preflight = format!("Origin: {PARTNER}\r\nAccess-Control-Request-Method: POST\r\n");
    let begun = UNDER_WAY.load(Ordering::SeqCst);
    let waiting = [
        send("GET /slow", &with(APP)),
        send("GET /slow", &with(EVIL)),
        send("POST /checked", &with(PARTNER)),
        send("POST /checked", &with(EVIL)),
        send("OPTIONS /checked", &preflight),
    ];
    let start = Instant::now();
    while UNDER_WAY.load(Ordering::SeqCst) < begun + waiting.len() {
        assert!(start.elapsed() < Duration::from_secs(20), "not all have begun");
        thread::sleep(Duration::from_millis(5));
    }
    let ended = answer(send("POST /end", &with(APP)));
    assert!(ended == ("200".to_owned(), APP.to_owned(), true) || ended == Answer::default(), "{ended:?}");
    let answers = waiting.map(answer);
    // It has ended: nobody listens any more.
    let start = Instant::now();
    while TcpStream::connect(server.address()).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(20), "it has not ended");
        thread::sleep(Duration::from_millis(20));
    }
    answers
}
