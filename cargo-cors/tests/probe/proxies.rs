//! What stands between is found and named, with the fix. Where nothing is wrong, nothing is found.

use std::env;
use std::net::SocketAddr;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use cors_tests::{Nginx, Server};
use rocket::fairing::AdHoc;
use serde_json::Value;

use crate::application;

/// The application behind nginx, and what arrives at it.
struct Site {
    nginx: Nginx,
    _application: Server,
    arrived: Arc<Mutex<Vec<String>>>,
    own_origins: &'static [&'static str],
}

impl Site {
    fn launch(lines: &str, own_origins: &'static [&'static str]) -> Option<Self> {
        let program = Nginx::find("cargo-cors: tests with nginx")?;
        let arrived = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&arrived);
        let journal = AdHoc::on_request("Journal", move |request, _| {
            seen.lock().expect("no panic").push(format!("{} {}", request.method(), request.uri().path()));
            Box::pin(async {})
        });
        let mut rocket = application::rocket();
        if !own_origins.is_empty() {
            let figment = rocket.figment().clone().merge(("cors.own_origins", own_origins));
            rocket = rocket.configure(figment);
        }
        let application = Server::launch(rocket.attach(journal)).expect("launches");
        let nginx = Nginx::start(&program, Nginx::free_port(), &application, lines);
        Some(Site { nginx, _application: application, arrived, own_origins })
    }

    fn probe(&self, arguments: &[&str]) -> Output {
        probe(&[&[&*url(self.nginx.address())], arguments].concat(), self.own_origins)
    }

    /// Whether something has arrived, and no request that writes.
    fn has_only_safe_requests(&self) -> bool {
        let arrived = self.arrived.lock().expect("no panic");
        arrived.iter().all(|line| ["GET ", "HEAD ", "OPTIONS "].iter().any(|method| line.starts_with(method)))
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn probe(arguments: &[&str], own_origins: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-cors"));
    command.args(["cors", "probe"]).args(arguments).args(["--package=cargo-cors", "--example=probed", "--timeout=300"]);
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    // What cargo has set for the test is not for the application: build scripts would run again for it.
    for (name, _) in env::vars_os() {
        let is_of_package = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        if name.to_str().is_some_and(is_of_package) {
            command.env_remove(name);
        }
    }
    // The machine's own proxy has no place between the two.
    command.env("NO_PROXY", "*");
    if !own_origins.is_empty() {
        command.env("ROCKET_CORS", format!("{{own_origins={own_origins:?}}}"));
    }
    command.output().expect("cargo-cors starts")
}

#[track_caller]
fn json(output: &Output) -> Value {
    let errors = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {errors}"))
}

fn names(probe: &Value) -> Vec<&str> {
    let findings = probe["findings"].as_array().expect("a list");
    findings.iter().map(|finding| finding["name"].as_str().expect("a name")).collect()
}

/// nginx writes another `Host`, unless it is told not to.
const HOST: &str = "proxy_set_header Host $http_host;";

/// What is wrong with a proxy: what it is told, the name of what is found, and a part of the fix.
const WRONG: [(&str, &str, &str); 24] = [
    ("add_header Access-Control-Allow-Origin * always;", "allow-origin", "add_header"),
    ("add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Methods 'GET, PUT';", "allow-origin", "add_header"),
    (
        "proxy_hide_header Access-Control-Allow-Origin; add_header Access-Control-Allow-Origin $http_origin always;",
        "allow-origin",
        "add_header",
    ),
    ("proxy_hide_header Vary;", "vary", "proxy_hide_header Vary"),
    ("proxy_set_header Origin \"\";", "origin", "proxy_set_header Origin"),
    ("proxy_set_header Origin https://app.example.com;", "origin", "proxy_set_header Origin"),
    ("if ($request_method = OPTIONS) { return 204; }", "preflights", "OPTIONS"),
    (
        "if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Methods PUT; return 204; }",
        "preflights",
        "OPTIONS",
    ),
    ("if ($request_method = OPTIONS) { return 200; }", "preflights", "OPTIONS"),
    ("if ($request_method = OPTIONS) { return 405; }", "preflights", "OPTIONS"),
    ("if ($request_method = OPTIONS) { return 404; }", "preflights", "OPTIONS"),
    ("limit_except GET POST { deny all; }", "preflights", "limit_except"),
    ("proxy_set_header Access-Control-Request-Method \"\";", "announced", "Access-Control-Request-Method"),
    ("proxy_cache answers; proxy_cache_valid any 1m; proxy_ignore_headers Vary;", "cache", "proxy_ignore_headers"),
    (
        "proxy_cache answers; proxy_cache_valid 200 1m; proxy_cache_key $uri; proxy_ignore_headers Vary;",
        "cache",
        "proxy_ignore_headers",
    ),
    ("rewrite ^/api(/.*)$ $1 break;", "prefix", "proxy_pass"),
    ("rewrite ^(/.*)$ /api$1 break;", "prefix", "proxy_pass"),
    ("rewrite ^/v1(/.*)$ $1 break; if ($uri !~ ^/api) { return 404; } if ($request_uri !~ ^/v1) { return 404; }", "prefix", "proxy_pass"),
    ("return 301 https://$host$request_uri;", "redirect", "final address"),
    ("if ($request_method = OPTIONS) { return 308 https://$host$request_uri; }", "redirect", "final address"),
    ("return 502;", "gateway", "runs"),
    ("return 503;", "gateway", "runs"),
    ("return 401;", "elsewhere", "check the URL"),
    ("return 200;", "elsewhere", "check the URL"),
];

#[test]
fn each_mistake_is_found() {
    let mut failures = String::new();
    for (lines, expected, fix) in WRONG {
        let Some(site) = Site::launch(&format!("{HOST} {lines}"), &[]) else { return };
        let output = site.probe(&["--json"]);
        let probe = json(&output);
        let is_right = names(&probe) == [expected]
            && output.status.code() == Some(1)
            && probe["findings"][0]["fix"].as_str().is_some_and(|text| text.contains(fix))
            && site.has_only_safe_requests();
        if !is_right {
            failures += &format!("{lines}: {}", String::from_utf8_lossy(&site.probe(&[]).stdout));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    for lines in [
        "",
        "proxy_cache answers; proxy_cache_valid any 1m;",
        "add_header Vary Accept-Encoding; add_header X-Frame-Options deny;",
    ] {
        let Some(site) = Site::launch(&format!("{HOST} {lines}"), &[]) else { return };
        let output = site.probe(&["--json"]);
        let probe = json(&output);
        assert_eq!((names(&probe), output.status.code()), (vec![], Some(0)), "{lines}: {probe:#}");
        assert!(site.has_only_safe_requests(), "{lines}");
    }
}

/// An application with origins of its own refuses other names; one without knows its own pages by `Host`.
#[test]
fn a_host_that_is_written_anew() {
    for own_origins in [&[][..], &["http://nas.lan"]] {
        for lines in ["", "proxy_set_header Host backend;", "proxy_set_header Host 10.0.0.1:8000;"] {
            let Some(site) = Site::launch(lines, own_origins) else { return };
            let output = site.probe(&["--json"]);
            let probe = json(&output);
            let found = (names(&probe), output.status.code());
            assert_eq!(found, (vec!["host"], Some(1)), "{own_origins:?} {lines}: {probe:#}");
            assert!(site.has_only_safe_requests(), "{lines}");
        }
        let Some(site) = Site::launch(HOST, own_origins) else { return };
        let probe = json(&site.probe(&["--json"]));
        assert_eq!(names(&probe), [""; 0], "{own_origins:?}: {probe:#}");
    }
}

/// It loses the port, which own origins do not need.
#[test]
fn a_host_without_its_port() {
    for (own_origins, expected) in [(&[][..], &["host"][..]), (&["http://nas.lan"], &[])] {
        let Some(site) = Site::launch("proxy_set_header Host $host;", own_origins) else { return };
        let probe = json(&site.probe(&["--json"]));
        assert_eq!(names(&probe), expected, "{own_origins:?}: {probe:#}");
    }
}

/// The name of another machine, as Kubernetes has them, is not the application's.
#[test]
fn a_host_that_the_application_refuses() {
    let Some(site) = Site::launch("proxy_set_header Host api.default.svc.cluster.internal;", &["http://nas.lan"]) else { return };
    let probe = json(&site.probe(&["--json"]));
    assert_eq!(names(&probe), ["name"], "{probe:#}");
}

/// nginx refuses other names itself. That protects as well, and nothing else is seen.
#[test]
fn a_proxy_that_knows_the_names() {
    let lines = "if ($host = probe.invalid) { return 421; } proxy_set_header Host $http_host;";
    let Some(site) = Site::launch(lines, &["http://nas.lan"]) else { return };
    let probe = json(&site.probe(&["--json"]));
    assert_eq!(names(&probe), [""; 0], "{probe:#}");
    assert!(probe["notes"].to_string().contains("421"), "{probe:#}");
}
