//! Path, query, data and request guards, with and without lifetimes.

use std::convert::Infallible;
use std::path::PathBuf;

use cors_runtime::cross_origin;
use cors_tests::APP;
use rocket::form::Form;
use rocket::http::{ContentType, CookieJar, Header, Method, Status};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::serde::json::Json;
use rocket::{FromForm, State, get, post, routes};

use crate::{client, get, preflight, try_client};

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/files/<path..>")]
fn trailing(path: PathBuf) -> String {
    path.display().to_string()
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/borrowed/<name>?<tag>&<rest..>")]
fn borrowed<'a>(name: &'a str, tag: Option<&'a str>, rest: Search<'a>) -> String {
    format!("{name} {tag:?} {:?}", rest.q)
}

#[derive(FromForm)]
struct Search<'r> {
    q: Option<&'r str>,
}

#[test]
fn path_and_query() {
    let client = client(routes![trailing, borrowed]);
    assert_eq!(get(&client, "/files/a/b"), "a/b");
    assert_eq!(get(&client, "/borrowed/x?tag=t&q=find"), "x Some(\"t\") Some(\"find\")");
}

struct Agent<'r>(&'r str);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Agent<'r> {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        Outcome::Success(Agent(request.headers().get_one("User-Agent").unwrap_or("nobody")))
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/guarded/<id>")]
async fn guarded<'r>(
    id: u8,
    agent: Agent<'r>,
    count: &State<usize>,
    mut method: Method,
    jar: &CookieJar<'_>,
) -> String {
    rocket::tokio::task::yield_now().await;
    if id == 0 {
        method = Method::Head;
    }
    format!("{id} {} {count} {method} {}", agent.0, jar.iter().count())
}

#[test]
fn request_guards_async_and_mutable_bindings() {
    let client = try_client(rocket::build().manage(3_usize).mount("/", routes![guarded])).expect("launches");
    assert_eq!(get(&client, "/guarded/1"), "1 nobody 3 GET 0");
    assert_eq!(get(&client, "/guarded/0"), "0 nobody 3 HEAD 0");
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/unnamed")]
fn unnamed(_: Method, _jar: &CookieJar<'_>, _: Agent<'_>) -> &'static str {
    "unnamed"
}

#[test]
fn parameters_without_a_name() {
    assert_eq!(get(&client(routes![unnamed]), "/unnamed"), "unnamed");
}

#[derive(rocket::serde::Deserialize, rocket::serde::Serialize)]
#[serde(crate = "rocket::serde")]
struct Item {
    name: String,
}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/items", format = "json", data = "<item>")]
fn create(item: Json<Item>) -> Json<Item> {
    item
}

#[derive(FromForm)]
struct Entry<'r> {
    name: &'r str,
}

#[cross_origin(origins = ["https://app.example.com"])]
#[post("/entries", data = "<entry>")]
fn enter(entry: Form<Entry<'_>>) -> String {
    entry.name.to_owned()
}

#[test]
fn data_guards() {
    let client = client(routes![create, enter]);
    assert!(preflight(&client, "POST", "/items"));
    let post = |uri: &'static str, kind: ContentType, body: &'static str| {
        let request = client.post(uri).header(Header::new("Origin", APP)).header(kind).body(body);
        let response = request.dispatch();
        assert_eq!(response.headers().get_one("Access-Control-Allow-Origin"), Some(APP));
        (response.status(), response.into_string().unwrap_or_default())
    };
    assert_eq!(post("/items", ContentType::JSON, "{\"name\":\"x\"}"), (Status::Ok, "{\"name\":\"x\"}".into()));
    assert_eq!(post("/entries", ContentType::Form, "name=y"), (Status::Ok, "y".into()));
    // An error of a data guard, and its catcher, can be read too.
    assert_eq!(post("/items", ContentType::JSON, "{").0, Status::BadRequest);
    assert_eq!(post("/entries", ContentType::Form, "other=y").0, Status::UnprocessableEntity);
}
