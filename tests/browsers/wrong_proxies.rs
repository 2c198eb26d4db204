//! Pages call an application behind nginx with the mistakes that `cargo cors probe` knows: a browser has to notice each
//! mistake that it finds, and no other.
//!
//! Two pages, whose origins the policy names, and one of the application itself make calls. Over plain http, browsers send
//! no `Sec-Fetch-Site`, so that the application's own page is known by `Host`.

use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, PoisonError};

use cargo_cors::probe::{Selection, Server as Probed};
use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::wrong::{RIGHT, WRONG};
use cors_tests::{Nginx, Server};
use rocket::http::{ContentType, Header};
use rocket::local::blocking::Client;
use rocket::shield::{Frame, Shield};
use rocket::{Build, Config, Responder, Rocket, State, get, post, put, routes};

use crate::engines::Installed;
use crate::stage::{File, wait_for_report};

/// The name that browsers know all servers by.
const NAME: &str = "nas.lan";

/// What a browser may keep. It keeps it for all pages, unless `Vary` says that the answer is for one.
#[derive(Responder)]
struct Kept(&'static str, Header<'static>);

#[cross_origin(origins = [config("pages")])]
#[get("/read")]
fn read() -> Kept {
    Kept("text", Header::new("Cache-Control", "max-age=60"))
}

#[cross_origin(origins = [config("pages")])]
#[put("/write")]
fn write() {}

#[cross_origin(none)]
#[post("/save")]
fn save() {}

/// What the probe sees `Host` by.
#[cross_origin(origins = [config("pages")], enforce)]
#[get("/export")]
fn export() {}

/// The application's own page.
#[get("/own")]
fn own() -> File {
    (
        ContentType::HTML,
        "<!doctype html><script>
        fetch('/api/save', { method: 'POST' }).then(answer => parent.postMessage(answer.ok ? 'wrote' : 'refused', '*'))
        </script>",
    )
}

fn application(pages: &[String]) -> Rocket<Build> {
    let figment = Config::figment().merge(("cors.pages", pages)).merge(("log_level", "off"));
    let shield = Shield::default().disable::<Frame>();
    let rocket = rocket::custom(figment).attach(CrossOrigin::fairing()).attach(shield);
    rocket.mount("/api", routes![read, write, save, export, own])
}

/// The first page. It shows the others in frames, of which one may be missing.
#[get("/?<api>&<second>")]
fn first(api: &str, second: &str) -> (ContentType, String) {
    let script = format!(
        "const frame = url => new Promise(done => {{
            const frame = document.createElement('iframe');
            onmessage = event => done(event.data);
            setTimeout(done, 4000, 'nothing');
            frame.src = url;
            document.body.append(frame);
        }});
        const ask = (url, options, word) => fetch(url, options).then(answer => answer.ok ? word : 'refused', () => 'nothing');
        (async () => {{
            const found = [
                await ask('{api}/api/read', {{}}, 'read'),
                await ask('{api}/api/write', {{ method: 'PUT' }}, 'wrote'),
                await frame('{second}/second?api={api}'),
                await frame('{api}/api/own'),
            ];
            fetch('/report', {{ method: 'POST', body: found.join(', ') }});
        }})();"
    );
    (ContentType::HTML, format!("<!doctype html><body><script>{script}</script>"))
}

#[get("/second?<api>")]
fn second(api: &str) -> (ContentType, String) {
    let script = format!(
        "fetch('{api}/api/read').then(() => parent.postMessage('read', '*'), () => parent.postMessage('nothing', '*'))"
    );
    (ContentType::HTML, format!("<!doctype html><script>{script}</script>"))
}

#[post("/report", data = "<found>")]
fn report(found: String, reports: &State<Mutex<Sender<String>>>) {
    // Nobody waits any longer where the test has failed.
    let _ = reports.lock().unwrap_or_else(PoisonError::into_inner).send(found);
}

/// Opens the pages with each mistake, and without one.
///
/// # Panics
/// The browser notices something else than what the probe finds.
pub fn visit(installed: &Installed) -> String {
    let Some(program) = Nginx::find("browsers: wrong proxies") else { return "nothing behind nginx".to_owned() };
    let right = ("", RIGHT);
    for (name, lines) in WRONG.iter().map(|wrong| (wrong.name, wrong.lines)).chain([right]) {
        let (sender, reports) = mpsc::channel::<String>();
        let pages =
            || rocket::build().attach(Shield::default().disable::<Frame>()).mount("/", routes![first, second, report]);
        let pages = [pages().manage(Mutex::new(sender.clone())), pages().manage(Mutex::new(sender))];
        let pages = pages.map(|page| Server::launch(page).unwrap_or_else(|refused| panic!("{refused}")));
        let origins = pages.each_ref().map(|page| format!("http://{NAME}:{}", page.port()));
        let server = Server::launch(application(&origins)).unwrap_or_else(|refused| panic!("{refused}"));
        let nginx = Nginx::start(&program, Nginx::free_port(), &server, lines);
        let api = format!("http://{NAME}:{}", nginx.address().port());

        let found = probe(&format!("http://{}", nginx.address()), application(&origins));
        assert_eq!(found.first().map_or("", |found| found), name, "{found:?}");
        let url = format!("{}/?api={api}&second={}", origins[0], origins[1]);
        let mut browser = installed.open_by_name(NAME, &url);
        let noticed = wait_for_report(&reports, &mut browser, || format!("nginx has {lines}"));
        assert_eq!(noticed, expected(name), "{name}");
    }
    "the seven mistakes of proxies as the probe finds them".to_owned()
}

/// What comes of the first page's read and write, of the second page's read, and of a write of the application's own page.
fn expected(name: &str) -> &'static str {
    match name {
        "allow-origin" | "origin" => "nothing, nothing, nothing, wrote",
        "vary" | "cache" => "read, wrote, nothing, wrote",
        "preflights" => "read, nothing, read, wrote",
        "host" => "read, wrote, read, refused",
        "prefix" => "nothing, nothing, nothing, nothing",
        _ => "read, wrote, read, wrote",
    }
}

/// The names of what the probe finds.
fn probe(url: &str, application: Rocket<Build>) -> Vec<String> {
    let client = Client::untracked(application).expect("launches");
    let report = CrossOrigin::report(client.rocket());
    let ask = |questions: &[_]| {
        let answers = questions.iter().map(|question| CrossOrigin::explain(client.rocket(), question));
        answers.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())
    };
    let probe = Probed::at(url).and_then(|server| server.probe(&report, &Selection::default(), ask));
    let probe = serde_json::to_value(probe.expect("answers")).expect("JSON");
    let findings = probe["findings"].as_array().expect("a list");
    findings.iter().map(|finding| finding["name"].as_str().expect("a name").to_owned()).collect()
}
