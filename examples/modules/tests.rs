//! The example does what its documentation says.

use rocket::http::{ContentType, Header, Status};
use rocket::local::blocking::{Client, LocalRequest, LocalResponse};
use rocket::uri;

const APP: &str = "https://app.example.com";
const SUPPORT: &str = "https://support.example.com";
const PARTNER: &str = "https://partner.example.org";
const OTHER: &str = "https://other.example.net";

fn client() -> Client {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    Client::untracked(crate::rocket().configure(figment)).expect("launches")
}

/// The answer to a request that a page of this origin sends.
fn send<'c>(request: LocalRequest<'c>, origin: &'static str) -> LocalResponse<'c> {
    request.header(Header::new("Origin", origin)).dispatch()
}

/// Who may read the answer, and whether that includes requests with cookies.
fn shared<'r>(response: &'r LocalResponse<'_>) -> (Option<&'r str>, bool) {
    let header = |name| response.headers().get_one(name);
    (header("Access-Control-Allow-Origin"), header("Access-Control-Allow-Credentials") == Some("true"))
}

/// What a preflight says: the headers that it allows, or none where it is refused.
fn preflight(client: &Client, method: &'static str, path: &'static str, origin: &'static str) -> Option<String> {
    let response = send(client.options(path).header(Header::new("Access-Control-Request-Method", method)), origin);
    let header = |name| response.headers().get_one(name);
    assert_eq!(response.status() == Status::NoContent, header("Access-Control-Allow-Methods") == Some(method));
    header("Access-Control-Allow-Methods")?;
    Some(header("Access-Control-Allow-Headers").unwrap_or_default().to_owned())
}

#[test]
fn everybody_may_read_articles() {
    let client = client();
    for (path, status) in [("/api/articles", Status::Ok), ("/api/articles/2", Status::Ok)] {
        let response = send(client.get(path), OTHER);
        assert_eq!((response.status(), shared(&response)), (status, (Some("*"), false)), "{path}");
    }
    let missing = send(client.get("/api/articles/3"), OTHER);
    assert_eq!((missing.status(), shared(&missing)), (Status::NotFound, (Some("*"), false)), "the handler's own 404");
}

#[test]
fn the_application_may_use_the_account() {
    let client = client();
    let profile = send(client.get("/api/profile").cookie(("name", "Ada")), APP);
    assert_eq!(shared(&profile), (Some(APP), true));
    assert_eq!(profile.into_string().as_deref(), Some("Ada\n"));
    assert_eq!(shared(&send(client.get("/api/profile"), OTHER)), (None, false));

    assert_eq!(preflight(&client, "PUT", "/api/profile", APP).as_deref(), Some("content-type"));
    assert_eq!(preflight(&client, "PUT", "/api/profile", OTHER), None);
    let rename = |origin| send(client.put("/api/profile").header(ContentType::JSON).body(r#""Ada""#), origin).status();
    assert_eq!((rename(APP), rename(OTHER)), (Status::Ok, Status::Forbidden));
}

#[test]
fn inherit_adds_a_header() {
    let client = client();
    assert_eq!(preflight(&client, "DELETE", "/api/profile", APP).as_deref(), Some("content-type, x-reason"));
    assert_eq!(shared(&send(client.delete("/api/profile"), APP)), (Some(APP), true));
}

#[test]
fn none_is_shared_with_nobody() {
    let client = client();
    let sessions = send(client.get("/api/sessions"), APP);
    assert_eq!((sessions.status(), shared(&sessions)), (Status::Ok, (None, false)), "the browser keeps it");
    assert_eq!(preflight(&client, "GET", "/api/sessions", APP), None);
}

#[test]
fn a_nested_policy_replaces_the_one_around() {
    let client = client();
    assert_eq!(shared(&send(client.get("/api/tickets/7"), SUPPORT)), (Some(SUPPORT), false));
    assert_eq!(shared(&send(client.get("/api/tickets/7"), APP)), (None, false));
    assert_eq!(preflight(&client, "GET", "/api/tickets/7", SUPPORT).as_deref(), Some(""));
}

#[test]
fn a_named_policy_is_used_in_another_module() {
    let client = client();
    assert_eq!(preflight(&client, "GET", "/partners/feed", PARTNER).as_deref(), Some("authorization"));
    assert_eq!(preflight(&client, "GET", "/partners/feed", APP), None);
    let feed = |token| {
        let request = client.get("/partners/feed").header(Header::new("Authorization", token));
        let response = send(request, PARTNER);
        assert_eq!(shared(&response), (Some(PARTNER), false), "the 401 too");
        response.status()
    };
    assert_eq!((feed("Bearer open-sesame"), feed("Bearer guess")), (Status::Ok, Status::Unauthorized));
}

#[test]
fn a_named_policy_covers_files() {
    let client = client();
    for (path, status) in [("/assets/badge.svg", Status::Ok), ("/assets/missing.svg", Status::NotFound)] {
        let response = send(client.get(path), PARTNER);
        assert_eq!((response.status(), shared(&response)), (status, (Some(PARTNER), false)), "{path}");
        assert_eq!(shared(&send(client.get(path), OTHER)), (None, false), "{path}");
    }
    assert_eq!(preflight(&client, "GET", "/assets/badge.svg", PARTNER).as_deref(), Some("authorization"));
}

#[test]
fn the_application_may_read_that_there_is_nothing() {
    let client = client();
    for path in ["/api/nowhere", "/api"] {
        let response = send(client.get(path), APP);
        assert_eq!((response.status(), shared(&response)), (Status::NotFound, (Some(APP), true)), "{path}");
        assert_eq!(shared(&send(client.get(path), OTHER)), (None, false), "{path}");
        assert_eq!(preflight(&client, "GET", path, APP), None, "{path}");
    }
    assert_eq!(shared(&send(client.get("/nowhere"), APP)), (None, false), "not below the base");
}

#[test]
fn uris_are_built_as_without_the_attribute() {
    assert_eq!(uri!("/api", crate::account::support::ticket(7)).to_string(), "/api/tickets/7");
}
