//! Origins that look odd but are real, and handlers of one path with different policies.

use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, Call, EVIL, granted, launch, serve, shared};
use rocket::{Request, delete, get, put, routes};

#[cross_origin(
    origins = [
        "capacitor://localhost",
        "tauri://localhost",
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
        "moz-extension://d1e64a45-3c9f-4b2a-9d0a-6f0f6a4d7c11",
    ],
    allow(per_install_origin)
)]
#[put("/apps")]
fn apps() {}

#[test]
fn applications_and_extensions_have_origins() {
    let server = serve(routes![apps]);
    for origin in [
        "capacitor://localhost",
        "tauri://localhost",
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
        "moz-extension://d1e64a45-3c9f-4b2a-9d0a-6f0f6a4d7c11",
    ] {
        assert!(granted(&server, "PUT", "/apps", origin) && shared(&server, "PUT", "/apps", origin), "{origin}");
    }
    for origin in [
        "capacitor://",
        "http://localhost",
        "tauri://localhost:1420",
        "chrome-extension://bapocclcgogkmnckokdopfmhonfmgoek",
        "file://",
        "null",
    ] {
        assert!(!granted(&server, "PUT", "/apps", origin) && !shared(&server, "PUT", "/apps", origin), "{origin}");
    }
}

/// What web views send: the hosts are not names of the DNS.
const WEB_VIEWS: [&str; 7] =
    ["app://.", "app://", "app://-", "app://a..b", "app://a%20b", "vscode-webview://1nk6vd6q0pjl8oir9t", "file://"];

#[cross_origin(
    origins = [
        "app://.", "app://", "app://-", "app://a..b", "app://a%20b", "vscode-webview://1nk6vd6q0pjl8oir9t", "file://",
    ],
    allow(file_origin)
)]
#[put("/literals")]
fn literals() {}

#[cross_origin(origins = [config("apps")], allow(file_origin, insecure_origin_with_credentials), credentials)]
#[put("/list")]
fn list() {}

async fn is_web_view(origin: &Origin<'_>, _: &Request<'_>) -> bool {
    WEB_VIEWS.contains(&origin.as_str())
}

#[cross_origin(origins = [check(is_web_view)])]
#[put("/check")]
fn checked() {}

#[test]
fn hosts_of_apps_are_not_names_of_the_dns() {
    let config = rocket::Config::figment().merge(("cors.apps", WEB_VIEWS));
    let server = launch(rocket::custom(config).mount("/", routes![literals, list, checked]));
    for path in ["/literals", "/list", "/check"] {
        for origin in WEB_VIEWS {
            assert!(granted(&server, "PUT", path, origin) && shared(&server, "PUT", path, origin), "{path} {origin}");
        }
        for origin in ["app://..", "app://a", "app://./", "http://.", "http://", "file:///", "file://.", "App://."] {
            assert!(!granted(&server, "PUT", path, origin) && !shared(&server, "PUT", path, origin), "{path} {origin}");
        }
    }
}

#[cross_origin(origins = ["chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek"], credentials)]
#[put("/extension")]
fn extension() {}

/// The browser gives the id, so nothing has to be allowed.
#[test]
fn extensions_may_have_credentials() {
    let server = serve(routes![extension]);
    assert!(shared(&server, "PUT", "/extension", "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek"));
}

#[cross_origin(
    origins = ["http://127.0.0.1:3000", "https://[2001:db8::1]", "http://[::1]:3000", "https://xn--r8jz45g.jp"]
)]
#[put("/hosts")]
fn hosts() {}

#[test]
fn addresses_and_international_names_are_hosts() {
    let server = serve(routes![hosts]);
    for origin in ["http://127.0.0.1:3000", "https://[2001:db8::1]", "http://[::1]:3000", "https://xn--r8jz45g.jp"] {
        assert!(granted(&server, "PUT", "/hosts", origin) && shared(&server, "PUT", "/hosts", origin), "{origin}");
    }
    for origin in
        ["http://127.0.0.1", "http://[::1]", "https://[2001:db8:0::1]", "https://例え.jp", "https://r8jz45g.jp"]
    {
        assert!(!granted(&server, "PUT", "/hosts", origin) && !shared(&server, "PUT", "/hosts", origin), "{origin}");
    }
}

#[cross_origin(origins = ["http://*.example.com:*"])]
#[put("/both")]
fn both() {}

#[test]
fn a_pattern_may_leave_subdomain_and_port_open() {
    let server = serve(routes![both]);
    for origin in ["http://a.example.com", "http://a.b.example.com:8080", "http://a.example.com:65535"] {
        assert!(granted(&server, "PUT", "/both", origin) && shared(&server, "PUT", "/both", origin), "{origin}");
    }
    for origin in
        ["http://example.com:8080", "https://a.example.com", "http://a.example.com:80", "http://aexample.com:1"]
    {
        assert!(!granted(&server, "PUT", "/both", origin) && !shared(&server, "PUT", "/both", origin), "{origin}");
    }
}

#[cross_origin(origins = any)]
#[get("/item")]
fn read() -> &'static str {
    "read"
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"], max_age = 600)]
#[put("/item")]
fn replace() -> &'static str {
    "replaced"
}

#[cross_origin(origins = ["https://admin.example.com"], credentials)]
#[delete("/item")]
fn remove() -> &'static str {
    "removed"
}

/// Each has its own policy, at preflight and afterwards: nothing is united.
#[test]
fn several_handlers_of_one_path_have_policies_of_their_own() {
    const ADMIN: &str = "https://admin.example.com";
    let server = serve(routes![read, replace, remove]);
    for (method, origins) in [("GET", [APP, ADMIN, EVIL].as_slice()), ("PUT", &[APP]), ("DELETE", &[ADMIN])] {
        for origin in [APP, ADMIN, EVIL] {
            let expected = origins.contains(&origin);
            assert_eq!(granted(&server, method, "/item", origin), expected, "{method} {origin}");
            assert_eq!(shared(&server, method, "/item", origin), expected, "{method} {origin}");
        }
    }
    let ask = |method, origin| {
        let call = Call::new("OPTIONS", "/item").header("Origin", origin);
        call.header("Access-Control-Request-Method", method).send(&server)
    };
    let (put, delete) = (ask("PUT", APP), ask("DELETE", ADMIN));
    assert_eq!(
        (put.list("access-control-allow-headers"), put.one("access-control-max-age")),
        (vec!["content-type".into()], Some("600"))
    );
    assert_eq!((delete.list("access-control-allow-headers"), delete.one("access-control-max-age")), (vec![], None));
    assert_eq!(
        (put.one("access-control-allow-credentials"), delete.one("access-control-allow-credentials")),
        (None, Some("true"))
    );
}
