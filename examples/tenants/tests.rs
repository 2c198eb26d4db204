//! The example does what its documentation says.

use std::sync::atomic::{AtomicUsize, Ordering};

use cors_runtime::{Origin, cross_origin};
use rocket::http::{ContentType, Header, Status};
use rocket::local::asynchronous::{Client, LocalRequest, LocalResponse};
use rocket::{Request, put, routes};

use crate::directory::Directory;

const ACME: &str = "https://acme.example.com";
const GLOBEX: &str = "https://shop.globex.example";
const OTHERS: [&str; 8] = [
    "https://other.example.net",
    "https://example.com",
    "http://acme.example.com",
    "https://acme.example.com:8443",
    "https://www.acme.example.com",
    "https://evilacme.example.com",
    "https://acme.example.com.evil.example",
    "null",
];

async fn client() -> Client {
    let rocket = crate::rocket().mount("/", routes![counted]);
    let figment = rocket.figment().clone().merge(("admin_token", "token")).merge(("log_level", "off"));
    Client::untracked(rocket.configure(figment)).await.expect("launches")
}

/// The answer to a request that a page of this origin sends.
async fn send<'c>(request: LocalRequest<'c>, origin: &'static str) -> LocalResponse<'c> {
    request.header(Header::new("Origin", origin)).dispatch().await
}

/// Whether a page of this origin can read the cart, with the cookies of its visitor.
async fn is_shared(client: &Client, origin: &'static str) -> bool {
    let response = send(client.get("/cart"), origin).await;
    let header = |name| response.headers().get_one(name);
    assert_eq!((response.status(), header("Vary")), (Status::Ok, Some("Origin")), "{origin}");
    let allowed = (header("Access-Control-Allow-Origin"), header("Access-Control-Allow-Credentials"));
    assert!(allowed == (None, None) || allowed == (Some(origin), Some("true")), "{origin}: {allowed:?}");
    allowed.0.is_some()
}

/// The answer to the preflight of a PUT.
async fn preflight<'c>(client: &'c Client, origin: &'static str) -> LocalResponse<'c> {
    let method = Header::new("Access-Control-Request-Method", "PUT");
    let names = Header::new("Access-Control-Request-Headers", "content-type");
    send(client.options("/cart").header(method).header(names), origin).await
}

/// The status of a PUT.
async fn fill_cart(client: &Client, origin: &'static str) -> Status {
    send(client.put("/cart").header(ContentType::JSON).body(r#"["anvil"]"#), origin).await.status()
}

async fn add_tenant(client: &Client, token: &'static str, tenant: &str) -> Status {
    let authorization = Header::new("Authorization", format!("Bearer {token}"));
    client.post("/admin/tenants").header(ContentType::JSON).header(authorization).body(tenant).dispatch().await.status()
}

async fn execute(client: &Client, statement: &'static str) {
    let directory = client.rocket().state::<Directory>().expect("managed");
    sqlx::raw_sql(statement).execute(directory.database()).await.expect("a statement");
}

#[rocket::async_test]
async fn tenants_are_shared_with() {
    let client = client().await;
    for origin in [ACME, GLOBEX] {
        assert!(is_shared(&client, origin).await, "{origin}");
        assert_eq!(fill_cart(&client, origin).await, Status::Ok, "{origin}");
        let granted = preflight(&client, origin).await;
        let header = |name| granted.headers().get_one(name);
        assert_eq!((granted.status(), header("Access-Control-Allow-Origin")), (Status::NoContent, Some(origin)));
        assert_eq!(header("Access-Control-Allow-Methods"), Some("PUT"));
        assert_eq!(header("Access-Control-Allow-Headers"), Some("content-type"));
        assert_eq!(header("Access-Control-Max-Age"), Some("60"));
    }
}

#[rocket::async_test]
async fn strangers_are_not() {
    let client = client().await;
    for origin in OTHERS {
        assert!(!is_shared(&client, origin).await, "{origin}");
        assert_eq!(fill_cart(&client, origin).await, Status::Forbidden, "{origin}");
        let refused = preflight(&client, origin).await;
        assert_eq!(refused.status(), Status::Forbidden, "{origin}");
        assert!(!refused.headers().contains("Access-Control-Allow-Origin"), "{origin}");
    }
}

#[rocket::async_test]
async fn a_tenant_that_is_added_is_shared_with_at_once() {
    let client = client().await;
    for (tenant, origin) in [
        (r#"{"name": "initech"}"#, "https://initech.example.com"),
        (r#"{"name": "hooli", "domain": "www.hooli.example"}"#, "https://www.hooli.example"),
    ] {
        assert!(!is_shared(&client, origin).await, "{origin}: and this is remembered");
        assert_eq!(add_tenant(&client, "token", tenant).await, Status::Created);
        assert!(is_shared(&client, origin).await, "{origin}");
    }
}

#[rocket::async_test]
async fn only_the_administrator_adds_tenants() {
    let client = client().await;
    let initech = r#"{"name": "initech"}"#;
    assert_eq!(add_tenant(&client, "guess", initech).await, Status::Unauthorized);
    assert_eq!(add_tenant(&client, "token", r#"{"name": "acme"}"#).await, Status::Conflict);
    for domain in ["evil.example/", "evil.example:8443", "EVIL.example", "*.example", "", "a..example"] {
        let tenant = format!(r#"{{"name": "evil", "domain": "{domain}"}}"#);
        assert_eq!(add_tenant(&client, "token", &tenant).await, Status::UnprocessableEntity, "{domain}");
    }

    // Not even a tenant's page, whatever token it has: browsers ask first, and are refused.
    let method = Header::new("Access-Control-Request-Method", "POST");
    let refused = send(client.options("/admin/tenants").header(method), ACME).await;
    assert_eq!(refused.status(), Status::NotFound);
    assert!(!refused.headers().contains("Access-Control-Allow-Origin"));
}

#[rocket::async_test]
async fn what_the_database_does_not_say_is_a_no() {
    let client = client().await;
    assert!(is_shared(&client, ACME).await);
    execute(&client, "ALTER TABLE tenants RENAME TO away").await;
    assert!(is_shared(&client, ACME).await, "from the cache");
    assert!(!is_shared(&client, GLOBEX).await);
    assert_eq!(preflight(&client, GLOBEX).await.status(), Status::Forbidden);
    assert_eq!(fill_cart(&client, GLOBEX).await, Status::Forbidden);
    execute(&client, "ALTER TABLE away RENAME TO tenants").await;
    assert!(is_shared(&client, GLOBEX).await, "the error is not remembered");
}

/// How often the check of the handler below was asked.
static ASKED: AtomicUsize = AtomicUsize::new(0);

async fn counting(origin: &Origin<'_>, request: &Request<'_>) -> bool {
    ASKED.fetch_add(1, Ordering::Relaxed);
    crate::is_tenant(origin, request).await
}

#[cross_origin(origins = [check(counting)])]
#[put("/counted")]
fn counted() {}

#[rocket::async_test]
async fn the_check_is_asked_once_a_request_and_never_about_null() {
    let client = client().await;
    for (origin, status, asked) in [
        (ACME, Status::Ok, 1),
        ("https://other.example.net", Status::Forbidden, 1),
        ("null", Status::Forbidden, 0),
        ("https://acme.example.com/", Status::Forbidden, 0),
    ] {
        ASKED.store(0, Ordering::Relaxed);
        assert_eq!(send(client.put("/counted"), origin).await.status(), status, "{origin}");
        assert_eq!(ASKED.load(Ordering::Relaxed), asked, "{origin}");
    }
}
