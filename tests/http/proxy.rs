//! The application's own form behind a real nginx, over plain http.
//!
//! Browsers reach `http://nas.lan`, and send no `Sec-Fetch-Site` there. nginx writes the address of `proxy_pass` into
//! `Host`, unless it is told otherwise.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use cors_tests::{Call, EVIL, Nginx, Server};
use rocket::{get, post, routes};

const OWN: &str = "http://nas.lan";

#[cross_origin(none)]
#[get("/settings")]
fn read() -> &'static str {
    "the settings"
}

#[cross_origin(none)]
#[post("/settings")]
fn save() -> &'static str {
    "saved"
}

/// An application behind nginx.
struct Site {
    nginx: Nginx,
    application: Server,
    /// What the hook was told.
    refusals: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// `lines` stand beside `proxy_pass`. `None` if nginx is missing.
    fn launch(own_origins: &[&str], lines: &str) -> Option<Self> {
        let program = Nginx::find("http: tests with nginx")?;
        let refusals = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&refusals);
        let fairing = CrossOrigin::fairing().on_refusal(move |refused| {
            told.lock().expect("no panic").push(refused.to_string());
        });
        let mut figment = rocket::Config::figment();
        if !own_origins.is_empty() {
            figment = figment.merge(("cors.own_origins", own_origins));
        }
        let rocket = rocket::custom(figment).attach(fairing).mount("/", routes![read, save]);
        let application = Server::launch(rocket).expect("launches");
        let nginx = Nginx::start(&program, Nginx::free_port(), &application, lines);
        Some(Site { nginx, application, refusals })
    }

    /// The status of the form, as a browser submits it.
    fn submit(&self, host: &str, origin: &str) -> u16 {
        let call = Call::new("POST", "/settings").header("Host", host).header("Origin", origin);
        let reply =
            call.header("Content-Type", "application/x-www-form-urlencoded").body("a=1").send_to(self.address());
        assert_eq!(reply.text() == "saved", reply.status == 200, "{}", reply.head());
        reply.status
    }

    /// The status of a read: without `Origin`, as a browser sends it to the server of the page.
    fn read(&self, host: &str) -> u16 {
        let reply = Call::new("GET", "/settings").header("Host", host).send_to(self.address());
        assert_eq!(reply.text() == "the settings", reply.status == 200, "{}", reply.head());
        reply.status
    }

    fn address(&self) -> SocketAddr {
        self.nginx.address()
    }

    /// The only refusal.
    fn refusal(&self) -> String {
        let refusals = self.refusals.lock().expect("no panic");
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        refusals.concat()
    }
}

#[test]
fn without_own_origins_the_reason_says_what_was_compared() {
    let Some(site) = Site::launch(&[], "") else { return };
    assert_eq!(site.submit("nas.lan", OWN), 403);
    let refusal = site.refusal();
    let compared = format!("`Host` is `{}`", site.application.address());
    for part in ["`http://nas.lan`", &compared, "`own_origins`"] {
        assert!(refusal.contains(part), "{part}: {refusal}");
    }
}

#[test]
fn with_own_origins_the_form_works() {
    for lines in ["", "proxy_set_header Host $host;", "proxy_set_header Host $http_host;"] {
        let Some(site) = Site::launch(&[OWN], lines) else { return };
        assert_eq!(site.submit("nas.lan", OWN), 200, "{lines}");
        for other in [EVIL, "null", "https://nas.lan", "http://nas.lan:8080", "http://evil.nas.lan"] {
            assert_eq!(site.submit("nas.lan", other), 403, "{lines}: {other}");
        }
    }
}

#[test]
fn without_own_origins_the_form_works_if_nginx_passes_host_on() {
    let Some(site) = Site::launch(&[], "proxy_set_header Host $host;") else { return };
    assert_eq!(site.submit("nas.lan", OWN), 200);
    // `$host` is without the port, which `Origin` has.
    assert_eq!(site.submit("nas.lan:8080", "http://nas.lan:8080"), 403);
    assert!(site.refusal().contains("`Host` is `nas.lan`: "), "{}", site.refusal());

    let Some(site) = Site::launch(&[], "proxy_set_header Host $http_host;") else { return };
    assert_eq!(site.submit("nas.lan", OWN), 200);
    assert_eq!(site.submit("nas.lan:8080", "http://nas.lan:8080"), 200);
}

/// A page of the first name has made it point at nginx.
#[test]
fn names_are_checked_only_if_nginx_passes_host_on() {
    const REBOUND: &str = "rebound.example.test";
    let origin = format!("http://{REBOUND}");

    let Some(site) = Site::launch(&[OWN], "proxy_set_header Host $host;") else { return };
    assert_eq!((site.read(REBOUND), site.submit(REBOUND, &origin)), (403, 403));
    assert_eq!(site.read("nas.lan"), 200);

    // The application sees an IP address, whatever the browser asked for. `Origin` is left, which reads do not have.
    let Some(site) = Site::launch(&[OWN], "") else { return };
    assert_eq!((site.read(REBOUND), site.submit(REBOUND, &origin)), (200, 403));
}
