//! What is asked, over which transport, and what is printed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use cors_tests::Nginx;
use cors_tests::wrong::RIGHT;

use crate::site::{Site, json, names, probe};

fn methods(site: &Site) -> Vec<String> {
    let arrived = site.arrived();
    let mut methods: Vec<_> =
        arrived.iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    methods.sort();
    methods.dedup();
    methods
}

#[test]
fn writes_are_sent_only_if_they_are_asked_for() {
    let Some(site) = Site::launch(RIGHT, &[]) else { return };
    let probe = json(&site.probe(&["--json"]));
    assert_eq!(methods(&site), ["GET", "OPTIONS"]);
    let notes = probe["notes"].to_string();
    assert!(notes.contains("of 3 routes that write only preflights were sent"), "{probe:#}");
    assert!(notes.contains("2 routes without a policy that write or take values were not asked"), "{probe:#}");
    let arrived = site.arrived();
    assert!(!arrived.iter().any(|line| line.contains("/api/logs") || line.contains("/api/webhook")), "{arrived:?}");

    let probe = json(&site.probe(&["--json", "--writes"]));
    assert_eq!(names(&probe), [""; 0], "{probe:#}");
    assert_eq!(methods(&site), ["DELETE", "GET", "OPTIONS", "POST"]);
}

#[test]
fn one_request() {
    let Some(site) = Site::launch(RIGHT, &[]) else { return };
    let probe = json(&site.probe(&["GET", "/api/items/7", "--json"]));
    assert_eq!(names(&probe), [""; 0], "{probe:#}");
    assert!(site.arrived().iter().all(|line| line.ends_with(" /api/items/7")), "{:?}", site.arrived());
    let exchanges = probe["exchanges"].as_array().expect("a list");
    assert_eq!(exchanges.len(), 5);
    // An origin that a pattern names, another, and none.
    let origins: Vec<_> = exchanges[2..].iter().map(|exchange| exchange["sent"]["headers"][0][1].as_str()).collect();
    assert_eq!(origins, [Some("https://cors-probe.example.com"), Some("https://probe.invalid"), None]);
    assert_eq!(exchanges[2]["arrived"]["status"], 200);
    assert!(probe["notes"].to_string().contains("whether `Host` arrives"), "{probe:#}");

    let probe = json(&site.probe(&["GET", "/api/items/7", "--origin=https://a.example", "--json"]));
    assert_eq!(names(&probe), [""; 0], "{probe:#}");
    assert_eq!(probe["exchanges"][0]["sent"]["headers"][0][1], "https://a.example");
}

/// Only the check of the policy knows the answers.
#[test]
fn nothing_that_can_be_compared_is_a_failure() {
    let Some(site) = Site::launch(RIGHT, &[]) else { return };
    let output = site.probe(&["DELETE", "/api/tenants"]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("nothing can be compared: `check(is_tenant)` would decide"), "{text}");
}

/// Also where the application has no policy.
#[test]
fn one_request_that_a_proxy_shares() {
    let lines = "add_header Access-Control-Allow-Origin https://app.example.com;";
    let Some(site) = Site::launch(&format!("{RIGHT} {lines}"), &[]) else { return };
    let probe = json(&site.probe(&["GET", "/api/logs/7", "--json"]));
    assert_eq!(names(&probe), ["unshared"], "{probe:#}");
    let Some(site) = Site::launch(RIGHT, &[]) else { return };
    let probe = json(&site.probe(&["GET", "/api/logs/7", "--json"]));
    assert_eq!(names(&probe), [""; 0], "{probe:#}");
}

/// The proxy takes the prefix away, as the URL says.
#[test]
fn a_url_with_a_prefix() {
    let Some(site) = Site::launch(&format!("{RIGHT} rewrite ^/public(/.*)$ $1 break;"), &[]) else { return };
    let probe = json(&site.probe_at(&format!("{}/public/", site.url()), &["--json"]));
    assert_eq!(names(&probe), [""; 0], "{probe:#}");

    let Some(site) = Site::launch(RIGHT, &[]) else { return };
    let probe = json(&site.probe_at(&format!("{}/public", site.url()), &["--json"]));
    assert_eq!(names(&probe), ["prefix"], "{probe:#}");
    let detail = probe["findings"][0]["detail"].to_string();
    assert!(detail.contains("nothing takes `/public` away") && detail.contains("/api/export"), "{detail}");
}

#[test]
fn the_text_for_people() {
    let Some(site) = Site::launch(RIGHT, &[]) else { return };
    let output = site.probe(&[]);
    let text = String::from_utf8_lossy(&output.stdout);
    let conclusion = format!("equal: 40 answers of {} are what the application says\n", site.url());
    assert!(text.ends_with(&conclusion), "{text}");
    assert!(!text.contains("differs:"), "{text}");

    let Some(site) = Site::launch(&format!("{RIGHT} rewrite ^/api(/.*)$ $1 break;"), &[]) else { return };
    let output = site.probe(&[]);
    let text = String::from_utf8_lossy(&output.stdout);
    let url = site.url();
    let detail = format!(
        "  something takes `/api` away from paths: the application does not answer at {url}/api/export, but at {url}/api/api/export\n"
    );
    assert!(
        text.starts_with("differs: the application's paths have another prefix here\n") && text.contains(&detail),
        "{text}"
    );
}

#[test]
fn what_cannot_be_asked_is_a_failure() {
    let closed = format!("http://127.0.0.1:{}", Nginx::free_port());
    for (arguments, message) in [
        (&[][..], "needs a URL"),
        (&["nas.lan"], "`nas.lan` is not a URL"),
        (&["http://nas.lan", "GET"], "needs a path"),
        (&["http://nas.lan", "--credentials"], "only for `explain`"),
        (&[&*closed], "no answer to OPTIONS"),
    ] {
        let output = probe(arguments, &[]);
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(message), "{arguments:?}: {text}");
    }
}

/// A certificate for the loopback interface, which only this test trusts.
struct Certificate(PathBuf);

impl Certificate {
    /// `None`, with a line that says so, if `openssl` is missing.
    fn new() -> Option<Self> {
        let folder = env::temp_dir().join(format!("cors-probe-{}", process::id()));
        fs::create_dir(&folder).expect("a folder of its own");
        let certificate = Certificate(folder);
        let mut command = Command::new("openssl");
        command.args("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=probe".split(' '));
        for extension in ["subjectAltName=IP:127.0.0.1", "basicConstraints=critical,CA:FALSE"] {
            command.args(["-addext", extension]);
        }
        command.arg("-keyout").arg(certificate.path("key.pem")).arg("-out").arg(certificate.path("certificate.pem"));
        match command.output() {
            Ok(output) if output.status.success() => Some(certificate),
            failed => {
                assert!(env::var_os("CORS_NGINX").is_none(), "no certificate: {failed:?}");
                eprintln!("cargo-cors: the test with TLS was LEFT OUT: openssl makes no certificate");
                None
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

#[test]
fn over_tls() {
    let Some(certificate) = Certificate::new() else { return };
    let port = Nginx::free_port();
    let (public, private) = (certificate.path("certificate.pem"), certificate.path("key.pem"));
    let server = format!(
        "listen 127.0.0.1:{port} ssl; ssl_certificate {}; ssl_certificate_key {};",
        shown(&public),
        shown(&private)
    );
    let Some(site) = Site::launch_server(&server, RIGHT, &[]) else { return };
    let url = format!("https://127.0.0.1:{port}");

    let output = site.probe_at(&url, &[]);
    assert_eq!(output.status.code(), Some(2), "nobody else trusts it");
    assert!(site.arrived().is_empty());

    let mut command = site.command_at(&url, &["--json"]);
    let probe = json(&command.env("SSL_CERT_FILE", &public).output().expect("cargo-cors starts"));
    assert_eq!((names(&probe), site.arrived().is_empty()), (vec![], false), "{probe:#}");
}
