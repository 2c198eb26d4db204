//! The application with the annotated handlers: those of every topic.

use cors_runtime::rocket::CrossOrigin;
use rocket::http::Header;
use rocket::shield::{Frame, Shield};
use rocket::{Build, Responder, Rocket, State, get, routes};

use crate::cases;
use crate::record::Record;
use crate::stage::Page;

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
/// They become `plain_routes()`, and `HANDLERS` for the documentation.
macro_rules! handlers {
    ($($(#[$($policy:tt)*])* $method:ident $name:ident $uri:literal;)*) => {
        $(
            $(#[$($policy)*])*
            #[rocket::$method($uri)]
            fn $name(_ran: crate::record::Ran) -> crate::api::Answer {
                crate::api::Answer::default()
            }
        )*

        fn plain_routes() -> Vec<rocket::Route> {
            rocket::routes![$($name),*]
        }

        const HANDLERS: &[crate::table::Handler] = &[$(
            crate::table::Handler {
                method: stringify!($method),
                uri: $uri,
                policy: concat!($(stringify!($($policy)*)),*),
            }
        ),*];
    };
}
pub(crate) use handlers;

/// The application. `name` tells its requests from those to the other one, in the record.
pub fn rocket(name: &'static str, record: &Record) -> Rocket<Build> {
    let figment = rocket::Config::figment().merge(("keep_alive", 60));
    let topics = cases::topics().into_iter();
    let rocket = rocket::custom(figment)
        .attach(record.fairing(name))
        .attach(CrossOrigin::fairing())
        // The table has cases from a page of this very origin, which is in a frame of another.
        .attach(Shield::default().disable::<Frame>())
        .manage(record.clone())
        .mount("/", routes![agent_page, agent_script, seen]);
    topics.fold(rocket, |rocket, topic| rocket.mount("/", topic.routes))
}

#[get("/agent")]
fn agent_page() -> Page {
    Page::agent()
}

#[get("/agent.js")]
fn agent_script() -> Page {
    Page::agent_script()
}

/// How many requests of a case have arrived. For everybody, so that each place can wait for what it has sent.
#[cors_runtime::cross_origin(origins = any)]
#[get("/seen/<id>")]
fn seen(id: &str, record: &State<Record>) -> String {
    record.count(id).to_string()
}
