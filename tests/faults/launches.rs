//! Applications that are launched one after the other in one process, and beside each other: each has its own policies, and
//! nothing is left of those that have ended.
//!
//! `CORS_LAUNCHES=10000 cargo test --release -p cors-tests --test faults launches` launches more of them than the default.

use std::process::Command;
use std::{env, fs};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{APP, EVIL, Server};
use rocket::local::blocking::Client;
use rocket::{Build, Rocket, delete, get, put, routes};

use crate::PARTNER;

/// Set in the process that launches them: one that runs nothing else, so that what it uses can be counted.
const ALONE: &str = "CORS_FAULTS_ALONE";

#[cross_origin(origins = ["https://app.example.com", config("partners")], credentials)]
#[get("/")]
fn read() {}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[put("/")]
fn write() {}

#[delete("/")]
fn unshared() {}

/// An application whose list names this origin.
fn application(partner: &str, own: &str) -> Rocket<Build> {
    let figment = rocket::Config::figment()
        .merge(("cors.partners", [partner]))
        .merge(("cors.own_origins", [own]))
        .merge(("log_level", "off"));
    rocket::custom(figment).attach(CrossOrigin::fairing().protect_all()).mount("/", routes![read, write, unshared])
}

/// The allowed origin in the answer to this request, and its status.
fn ask(client: &Client, method: &str, origin: &'static str) -> (u16, bool) {
    let method = method.parse().expect("a method");
    let headers = [("Origin", origin), ("Host", "api.example.com"), ("Sec-Fetch-Site", "cross-site")];
    let mut request = client.req(method, "/");
    for (name, value) in headers {
        request.add_header(rocket::http::Header::new(name, value));
    }
    let response = request.dispatch();
    (response.status().code, response.headers().get_one("Access-Control-Allow-Origin") == Some(origin))
}

/// The resident memory in kilobytes, and the number of open files. `None` where the system does not tell.
fn used() -> Option<(u64, usize)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let memory = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some((memory, fs::read_dir("/proc/self/fd").ok()?.count()))
}

fn launch_and_end(number: usize) {
    // Each has other lists than the one before.
    let [named, other] = if number.is_multiple_of(2) { [PARTNER, EVIL] } else { [EVIL, PARTNER] };
    let rocket = application(named, "https://api.example.com");
    let client = Client::untracked(rocket).expect("launches");
    assert_eq!(ask(&client, "GET", named), (200, true));
    assert_eq!(ask(&client, "GET", other), (200, false));
    assert_eq!(ask(&client, "PUT", APP), (200, true));
    assert_eq!(ask(&client, "PUT", named), (403, false));
    assert_eq!(ask(&client, "DELETE", APP), (403, false));
}

#[test]
fn nothing_is_left_of_applications_that_have_ended() {
    let launches: usize = env::var("CORS_LAUNCHES").ok().and_then(|number| number.parse().ok()).unwrap_or(600);
    if env::var_os(ALONE).is_none() {
        let mut command = Command::new(env::current_exe().expect("this program"));
        command.args(["--exact", "launches::nothing_is_left_of_applications_that_have_ended", "--nocapture"]);
        let output = command.env(ALONE, "yes").output().expect("the test runs");
        let said = String::from_utf8_lossy(&output.stdout);
        println!("{said}");
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        return;
    }
    // What is kept for good is there after the first ones.
    (0..launches / 4).for_each(launch_and_end);
    let Some((memory, files)) = used() else { return println!("this system does not tell what a process uses") };
    (0..launches).for_each(launch_and_end);
    let (memory_after, files_after) = used().expect("as before");
    println!("{launches} launches: {memory} kB, then {memory_after}; {files} files, then {files_after}");
    assert!(files_after <= files, "{files} open files, then {files_after}");
    // A kilobyte that each of them leaves is seen; a heap is never quite still.
    let allowed = 256 + launches as u64 / 4;
    assert!(memory_after < memory + allowed, "{memory} kB, then {memory_after}");
}

#[test]
fn servers_beside_each_other_and_after_each_other_keep_their_own_policies() {
    for _ in 0..10 {
        let [first, second] = [PARTNER, EVIL].map(|partner| {
            // The other's own pages are not this one's.
            Server::launch(application(partner, "https://api.example.com")).expect("launches")
        });
        let get = |server: &Server, origin: &str| {
            let call = cors_tests::Call::new("GET", "/").header("Host", "api.example.com").header("Origin", origin);
            call.send(server).one("access-control-allow-origin") == Some(origin)
        };
        assert_eq!([get(&first, PARTNER), get(&first, EVIL)], [true, false]);
        assert_eq!([get(&second, PARTNER), get(&second, EVIL)], [false, true]);
        drop(first);
        assert_eq!([get(&second, PARTNER), get(&second, EVIL)], [false, true], "when the other has ended");
    }
}
