//! The API: one handler for each thing that a policy can say, and some without a policy.
//!
//! The attribute stands above the route attribute and says who may call the handler from a browser. Programs
//! that are not browsers, and pages of the API's own origin, are not affected.
//!
//! Nothing is stored. The parameter `_ran: Ran` belongs to the playground, not to CORS: it tells the page whether
//! the handler ran.

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::form::{Form, FromForm};
use rocket::http::{CookieJar, Header, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::serde::json::Json;
use rocket::serde::{Deserialize, Serialize};
use rocket::{Build, Config, Request, Responder, Rocket, delete, get, post, put, routes};

use crate::addresses::Addresses;
use crate::journal::{self, Ran};
use crate::root;

/// The API's server. The fairing is the one thing that it needs besides the attributes; the two stages belong to the
/// playground.
pub(crate) fn rocket(config: &Config, addresses: &Addresses) -> Rocket<Build> {
    rocket::custom(config)
        .attach(CrossOrigin::fairing())
        .attach(journal::stage())
        .attach(root::stage(addresses.clone()))
        .mount("/", routes![user, profile, status, export])
        .mount("/", routes![add_user, update_user, post_message])
        .mount("/", routes![set_theme, set_volume])
        .mount("/", routes![users, remove_item, account, bug])
        .mount("/", routes![internal, change_internal, remove_special_item])
}

#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
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
#[serde(crate = "rocket::serde")]
struct NewUser {
    name: String,
}

// Reading

/// The least that a policy says: which pages may read the answer. That holds for the 404 as well.
#[cross_origin(origins = ["http://localhost:8001"])]
#[get("/users/<id>")]
fn user(id: u64, _ran: Ran) -> Option<Json<User>> {
    let name = match id {
        7 => "Ada",
        8 => "Grace",
        _ => return None,
    };
    Some(User::new(id, name))
}

/// `credentials` lets the page read an answer that was made for the user's cookies.
#[cross_origin(origins = ["http://localhost:8001"], credentials)]
#[get("/profile")]
fn profile(cookies: &CookieJar<'_>, _ran: Ran) -> String {
    let visitor = cookies.get("visitor").map_or("nobody", |cookie| cookie.value());
    format!("signed in: {visitor}")
}

/// `any` shares with every page there is: for what is public anyway. It goes with no `credentials`.
#[cross_origin(origins = any)]
#[get("/status")]
fn status(_ran: Ran) -> &'static str {
    "up"
}

/// A GET runs for every caller, and the browser withholds the answer from other origins. `enforce` turns them away before
/// the handler runs: for reading that is expensive, or that has an effect.
#[cross_origin(origins = ["http://localhost:8001"], enforce)]
#[get("/export")]
fn export(_ran: Ran) -> &'static str {
    "id,name\n7,Ada\n8,Grace\n"
}

// Headers

/// Scripts see only a few response headers by themselves. Of the two here, the policy exposes one more.
#[cross_origin(origins = ["http://localhost:8001"], expose_headers = ["x-total"])]
#[get("/users")]
fn users(_ran: Ran) -> Counted {
    Counted { body: "Ada, Grace", total: Header::new("x-total", "2"), cost: Header::new("x-cost", "13") }
}

/// An answer with two additional headers.
#[derive(Responder)]
struct Counted {
    body: &'static str,
    total: Header<'static>,
    cost: Header<'static>,
}

/// Browsers ask before they send a header of the page's making, and `allow_headers` is the answer.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["x-reason"])]
#[delete("/items/<id>")]
fn remove_item(id: u64, _ran: Ran) -> String {
    format!("item {id} is gone")
}

// Writing

/// A JSON body has a content type that browsers ask for.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["content-type"])]
#[post("/users", format = "json", data = "<user>")]
fn add_user(user: Json<NewUser>, _ran: Ran) -> Json<User> {
    User::new(9, user.into_inner().name)
}

/// The method comes from the route attribute: this policy is about PUT, and the one of `user` about GET.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["content-type"])]
#[put("/users/<id>", format = "json", data = "<user>")]
fn update_user(id: u64, user: Json<NewUser>, _ran: Ran) -> Json<User> {
    User::new(id, user.into_inner().name)
}

/// Browsers send a form without asking, with the user's cookies. The policy turns the form of another origin away before
/// the handler runs; without `credentials` it would turn away every form that carries cookies.
#[cross_origin(origins = ["http://localhost:8001"], credentials)]
#[post("/messages", data = "<message>")]
fn post_message(message: Form<Message>, _ran: Ran) -> String {
    message.into_inner().text
}

#[derive(FromForm)]
struct Message {
    text: String,
}

/// `max_age` is how long, in seconds, a browser may go without asking again.
#[cross_origin(origins = ["http://localhost:8001"], max_age = 600)]
#[put("/theme", data = "<theme>")]
fn set_theme(theme: String, _ran: Ran) -> String {
    theme
}

/// Zero seconds: the browser asks before every call.
#[cross_origin(origins = ["http://localhost:8001"], max_age = 0)]
#[put("/volume", data = "<volume>")]
fn set_volume(volume: String, _ran: Ran) -> String {
    volume
}

// Errors

/// A page that may call the handler may read why a guard refused it. The preflight runs no guard: browsers
/// send it without the `Authorization` that it asks for.
#[cross_origin(origins = ["http://localhost:8001"], allow_headers = ["authorization"])]
#[get("/account")]
fn account(_user: SignedIn, _ran: Ran) -> &'static str {
    "your account"
}

/// Lets those in who bring the token `open-sesame`.
#[derive(Clone, Copy)]
struct SignedIn;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match request.headers().get_one("Authorization") {
            Some("Bearer open-sesame") => Outcome::Success(SignedIn),
            _ => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}

/// Even the 500 of a handler that panics can be read.
#[cross_origin(origins = ["http://localhost:8001"])]
#[get("/bug")]
fn bug(_ran: Ran) -> &'static str {
    panic!("on purpose: the page reads the 500 that becomes of this")
}

// Not shared

/// No attribute, no sharing: neither page can read this.
#[get("/internal")]
fn internal(_ran: Ran) -> &'static str {
    "for the API's own pages"
}

/// No attribute, so browsers are told nothing when they ask, and do not send the PUT.
#[put("/internal", data = "<text>")]
fn change_internal(text: String, _ran: Ran) -> String {
    text
}

/// The more special route wins in Rocket, and for preflights too: the policy of `remove_item` does not reach here.
#[delete("/items/special")]
fn remove_special_item(_ran: Ran) -> &'static str {
    "the special item is gone"
}
