//! The application with the annotated handlers: those of every topic.

use rocket::http::Header;
use rocket::shield::{Frame, Shield};
use rocket::{Build, Responder, Rocket, State, get, routes};

use crate::record::Record;
use crate::{cases, stage};

/// What most handlers answer. A page sees as many of the headers as the policy lets it.
#[derive(Debug, Responder)]
pub struct Answer {
    body: &'static str,
    etag: Header<'static>,
    one: Header<'static>,
    two: Header<'static>,
}

impl Default for Answer {
    fn default() -> Self {
        Answer {
            body: "ok",
            etag: Header::new("ETag", "\"v1\""),
            one: Header::new("X-One", "1"),
            two: Header::new("X-Two", "2"),
        }
    }
}

/// Handlers that do nothing but answer, written as an application has them:
///
/// ```text
/// handlers! {
///     #[cross_origin(origins = ["https://app.example.com"])]
///     get user "/users/7";
/// }
/// ```
///
/// They become `plain_routes()`.
macro_rules! handlers {
    ($($(#[$($policy:tt)*])* $method:ident $name:ident $uri:literal;)*) => {
        $(
            $(#[$($policy)*])*
            #[rocket::$method($uri)]
            pub fn $name(ran: crate::record::Ran) -> crate::api::Answer {
                ran.now();
                crate::api::Answer::default()
            }
        )*

        pub fn plain_routes() -> Vec<rocket::Route> {
            rocket::routes![$($name),*]
        }
    };
}
pub(crate) use handlers;

/// The application. `name` tells its requests from those to the other one, in the record. `friends` are the origins of
/// the list `cors.friends`.
pub fn rocket(name: &'static str, record: &Record, friends: &[String]) -> Rocket<Build> {
    let figment = rocket::Config::figment()
        // A browser that finds its connection closed may send a request twice.
        .merge(("keep_alive", 120))
        .merge(("cors.friends", friends))
        .merge(("cors.late", Vec::<String>::new()));
    let rocket = rocket::custom(figment)
        .attach(record.fairing(name))
        .attach(cases::fairing())
        // The table has cases from a page of this very origin, which is in a frame of another.
        .attach(Shield::default().disable::<Frame>())
        .manage(record.clone())
        .register("/", cases::catchers())
        .mount("/", routes![stage::agent_page, stage::agent_script, seen]);
    cases::topics().into_iter().fold(rocket, |rocket, topic| rocket.mount("/", topic.routes))
}

/// How many requests of a case have arrived. For everybody, so that each place can wait for what it has sent.
#[cors_runtime::cross_origin(origins = any)]
#[get("/seen/<id>")]
fn seen(id: &str, record: &State<Record>) -> String {
    record.count(id).to_string()
}
