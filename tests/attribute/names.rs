//! `routes!`, `uri!` and plain calls find the handler under its own name.

use cors_runtime::cross_origin;
use cors_tests::{APP, serve, shared};
use rocket::{get, routes, uri};

use crate::{client, get};

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/users/<id>?<page>")]
fn user(id: u64, page: Option<u8>) -> String {
    format!("user {id}, page {page:?}")
}

#[test]
fn a_handler_is_still_a_plain_function() {
    assert_eq!(user(7, None), "user 7, page None");
}

#[test]
fn uri_names_the_handler() {
    assert_eq!(uri!(user(7, Some(2))).to_string(), "/users/7?page=2");
    assert_eq!(uri!("/api", user(id = 7, page = _)).to_string(), "/api/users/7");
    assert_eq!(uri!(private::nested::list()).to_string(), "/list");
}

#[derive(rocket::FromForm, rocket::UriDisplayQuery)]
struct Search {
    q: String,
}

#[cross_origin(origins = ["https://app.example.com"])]
#[rocket::route(GET, rank = 3, uri = "/all/<_>/<name>/<path..>?fixed&<page>&<search..>")]
fn all<'a>(
    page: u8,
    search: Search,
    _: &rocket::http::CookieJar<'_>,
    name: &'a str,
    path: std::path::PathBuf,
) -> &'a str {
    let _ = (page, search.q, path);
    name
}

/// What `uri!` knows of a handler: what its path and its query name, in that order, wherever the handler is.
#[test]
fn uri_knows_what_the_route_names() {
    let search = Search { q: "a b".to_owned() };
    let uri = uri!(all("ignored", "me", std::path::Path::new("x/y"), 7, search));
    assert_eq!(uri.to_string(), "/all/ignored/me/x/y?fixed&page=7&q=a%20b");
    assert_eq!(get(&client(routes![all]), &uri.to_string()), "me");
    let uri = uri!("https://api.example.com", cors_tests::handlers::published(page = Some(2), id = 1), "#x");
    assert_eq!(uri.to_string(), "https://api.example.com/published/1?page=2#x");
    assert_eq!(get(&client(routes![cors_tests::handlers::published]), "/published/1"), "1");
}

#[test]
fn routes_names_the_handler_and_shows_its_name() {
    let routes = routes![user];
    assert_eq!(routes[0].name.as_deref(), Some("user"));
    assert_eq!(get(&client(routes), "/users/7?page=3"), "user 7, page Some(3)");
}

mod private {
    pub mod nested {
        use cors_runtime::cross_origin;
        use rocket::get;

        #[cross_origin(origins = ["https://app.example.com"])]
        #[get("/list")]
        pub fn list() -> &'static str {
            "nested"
        }
    }

    pub(super) mod other {
        use cors_runtime::cross_origin;
        use rocket::get;

        #[cross_origin(origins = ["https://app.example.com"])]
        #[get("/other/list")]
        pub(crate) fn list() -> &'static str {
            "other"
        }
    }
}

#[test]
fn handlers_of_the_same_name_in_modules_are_mounted_by_path() {
    let client = client(routes![private::nested::list, private::other::list]);
    assert_eq!((get(&client, "/list"), get(&client, "/other/list")), ("nested".into(), "other".into()));
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/raw/<type>")]
fn r#match(r#type: &str) -> String {
    ["raw ", r#type].concat()
}

#[test]
fn raw_identifiers() {
    assert_eq!(get(&client(routes![r#match]), "/raw/x"), "raw x");
    assert_eq!(uri!(r#match("x")).to_string(), "/raw/x");
    assert_eq!(r#match("y"), "raw y");
}

#[cross_origin(origins = ["https://app.example.com"],)]
#[rocket::get("/by-path")]
fn by_path() -> &'static str {
    "by path"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[rocket::route(GET, uri = "/by-route")]
fn by_route() -> &'static str {
    "by route"
}

#[test]
fn route_attributes_are_known_under_any_path() {
    let client = client(routes![by_path, by_route]);
    assert_eq!((get(&client, "/by-path"), get(&client, "/by-route")), ("by path".into(), "by route".into()));
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/get/names")]
fn long() -> &'static str {
    "long"
}

#[cross_origin(origins = ["https://app.example.com"])]
#[get("/names")]
fn long_get() -> &'static str {
    "short"
}

/// What is generated for one handler has no name of what is generated for another, however names and paths are cut.
#[test]
fn a_name_and_a_path_are_told_apart() {
    let server = serve(routes![long, long_get]);
    assert!(shared(&server, "GET", "/get/names", APP) && shared(&server, "GET", "/names", APP));
}

/// Names that the output has for something else.
mod taken {
    use cors_runtime::cross_origin;
    use rocket::{get, http::Method};

    pub mod guards {
        pub mod cors {
            pub struct Guard;

            pub async fn is_known(_: &cors_runtime::Origin<'_>, _: &rocket::Request<'_>) -> bool {
                true
            }
        }
    }

    #[rocket::async_trait]
    impl<'r> rocket::request::FromRequest<'r> for guards::cors::Guard {
        type Error = ();
        async fn from_request(_: &'r rocket::Request<'_>) -> rocket::request::Outcome<Self, ()> {
            rocket::request::Outcome::Success(guards::cors::Guard)
        }
    }

    use guards::cors as known;

    pub mod checked {
        use cors_runtime::cross_origin;
        use rocket::get;

        use super::known as cors;

        #[cross_origin(origins = [check(cors::is_known)])]
        pub struct Known;

        #[cross_origin(origins = [check(cors::is_known)])]
        #[get("/checked")]
        pub fn checked() -> &'static str {
            "checked"
        }

        #[cross_origin(policy = cors_of::Policy)]
        #[get("/named")]
        pub fn named() -> &'static str {
            "named"
        }

        mod cors_of {
            pub use super::Known as Policy;
        }
    }

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/cors/<of_rocket>")]
    pub fn cors(of_rocket: &str, _: Method) -> String {
        ["cors ", of_rocket].concat()
    }

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/of-rocket/<cors>")]
    pub fn of_rocket(cors: &str, _: guards::cors::Guard) -> String {
        ["of rocket ", cors].concat()
    }

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/into-route/<into_route>")]
    pub fn into_route(into_route: &str) -> String {
        ["into route ", into_route].concat()
    }

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/policy")]
    #[allow(non_snake_case)]
    pub fn POLICY() -> &'static str {
        "policy"
    }
}

/// A module that is called as the import of the library in the output.
mod module_cors {
    use cors_runtime::cross_origin;
    use rocket::get;

    use super::taken::guards::cors;

    #[cross_origin(origins = ["https://app.example.com"])]
    #[get("/guarded")]
    pub fn guarded(_: cors::Guard) -> &'static str {
        "guarded"
    }
}

#[test]
fn names_that_the_output_has() {
    let client = client(routes![module_cors::guarded, taken::cors, taken::of_rocket, taken::into_route, taken::POLICY]);
    assert_eq!(get(&client, "/cors/a"), "cors a");
    assert_eq!(get(&client, "/of-rocket/b"), "of rocket b");
    assert_eq!(get(&client, "/into-route/c"), "into route c");
    assert_eq!(get(&client, "/policy"), "policy");
    assert_eq!(get(&client, "/guarded"), "guarded");
    // A module that is called as the import of the library was once, in the path of a check.
    let server = serve(routes![taken::checked::checked, taken::checked::named]);
    assert!(shared(&server, "GET", "/checked", APP) && shared(&server, "GET", "/named", APP));
}
