//! DNS rebinding: a page of an attacker makes its own name point at the application.
//!
//! The page comes from the attacker's server. Then its name gets the address of the application, and the browser takes
//! the application for the server of the page: what the page asks there is not cross-origin. Both addresses are this
//! machine's, so a door at the one port of the name leads to the one server first, and then to the other; the browser
//! sees what it sees if a name server answers with another address. Only the name in `Host` gives the attacker away.
//!
//! Chromium refuses the calls of such a page by itself (Local Network Access) if its first address is public. Here both
//! are loopback addresses, so that does not take part.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{Call, Server};
use rocket::fairing::AdHoc;
use rocket::http::ContentType;
use rocket::tokio::io::copy_bidirectional;
use rocket::tokio::net::{TcpListener, TcpStream};
use rocket::tokio::runtime::{Builder, Runtime};
use rocket::{Config, State, get, post, routes};

use crate::engines::Installed;
use crate::stage::{File, wait_for_report};

/// The name of the attacker's page.
const NAME: &str = "rebound.example.test";

/// Goes through the attack on an application without own origins, and on one with them.
///
/// # Panics
/// It fails on the first, or succeeds on the second.
pub fn attack(installed: &Installed) -> String {
    let (told, heads) = attacked(installed, None);
    assert_eq!(told, ["GET /secret: 200 the secret", "GET /unannotated: 200 the secret", "POST /secret: 200 written"]);
    // A page of the application sends nothing else, so without a list of names nobody can tell.
    assert_eq!(heads, ["GET /secret", "GET /unannotated", "POST /secret with its origin"]);

    let (told, heads_then) = attacked(installed, Some("https://app.example.com"));
    assert_eq!(told, ["GET /secret: 403", "GET /unannotated: 403", "POST /secret: 403"]);
    assert_eq!(heads_then, heads);
    "a page that rebound its name read and wrote without own origins, and got 403 with them,".to_owned()
}

/// What the page could do, and what the application saw of it.
fn attacked(installed: &Installed, own: Option<&str>) -> (Vec<String>, Vec<String>) {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let application = Server::launch(application(own, &seen)).unwrap_or_else(|refused| panic!("{refused}"));
    let (sender, reports) = mpsc::channel();
    let name = Name::default();
    let attacker = Attacker { name: Arc::clone(&name), target: application.address(), reports: Mutex::new(sender) };
    // The browser has to open another connection for the next request, as it has to for another address.
    let figment = Config::figment().merge(("keep_alive", 0));
    let attacker = rocket::custom(figment).manage(attacker).mount("/", routes![page, rebind, report]);
    let attacker = Server::launch(attacker).unwrap_or_else(|refused| panic!("{refused}"));
    set(&name, attacker.address());
    let door = Door::open(&name);

    let mut browser = installed.open_by_name(NAME, &format!("http://{NAME}:{}/", door.port));
    let seen_so_far = || format!("the application saw {:?}", seen.lock().unwrap_or_else(PoisonError::into_inner));
    let report = wait_for_report(&reports, &mut browser, seen_so_far);
    drop(browser);
    // Whoever knows the application by one of its names is served.
    assert_eq!(Call::new("GET", "/secret").send(&application).text(), "the secret");

    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let host = format!("{NAME}:{}", door.port);
    let by_name = seen.iter().filter_map(|head| head.strip_suffix(&format!(" at {host}")));
    let heads = by_name.map(|head| head.replace(&format!("http://{host}"), "its origin")).collect();
    (report.lines().map(str::to_owned).collect(), heads)
}

/// What the attacker is after. Pages of other origins may not read it, but for one. It is there without a login, since
/// the page has no cookies of the application: they belong to another name.
#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[get("/secret")]
fn read() -> &'static str {
    "the secret"
}

#[get("/unannotated")]
fn read_unannotated() -> &'static str {
    "the secret"
}

#[cross_origin(none)]
#[post("/secret")]
fn write() -> &'static str {
    "written"
}

fn application(own: Option<&str>, seen: &Arc<Mutex<Vec<String>>>) -> rocket::Rocket<rocket::Build> {
    let seen = Arc::clone(seen);
    let notes = AdHoc::on_request("Notes", move |request, _| {
        let header = |name| request.headers().get_one(name);
        let origin = header("Origin").map(|origin| format!(" with {origin}")).unwrap_or_default();
        let site = header("Sec-Fetch-Site").map(|site| format!(" from {site}")).unwrap_or_default();
        let host = header("Host").unwrap_or_default();
        let head = format!("{} {}{origin}{site} at {host}", request.method(), request.uri().path());
        // Browsers ask for it by themselves.
        if request.uri().path() != "/favicon.ico" {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(head);
        }
        Box::pin(async {})
    });
    let fairing = CrossOrigin::fairing().own_origins(own);
    rocket::build().attach(notes).attach(fairing).mount("/", routes![read, read_unannotated, write])
}

/// The address that the attacker's name has.
type Name = Arc<Mutex<Option<SocketAddr>>>;

struct Attacker {
    name: Name,
    target: SocketAddr,
    reports: Mutex<Sender<String>>,
}

#[get("/")]
fn page() -> File {
    (ContentType::HTML, include_str!("page/rebinding.html"))
}

/// Gives the name the address of the application, and says where to report. That is another address of the attacker's.
#[post("/rebind")]
fn rebind(attacker: &State<Attacker>, config: &Config) -> String {
    set(&attacker.name, attacker.target);
    format!("http://localhost:{}/report", config.port)
}

#[post("/report", data = "<told>")]
fn report(told: String, attacker: &State<Attacker>) {
    // Nobody waits any longer where the test has failed.
    let _ = attacker.reports.lock().unwrap_or_else(PoisonError::into_inner).send(told);
}

fn set(name: &Name, address: SocketAddr) {
    *name.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
}

/// Passes connections on to the address that a name has.
struct Door {
    port: u16,
    /// Its tasks end with it.
    _runtime: Runtime,
}

impl Door {
    fn open(name: &Name) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_io().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let name = Arc::clone(name);
        runtime.spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                rocket::tokio::spawn(pass_on(browser, Arc::clone(&name)));
            }
        });
        Door { port, _runtime: runtime }
    }
}

async fn pass_on(mut browser: TcpStream, name: Name) {
    // Browsers open connections in advance. One that nothing was sent on yet is not one to the old address.
    let _ = browser.peek(&mut [0]).await;
    let address = *name.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(address) = address else { return };
    if let Ok(mut server) = TcpStream::connect(address).await {
        // Either may close at any time.
        let _ = copy_bidirectional(&mut browser, &mut server).await;
    }
}
