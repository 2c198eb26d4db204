//! Checks that hang or panic, and clients that go away meanwhile, concern their own requests alone.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, Call, EVIL, granted, launch, shared};
use rocket::tokio::sync::Semaphore;
use rocket::{Request, get, put, routes};

const HANGS: &str = "https://hangs.example.com";
const PANICS: &str = "https://panics.example.com";
const SLOW: &str = "https://slow.example.com";

/// How many checks are being asked.
static ASKED: AtomicUsize = AtomicUsize::new(0);
/// What the checks that hang wait for.
static ANSWERS: Semaphore = Semaphore::const_new(0);
/// How often the handler has run.
static RAN: AtomicUsize = AtomicUsize::new(0);

/// Counted until it is dropped.
struct Counted;

impl Counted {
    fn new() -> Self {
        ASKED.fetch_add(1, Ordering::SeqCst);
        Counted
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ASKED.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn unreliable(origin: &Origin<'_>, _: &Request<'_>) -> bool {
    let _counted = Counted::new();
    match origin.as_str() {
        HANGS => drop(ANSWERS.acquire().await.expect("is open")),
        PANICS => panic!("on purpose"),
        SLOW => rocket::tokio::time::sleep(Duration::from_millis(200)).await,
        _ => {}
    }
    origin.as_str() == SLOW
}

#[cross_origin(origins = ["https://app.example.com", check(unreliable)], credentials)]
#[put("/cart")]
fn cart() {
    RAN.fetch_add(1, Ordering::SeqCst);
}

#[cross_origin(origins = [check(unreliable)])]
#[get("/cart")]
fn read_cart() {}

/// Waits until that is so, for as long as a busy machine may take.
fn wait_until(is_so: impl Fn() -> bool, what: &str) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}: {} are asked", ASKED.load(Ordering::SeqCst));
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_check_that_hangs_or_panics_concerns_its_own_request() {
    let server = launch(rocket::build().mount("/", routes![cart, read_cart]));
    let open = |method: &str, more: &str| {
        let mut client = TcpStream::connect(server.address()).expect("a connection");
        write!(client, "{method} /cart HTTP/1.1\r\nHost: a.example\r\nOrigin: {HANGS}\r\n{more}\r\n").expect("is sent");
        client
    };
    // More of them than the server has threads.
    let preflight = "Access-Control-Request-Method: PUT\r\n";
    let waiting: Vec<_> = (0..30)
        .map(|number| match number % 3 {
            0 => open("PUT", ""),
            1 => open("GET", ""),
            _ => open("OPTIONS", preflight),
        })
        .collect();
    wait_until(|| ASKED.load(Ordering::SeqCst) == 30, "requests that wait");

    // Others are served meanwhile, and get what they should.
    for _ in 0..10 {
        let write = |origin: &str| Call::new("PUT", "/cart").header("Origin", origin).send(&server).status;
        assert_eq!([APP, SLOW, EVIL, PANICS].map(write), [200, 200, 403, 403]);
        assert!(granted(&server, "PUT", "/cart", SLOW) && !granted(&server, "PUT", "/cart", PANICS));
        assert!(shared(&server, "GET", "/cart", SLOW) && !shared(&server, "GET", "/cart", PANICS));
    }
    let ran = RAN.load(Ordering::SeqCst);

    // The clients go away. Rocket goes on with what they have asked for, and so with the checks; what these say then decides.
    for client in waiting {
        client.shutdown(Shutdown::Both).expect("closes");
    }
    thread::sleep(Duration::from_millis(100));
    assert_eq!(ASKED.load(Ordering::SeqCst), 30);
    ANSWERS.add_permits(30);
    wait_until(|| ASKED.load(Ordering::SeqCst) == 0, "checks that answer at last");
    assert_eq!(RAN.load(Ordering::SeqCst), ran, "the answer was no");

    // Some clients close while the check is being asked, and some when it has said yes.
    for wait in [0, 50, 100, 190, 200, 210, 300] {
        let mut client = TcpStream::connect(server.address()).expect("a connection");
        write!(client, "GET /cart HTTP/1.1\r\nHost: a.example\r\nOrigin: {SLOW}\r\nConnection: close\r\n\r\n")
            .expect("is sent");
        thread::sleep(Duration::from_millis(wait));
        client.shutdown(Shutdown::Write).expect("closes");
        let mut answer = String::new();
        let _ = client.read_to_string(&mut answer);
        // What is answered is answered in full.
        let is_shared = answer.to_ascii_lowercase().contains(&format!("access-control-allow-origin: {SLOW}"));
        assert!(answer.is_empty() || is_shared, "{answer}");
    }
    wait_until(|| ASKED.load(Ordering::SeqCst) == 0, "clients that closed");
    assert!(shared(&server, "GET", "/cart", SLOW));
}
