//! The API: one policy for each thing that a policy can say, and some routes without a policy.
//!
//! A policy is a unit struct, whose layer stands around the methods of a path. It says who may call them from a browser.
//! Programs that are not browsers, and pages of the API's own origin, are not affected.
//!
//! Nothing is stored. The parameter `_ran: Ran` and the layer `journal::route` belong to the playground, not to CORS: they
//! tell the page which route it was, and whether the handler ran.

use axum::extract::{Form, FromRequestParts, Json, Path};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::routing::{delete, get, post, put};
use axum::{Router, middleware};
use axum_extra::extract::CookieJar;
use cors_runtime::cross_origin;
use cors_runtime::tower::ApplicationLayer;
use serde::{Deserialize, Serialize};
use tower_http::catch_panic::CatchPanicLayer;

use crate::journal::{self, Ran};

/// The API. `others` are the playground's own routes.
///
/// The layer around everything turns away what other pages write where there is no policy. One policy for many paths would
/// stand around a router of them: `.nest_service("/users", Users.layer().around(router))`.
pub(crate) fn application(others: Router) -> Router {
    let routes = Router::new()
        .route_service("/users/{id}", OneUser.layer().around(get(user).put(update_user)))
        .route_service("/users", Users.layer().around(get(users).post(add_user)))
        .route_service("/profile", Profile.layer().around(get(profile)))
        .route_service("/status", Public.layer().around(get(status)))
        .route_service("/export", Export.layer().around(get(export)))
        .route_service("/items/{id}", Items.layer().around(delete(remove_item)))
        .route_service("/messages", Messages.layer().around(post(post_message)))
        .route_service("/theme", Theme.layer().around(put(set_theme)))
        .route_service("/volume", Volume.layer().around(put(set_volume)))
        .route_service("/account", Account.layer().around(get(account)))
        .route_service("/bug", Bug.layer().around(get(bug).layer(CatchPanicLayer::new())))
        .route("/internal", get(internal).put(change_internal))
        .route("/items/special", delete(remove_special_item))
        .route_layer(middleware::from_fn(journal::route))
        .merge(others);
    let protected = ApplicationLayer::new().protect_all().on_refusal(journal::remember);
    Router::new().fallback_service(protected.around(routes))
}

#[derive(Serialize)]
struct User {
    id: u64,
    name: String,
}

impl User {
    fn new(id: u64, name: impl Into<String>) -> Json<Self> {
        Json(User { id, name: name.into() })
    }
}

#[derive(Deserialize)]
struct NewUser {
    name: String,
}

// Reading

/// Which pages may read the answers, and with which header they may write. A JSON body has a content type that browsers ask
/// for. Methods are not in a policy: the router says which ones there are.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["content-type"])]
struct OneUser;

/// The page can read the 404 as well.
async fn user(Path(id): Path<u64>, _ran: Ran) -> Result<Json<User>, StatusCode> {
    let name = match id {
        7 => "Ada",
        8 => "Grace",
        _ => return Err(StatusCode::NOT_FOUND),
    };
    Ok(User::new(id, name))
}

async fn update_user(Path(id): Path<u64>, _ran: Ran, Json(user): Json<NewUser>) -> Json<User> {
    User::new(id, user.name)
}

/// Scripts see only a few response headers by themselves. Of the two that `users` sets, the policy exposes one more.
#[cross_origin(
    origins = ["http://localhost:8001"],
    allow_headers = ["content-type"],
    expose_headers = ["x-total"]
)]
struct Users;

async fn users(_ran: Ran) -> ([(&'static str, &'static str); 2], &'static str) {
    ([("x-total", "2"), ("x-cost", "13")], "Ada, Grace")
}

async fn add_user(_ran: Ran, Json(user): Json<NewUser>) -> Json<User> {
    User::new(9, user.name)
}

/// `credentials` lets the page read an answer that was made for the user's cookies.
#[cross_origin(origins = ["http://localhost:8001"], credentials)]
struct Profile;

async fn profile(cookies: CookieJar, _ran: Ran) -> String {
    let visitor = cookies.get("visitor").map_or("nobody", |cookie| cookie.value());
    format!("signed in: {visitor}")
}

/// `any` shares with every page there is: for what is public anyway. It cannot be combined with `credentials`.
#[cross_origin(origins = any)]
struct Public;

async fn status(_ran: Ran) -> &'static str {
    "up"
}

/// A GET runs for every caller, and the browser withholds the answer from other origins. `enforce` turns them away before
/// the handler runs: for reading that is expensive, or that has an effect.
#[cross_origin(origins = ["http://localhost:8001"], enforce)]
struct Export;

async fn export(_ran: Ran) -> &'static str {
    "id,name\n7,Ada\n8,Grace\n"
}

// Writing

/// Browsers ask before they send a header of the page's making, and `allow_headers` is the answer.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["x-reason"])]
struct Items;

async fn remove_item(Path(id): Path<u64>, _ran: Ran) -> String {
    format!("item {id} is gone")
}

/// Browsers send a form without asking, with the user's cookies. The policy turns the form of another origin away before
/// the handler runs; without `credentials` it would turn away every form that carries cookies.
#[cross_origin(origins = ["http://localhost:8001"], credentials)]
struct Messages;

async fn post_message(_ran: Ran, Form(message): Form<Message>) -> String {
    message.text
}

#[derive(Deserialize)]
struct Message {
    text: String,
}

/// `max_age` is how long, in seconds, a browser may go without asking again.
#[cross_origin(origins = ["http://localhost:8001"], max_age = 600)]
struct Theme;

async fn set_theme(_ran: Ran, theme: String) -> String {
    theme
}

/// Zero seconds: the browser asks before every call.
#[cross_origin(origins = ["http://localhost:8001"], max_age = 0)]
struct Volume;

async fn set_volume(_ran: Ran, volume: String) -> String {
    volume
}

// Errors

/// A page that may call the handler may read why an extractor refused it. The preflight runs no extractor: browsers send it
/// without the `Authorization` that it asks for.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["authorization"])]
struct Account;

async fn account(_user: SignedIn, _ran: Ran) -> &'static str {
    "your account"
}

/// Lets those in who bring the token `open-sesame`.
struct SignedIn;

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = StatusCode;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        match request.headers.get(AUTHORIZATION) {
            Some(token) if token == "Bearer open-sesame" => Ok(SignedIn),
            _ => Err(StatusCode::UNAUTHORIZED),
        }
    }
}

/// Even the 500 of a handler that panics can be read, because the layer that makes it stands inside of the policy.
#[cross_origin(origins = ["http://localhost:8001"])]
struct Bug;

async fn bug(_ran: Ran) -> &'static str {
    panic!("on purpose: the page reads the 500 that becomes of this")
}

// Not shared

/// No policy, no sharing: neither page can read this.
async fn internal(_ran: Ran) -> &'static str {
    "for the API's own pages"
}

/// No policy, so browsers are told nothing when they ask, and do not send the PUT.
async fn change_internal(_ran: Ran, text: String) -> String {
    text
}

/// The more special route wins in axum, and for preflights too: the policy of `remove_item` does not reach here.
async fn remove_special_item(_ran: Ran) -> &'static str {
    "the special item is gone"
}
