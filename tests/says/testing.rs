//! `rocket::testing`: what a page gets in the test of an application, beyond the rows of the conformance test: cookies, own
//! pages, forms, the asynchronous client, and calls that no browser makes.

use std::panic::catch_unwind;

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::rocket::testing::{Call, Page};
use cors_runtime::{Origin, cross_origin};
use cors_tests::{APP, EVIL};
use rocket::http::{Cookie, CookieJar, SameSite, Status};
use rocket::local::{asynchronous, blocking::Client};
use rocket::{Build, Request, Rocket, get, post, put, routes};

/// Everything that a handler sees of the page.
#[cross_origin(origins = ["https://app.example.com"], credentials, expose_headers = ["x-seen"])]
#[post("/seen")]
fn seen(head: Head) -> Answer {
    Answer {
        body: "seen",
        seen: rocket::http::Header::new("x-seen", head.0),
        hidden: rocket::http::Header::new("x-hidden", "1"),
    }
}

#[derive(rocket::Responder)]
struct Answer {
    body: &'static str,
    seen: rocket::http::Header<'static>,
    hidden: rocket::http::Header<'static>,
}

struct Head(String);

#[rocket::async_trait]
impl<'r> rocket::request::FromRequest<'r> for Head {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Self, ()> {
        let names = ["Origin", "Host", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Content-Type", "Accept", "Cookie"];
        let line = |name| request.headers().get_one(name).unwrap_or("-");
        let host = request.host().map_or("-".to_owned(), ToString::to_string);
        let cookies = request.cookies().iter().count();
        let head = names.map(line).join(" ");
        rocket::request::Outcome::Success(Head(format!("{head} {host} {cookies}")))
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/read")]
fn read() -> &'static str {
    "read"
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[put("/json", format = "json", data = "<text>")]
fn json(text: String) -> String {
    text
}

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/anonymous")]
fn anonymous() {}

#[post("/login")]
fn login(cookies: &CookieJar<'_>) {
    cookies.add(("session", "1"));
}

#[post("/unshared")]
fn unshared() {}

async fn tenants(origin: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    origin.host().ends_with(".tenants.example.com")
}

#[cross_origin(origins = [check(tenants)])]
#[put("/checked")]
fn checked() {}

#[cross_origin(origins = [check(tenants)])]
#[get("/checked")]
fn read_checked() {}

fn rocket() -> Rocket<Build> {
    let figment = rocket::Config::figment().merge(("log_level", "off"));
    let routes = routes![seen, read, json, anonymous, login, unshared, checked, read_checked];
    rocket::custom(figment).mount("/", routes)
}

fn client(cors: CrossOrigin) -> Client {
    Client::untracked(rocket().attach(cors)).expect("launches")
}

#[test]
fn a_handler_sees_what_a_browser_sends() {
    let client = client(CrossOrigin::fairing());
    let call = Page::at(APP).post("/seen").body("text").cookie(("a", "b"));
    let response = call.clone().credentials().send(&client).shared();
    let head = |site, server: &str, cookies| {
        format!("{APP} {server} {site} cors text/plain;charset=UTF-8 */* {cookies} {server} ")
    };
    assert_eq!(response.header("X-Seen"), Some(&*(head("cross-site", "localhost:8000", "a=b") + "1")));
    assert_eq!((response.status(), response.was_preflighted()), (200, false));
    assert_eq!((response.header("x-hidden"), response.header("content-type").is_some()), (None, true));
    assert!(response.headers().all(|(name, _)| !name.eq_ignore_ascii_case("x-hidden")));
    assert!(response.into_inner().headers().contains("x-hidden"));

    let response = call.send(&client).shared();
    assert_eq!(response.header("x-seen"), Some(&*(head("cross-site", "localhost:8000", "-") + "0")));
    // The page's own server gets the cookies, and the page can read all headers.
    let own = Page::at(APP).calling(APP).post("/seen").body("text").cookie(("a", "b")).send(&client).shared();
    assert_eq!(own.header("x-seen"), Some(&*(head("same-origin", "app.example.com", "a=b") + "1")));
    assert_eq!(own.header("x-hidden"), Some("1"));
    let near = Page::at(APP).calling("https://api.example.com").post("/seen").send(&client).shared();
    assert!(near.header("x-seen").is_some_and(|seen| seen.contains(" api.example.com same-site cors - ")));
    // A plain connection, over which browsers do not say where the page is from.
    let plain = Page::at("http://nas.lan").calling("http://nas.lan").post("/seen").send(&client).shared();
    assert!(plain.header("x-seen").is_some_and(|seen| seen.contains("http://nas.lan nas.lan - - ")));
}

#[test]
fn the_server_is_at_its_own_origin() {
    let client = client(CrossOrigin::fairing().own_origins(["https://own.example.com"]).protect_all());
    assert!(Page::at("https://own.example.com").post("/unshared").send(&client).is_shared());
    assert!(!Page::at("https://api.example.com").post("/unshared").send(&client).is_shared());
    // A name that has been made to point at the application.
    let rebound = Page::at("https://rebound.example.net").calling("https://rebound.example.net");
    assert_eq!(rebound.get("/read").send(&client).shared().status(), 403);
    // Named hosts are checked.
    assert_eq!(Page::at(APP).get("/read").send(&client).shared().into_string().as_deref(), Some("read"));
}

#[test]
fn a_refusal_says_why() {
    let client = client(CrossOrigin::fairing());
    let refused = Page::at(EVIL).get("/read").send(&client).refused();
    assert!(refused.handler_ran() && !refused.at_preflight());
    assert_eq!(refused.refusal(), Some("the policy does not allow the origin `https://evil.example.net`"));
    assert_eq!(refused.step(), "https://fetch.spec.whatwg.org/#concept-cors-check");
    assert_eq!(
        refused.to_string(),
        "the page gets a network error, after the request (status 200): the answer has no `Access-Control-Allow-Origin`; the \
         application says: the policy does not allow the origin `https://evil.example.net`; the request was passed to GET /read \
         (read); help: add `\"https://evil.example.net\"` to `origins`, if this page should be allowed; see \
         https://fetch.spec.whatwg.org/#concept-cors-check"
    );
    let refused = Page::at(APP).get("/read").credentials().send(&client).refused();
    assert_eq!((refused.handler_ran(), refused.help(), refused.refusal()), (true, Some("add `credentials`"), None));
    let put = Page::at(APP).put("/json").body("1");
    let refused = put.clone().send(&client).refused();
    assert_eq!((refused.status(), refused.handler_ran(), refused.at_preflight()), (404, false, false));
    assert!(refused.refusal().is_some_and(|said| said.contains("takes only `application/json`")), "{refused}");
    let response = put.header("content-type", "application/json").send(&client).shared();
    assert!(response.was_preflighted());
    assert_eq!(response.into_bytes().as_deref(), Some(&b"1"[..]));
    assert!(Page::at("null").get("/read").send(&client).refused().handler_ran());
    assert_eq!(Page::at(APP).call("patch", "/read").send(&client).refused().status(), 404);
}

#[test]
fn checks_have_the_last_word() {
    let client = client(CrossOrigin::fairing());
    let tenant = Page::at("https://a.tenants.example.com");
    assert!(tenant.put("/checked").send(&client).is_shared());
    let refused = tenant.get("/checked").credentials().send(&client).refused();
    assert_eq!((refused.handler_ran(), refused.refusal()), (true, None));
    assert!(Page::at(EVIL).put("/checked").send(&client).refused().at_preflight());
    assert!(!Page::at(EVIL).form("/checked", "_method=put").send(&client).refused().handler_ran());
    assert!(tenant.form("/checked", "_method=put").send(&client).refused().handler_ran());
    // Only in the first field does it say the method.
    assert_eq!(tenant.form("/checked", "a=b&_method=put").send(&client).refused().status(), 404);
    assert!(Page::at(EVIL).get("/checked").send(&client).refused().handler_ran());
}

#[test]
fn forms_need_no_preflight() {
    let client = client(CrossOrigin::fairing());
    let form = Page::at(EVIL).form("/unshared", "a=b");
    let refused = form.send(&client).refused();
    assert_eq!((refused.handler_ran(), refused.status(), refused.at_preflight()), (true, 200, false));
    let refused = Page::at(EVIL).form("/seen", "a=b").send(&client).refused();
    assert_eq!((refused.handler_ran(), refused.status()), (false, 403));
    // A form takes no part in CORS: even a page that the policy names does not read what it loads.
    assert!(Page::at(APP).form("/seen", "a=b").send(&client).refused().handler_ran());
    assert!(Page::at(APP).calling(APP).form("/seen", "a=b").send(&client).is_shared());
}

/// A policy without `credentials` does not let a page act as its user.
#[test]
fn cookies_are_refused_where_the_policy_has_no_credentials() {
    let client = client(CrossOrigin::fairing());
    assert!(Page::at(APP).post("/anonymous").send(&client).is_shared());
    let page = Page::at(APP).post("/anonymous").credentials();
    let without = page.send(&client).refused();
    assert_eq!((without.handler_ran(), without.status(), without.refusal()), (true, 200, None));
    let with = page.cookie(("session", "1")).send(&client).refused();
    assert_eq!((with.handler_ran(), with.status()), (false, 403));
    let reason = with.refusal().unwrap_or_default();
    assert!(reason.contains("carries the user's cookies"), "{reason}");
}

#[test]
fn same_site_holds_cookies_back() {
    let client = client(CrossOrigin::fairing());
    let sent = |page: &Page, cookie: Cookie<'static>| {
        let response = page.post("/seen").cookie(cookie).credentials().send(&client).shared();
        response.header("x-seen").is_some_and(|seen| seen.ends_with(" 1"))
    };
    let cookie = |same_site| Cookie::build(("a", "b")).same_site(same_site).build();
    let far = Page::at(APP).calling("https://example.net");
    let near = Page::at(APP).calling("https://api.example.com");
    for same_site in [SameSite::Strict, SameSite::Lax] {
        assert_eq!((sent(&far, cookie(same_site)), sent(&near, cookie(same_site))), (false, true));
    }
    assert!(sent(&far, cookie(SameSite::None)) && sent(&far, Cookie::new("a", "b")));
}

#[test]
fn a_tracked_client_has_the_cookies_of_its_user() {
    let client = Client::tracked(rocket().attach(CrossOrigin::fairing())).expect("launches");
    let near = Page::at(APP).calling("https://api.example.com");
    let seen = |call: &Call| call.send(&client).shared().header("x-seen").map(ToOwned::to_owned);
    assert!(seen(&near.post("/seen")).is_some_and(|seen| seen.ends_with(" 0")));
    assert_eq!(client.post("/login").dispatch().status(), Status::Ok);
    // Rocket's cookies are `SameSite=Strict`, and the library sees them as it does over HTTP.
    assert!(
        seen(&near.post("/seen").credentials())
            .is_some_and(|seen| seen.contains(" session=1 ") && seen.ends_with(" 1"))
    );
    let message = |call: Call| panics(|| drop(call.send(&client)));
    assert!(message(near.post("/seen")).contains("add `.credentials()`"));
    assert!(message(Page::at(APP).post("/seen").credentials()).contains("`SameSite`"));
}

#[rocket::async_test]
async fn the_asynchronous_client_does_the_same() {
    let rocket = rocket().attach(CrossOrigin::fairing());
    let client = asynchronous::Client::untracked(rocket).await.expect("launches");
    let put = Page::at(APP).put("/json").header("content-type", "application/json").body("1");
    let response = put.send_async(&client).await.shared();
    assert!(response.was_preflighted());
    assert_eq!(response.into_string().await.as_deref(), Some("1"));
    assert!(Page::at(EVIL).get("/read").send_async(&client).await.refused().handler_ran());
    let response = Page::at(APP).get("/read").send_async(&client).await.shared();
    assert_eq!(response.into_bytes().await.as_deref(), Some(&b"read"[..]));
}

#[test]
fn what_no_browser_does_is_a_mistake_of_the_test() {
    let client = client(CrossOrigin::fairing());
    assert!(panics(|| drop(Page::at("https://app.example.com/"))).contains("is not an origin"));
    assert!(panics(|| drop(Page::at(APP).calling("app://."))).contains("is not an origin of a server"));
    assert!(panics(|| drop(Page::at(APP).get("/").header("Origin", EVIL))).contains("scripts cannot set"));
    assert!(panics(|| drop(Page::at(APP).get("/").header("x a", ""))).contains("is not a header name"));
    assert!(panics(|| drop(Page::at(APP).get("/read").body("1").send(&client))).contains("TypeError"));
    assert!(panics(|| drop(Page::at(APP).call("TRACE", "/read").send(&client))).contains("TypeError"));
    assert!(panics(|| drop(Page::at(APP).get("read").send(&client))).contains("is not a path"));
    assert!(panics(|| drop(Page::at(EVIL).get("/read").send(&client).shared())).contains("network error"));
    assert!(panics(|| drop(Page::at(APP).get("/read").send(&client).refused())).contains("status 200"));
    let without = Client::untracked(rocket::custom(rocket::Config::figment().merge(("log_level", "off"))));
    let without = without.expect("launches");
    assert!(panics(|| drop(Page::at(APP).get("/").send(&without))).contains("not attached"));
}

/// The message of a panic.
fn panics(act: impl FnOnce()) -> String {
    let panic = catch_unwind(std::panic::AssertUnwindSafe(act)).expect_err("a panic");
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_default()
}

/// Rocket takes the method of a form from its first field, whoever sends it.
#[test]
fn a_page_knows_what_rocket_takes_for_the_method() {
    #[rocket::delete("/account")]
    fn gone() {}
    #[post("/p")]
    fn ran() {}
    let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![gone, ran]);
    let client = Client::untracked(rocket).expect("launches");
    let evil = Page::at("https://evil.example");
    let script = evil.post("/account").header("content-type", "application/x-www-form-urlencoded");
    let refused = script.body("_method=DELETE").send(&client).refused();
    assert_eq!((refused.status(), refused.handler_ran()), (200, true));
    for (path, fields) in [("/account", "_method=DELETEfoo"), ("/p", "_method=OPTIONS"), ("/p", "_method=CONNECT")] {
        let refused = evil.form(path, fields).send(&client).refused();
        assert_eq!((refused.status(), refused.handler_ran()), (200, true), "{fields}");
    }
    assert!(!evil.form("/p", "_method=DELETE").send(&client).refused().handler_ran());
}
