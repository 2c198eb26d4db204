//! What stands between is found and named, with the fix. Where nothing is wrong, nothing is found.

use cors_tests::wrong::{RIGHT, WRONG};

use crate::site::{Site, json, names};

/// More of what is wrong with proxies: what they are told besides, the name of what is found, and a part of the fix.
const MORE: [(&str, &str, &str); 28] = [
    (
        "add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Methods 'GET, PUT';",
        "allow-origin",
        "add_header",
    ),
    (
        "proxy_hide_header Access-Control-Allow-Origin; add_header Access-Control-Allow-Origin $http_origin always;",
        "allow-origin",
        "add_header",
    ),
    ("add_header Access-Control-Allow-Origin https://app.example.com always;", "allow-origin", "add_header"),
    ("add_header Access-Control-Allow-Origin https://app.example.com;", "allow-origin", "add_header"),
    (
        "proxy_hide_header Access-Control-Allow-Origin; add_header Access-Control-Allow-Origin https://other.example always;",
        "allow-origin",
        "add_header",
    ),
    ("proxy_hide_header Vary; add_header Vary Accept-Encoding always;", "vary", "proxy_hide_header Vary"),
    ("proxy_set_header Origin http://backend:8000;", "origin", "proxy_set_header Origin"),
    ("if ($uri ~ ^/api/items) { return 404; }", "route", "runs what is built here"),
    ("proxy_set_header Origin https://app.example.com;", "origin", "proxy_set_header Origin"),
    (
        "if ($request_method = OPTIONS) { add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Methods PUT; return 204; }",
        "preflights",
        "OPTIONS",
    ),
    ("if ($request_method = OPTIONS) { return 200; }", "preflights", "OPTIONS"),
    ("if ($request_method = OPTIONS) { return 444; }", "preflights", "OPTIONS"),
    ("if ($request_method = OPTIONS) { return 405; }", "preflights", "OPTIONS"),
    ("if ($request_method = OPTIONS) { return 404; }", "preflights", "OPTIONS"),
    ("limit_except GET POST { deny all; }", "preflights", "limit_except"),
    ("proxy_set_header Access-Control-Request-Method \"\";", "announced", "Access-Control-Request-Method"),
    ("proxy_set_header Access-Control-Request-Headers \"\";", "announced", "Access-Control-Request-Headers"),
    ("if ($uri = /api/status) { add_header Access-Control-Allow-Origin *; }", "unshared", "add_header"),
    (
        "set $who \"$uri $http_origin\"; if ($who = '/api/status https://app.example.com') { add_header Access-Control-Allow-Origin $http_origin; }",
        "unshared",
        "add_header",
    ),
    (
        "proxy_cache answers; proxy_cache_valid 200 1m; proxy_cache_key $uri; proxy_ignore_headers Vary;",
        "cache",
        "proxy_ignore_headers",
    ),
    ("rewrite ^(/.*)$ /api$1 break;", "prefix", "proxy_pass"),
    (
        "rewrite ^/v1(/.*)$ $1 break; if ($uri !~ ^/api) { return 404; } if ($request_uri !~ ^/v1) { return 404; }",
        "prefix",
        "proxy_pass",
    ),
    ("return 301 https://$host$request_uri;", "redirect", "final address"),
    ("if ($request_method = OPTIONS) { return 308 https://$host$request_uri; }", "redirect", "final address"),
    ("return 502;", "gateway", "runs"),
    ("return 503;", "gateway", "runs"),
    ("return 401;", "elsewhere", "check the URL"),
    ("return 200;", "elsewhere", "check the URL"),
];

#[test]
fn each_mistake_is_found() {
    let mut failures = Vec::new();
    let more = MORE.iter().map(|(lines, name, fix)| (format!("{RIGHT} {lines}"), *name, *fix));
    for (lines, expected, fix) in WRONG.iter().map(|wrong| (wrong.lines.to_owned(), wrong.name, wrong.fix)).chain(more)
    {
        let Some(site) = Site::launch(&lines, &[]) else { return };
        let output = site.probe(&["--json"]);
        let probe = json(&output);
        let is_right = names(&probe) == [expected]
            && output.status.code() == Some(1)
            && probe["findings"][0]["fix"].as_str().is_some_and(|text| text.contains(fix))
            && site.has_only_safe_requests();
        if !is_right {
            let text = String::from_utf8_lossy(&site.probe(&[]).stdout).into_owned();
            failures.push(format!("{lines}: {text}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn two_mistakes_at_once() {
    for (lines, expected) in [
        ("add_header Access-Control-Allow-Origin * always; proxy_hide_header Vary;", ["allow-origin", "vary"]),
        ("if ($request_method = OPTIONS) { return 204; } proxy_hide_header Vary;", ["preflights", "vary"]),
        ("if ($request_method = OPTIONS) { return 204; } proxy_set_header Origin '';", ["preflights", "origin"]),
        (
            "if ($request_method = OPTIONS) { return 204; } add_header Access-Control-Allow-Origin *;",
            ["preflights", "allow-origin"],
        ),
    ] {
        let Some(site) = Site::launch(&format!("{RIGHT} {lines}"), &[]) else { return };
        let probe = json(&site.probe(&["--json"]));
        assert_eq!(names(&probe), expected, "{lines}: {probe:#}");
    }
    let Some(site) = Site::launch("add_header Access-Control-Allow-Origin *;", &[]) else { return };
    let probe = json(&site.probe(&["--json"]));
    assert_eq!(names(&probe), ["allow-origin", "host"], "{probe:#}");
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    for lines in [
        "",
        "proxy_cache answers; proxy_cache_valid any 1m;",
        "add_header Vary Accept-Encoding; add_header X-Frame-Options deny;",
    ] {
        let Some(site) = Site::launch(&format!("{RIGHT} {lines}"), &[]) else { return };
        let output = site.probe(&["--json"]);
        let probe = json(&output);
        assert_eq!((names(&probe), output.status.code()), (vec![], Some(0)), "{lines}: {probe:#}");
        assert!(site.has_only_safe_requests() && site.arrived().len() > 10, "{lines}");
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
        let Some(site) = Site::launch(RIGHT, own_origins) else { return };
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
    let Some(site) = Site::launch("proxy_set_header Host api.default.svc.cluster.internal;", &["http://nas.lan"])
    else {
        return;
    };
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

/// Somebody without `Origin` was there before, and the cache knows no addresses of its own for queries.
#[test]
fn a_cache_that_somebody_has_filled() {
    let lines = format!(
        "{RIGHT} proxy_cache answers; proxy_cache_valid any 1m; proxy_cache_key $request_method$uri; proxy_ignore_headers Vary;"
    );
    let Some(site) = Site::launch(&lines, &[]) else { return };
    for path in ["/api/profile", "/api/export"] {
        assert_eq!(site.get(path), 200);
    }
    let probe = json(&site.probe(&["--json"]));
    assert_eq!(names(&probe), ["cache"], "{probe:#}");
}
