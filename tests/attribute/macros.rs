//! Handlers and policies that come out of `macro_rules!`.

use rocket::routes;

use crate::{client, get};

macro_rules! handler {
    ($name:ident, $path:literal, [$($origin:literal),*], $answer:expr) => {
        #[cors_runtime::cross_origin(origins = [$($origin),*], max_age = 600)]
        #[rocket::get($path)]
        fn $name() -> &'static str {
            $answer
        }
    };
}

handler!(first, "/first", ["https://app.example.com"], "first");
handler!(second, "/second", ["https://app.example.com", "https://other.example.com"], "second");

macro_rules! fixed_name {
    ($origin:expr) => {
        #[cors_runtime::cross_origin(origins = [$origin])]
        #[rocket::get("/third")]
        pub fn third() -> &'static str {
            "third"
        }
    };
}

mod inner {
    fixed_name!("https://app.example.com");
}

/// A crate that re-exports the runtime under another name, as a framework would.
mod framework {
    pub use cors_runtime as cors;

    macro_rules! endpoint {
        ($name:ident, $path:literal) => {
            #[$crate::macros::framework::cors::cross_origin(
                                                                            origins = ["https://app.example.com"],
                                                                            crate = $crate::macros::framework::cors
                                                                        )]
            #[rocket::get($path)]
            fn $name() -> &'static str {
                stringify!($name)
            }
        };
    }
    pub(super) use endpoint;
}

framework::endpoint!(fourth, "/fourth");

/// The attribute comes from the caller, with its path of the crate, and the route attribute from the macro.
macro_rules! with_attributes {
    ($(#[$($attribute:tt)*])* $method:ident $name:ident $uri:literal) => {
        $(#[$($attribute)*])*
        #[rocket::$method($uri)]
        fn $name() -> &'static str {
            stringify!($name)
        }
    };
}

with_attributes! {
    #[cors_runtime::cross_origin(origins = ["https://app.example.com"], crate = ::cors_runtime)]
    get fifth "/fifth"
}

#[test]
fn handlers_from_macros() {
    let client = client(routes![first, second, inner::third, fourth, fifth]);
    for name in ["first", "second", "third", "fourth", "fifth"] {
        assert_eq!(get(&client, &format!("/{name}")), name);
    }
}

/// Types that are whole fragments of a macro, which went through another one.
macro_rules! typed {
    ($vis:vis $name:ident($parameter:ty, $query:path, $data:ty, $guard:ty) -> $answer:ty) => {
        #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
        #[rocket::post("/typed/<parameter>?<query>", data = "<data>")]
        $vis async fn $name(parameter: $parameter, query: $query, data: $data, guard: $guard) -> $answer {
            let _ = guard;
            Ok(format!("{parameter} {query} {data}").into())
        }
    };
}

macro_rules! through_another {
    ($name:ident, $text:ty) => {
        typed! { pub(crate) $name($text, u8, $text, &rocket::http::CookieJar<'_>) -> Result<$text, rocket::http::Status> }
    };
}

mod types {
    through_another!(typed, String);
}

/// The answer is a whole fragment that begins with `$crate`.
macro_rules! of_this_crate {
    () => {
        answering! { $crate::macros::Answer }
    };
}
macro_rules! answering {
    ($answer:ty) => {
        #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
        #[rocket::get("/answer")]
        fn answer() -> $answer {
            <$answer>::default()
        }
    };
}
macro_rules! answering_from_another_crate {
    ($answer:ty) => {
        #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
        #[rocket::get("/handed-over")]
        fn handed_over() -> $answer {
            <$answer>::default()
        }
    };
}
cors_tests::hand_over!(answering_from_another_crate);
#[derive(Default, rocket::Responder)]
pub struct Answer(&'static str);
of_this_crate!();

#[test]
fn types_that_are_fragments() {
    let client = client(routes![types::typed, answer, handed_over]);
    assert_eq!((get(&client, "/answer"), get(&client, "/handed-over")), (String::new(), String::new()));
    let uri = rocket::uri!(types::typed("a", 7));
    let origin = rocket::http::Header::new("Origin", cors_tests::APP);
    let response = client.post(uri).header(origin).body("c").dispatch();
    assert_eq!(response.into_string().as_deref(), Some("a 7 c"));
}

/// Handlers that are fragments, in a module that the macro writes.
macro_rules! a_module {
    ($(#[$attribute:meta])* $name:ident, $item:item, $vis:vis, $block:block) => {
        #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
        mod of_fragments {
            $(#[$attribute])*
            pub fn $name() -> &'static str {
                stringify!($name)
            }

            $item

            $vis fn count() -> usize $block

            #[rocket::get("/last")]
            pub fn last() -> &'static str {
                "last"
            }
        }
    };
}

a_module! {
    #[rocket::get("/named")] named,
    #[rocket::get("/item")] pub fn item() -> &'static str { "item" },
    pub, { 3 }
}

#[test]
fn handlers_that_are_fragments() {
    let routes = routes![of_fragments::named, of_fragments::item, of_fragments::last];
    assert_eq!(routes.len(), of_fragments::count());
    let client = client(routes);
    for name in ["named", "item", "last"] {
        assert_eq!(get(&client, &format!("/{name}")), name);
    }
}

/// Lists that are fragments: as a whole, and each element.
macro_rules! listed {
    ($name:ident, $origins:expr, $header:literal) => {
        #[cors_runtime::cross_origin(origins = $origins, allow_headers = [$header])]
        #[rocket::put("/listed")]
        fn $name() -> &'static str {
            "listed"
        }
    };
}

listed!(listed, ["https://app.example.com", "https://*.example.org"], "x-token");

#[test]
fn lists_that_are_fragments() {
    let report = cors_runtime::rocket::CrossOrigin::report(&rocket::build().mount("/", routes![listed]));
    let policy = &report.shared[0].policy;
    assert_eq!(policy.origins, ["https://*.example.org", "https://app.example.com"]);
    assert_eq!(policy.allow_headers, ["x-token"]);
}

/// One macro, two handlers of one name and one route, also of the same tokens.
macro_rules! twice {
    ($($module:ident)*) => {
        $(mod $module {
            #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
            #[rocket::get("/twice/<id>")]
            pub(super) fn twice(id: u8) -> String {
                concat!(stringify!($module), " {id}").replace("{id}", &id.to_string())
            }
        })*
    };
}

twice!(here there);

#[test]
fn one_macro_writes_handlers_of_one_name() {
    assert_eq!(rocket::uri!(here::twice(1)), rocket::uri!(there::twice(1)));
    assert_eq!(get(&client(routes![here::twice]), "/twice/1"), "here 1");
    assert_eq!(get(&client(routes![there::twice]), "/twice/2"), "there 2");
}

macro_rules! checked {
    ($name:ident, $url:literal, $check:path, $expression:expr) => {
        #[cors_runtime::cross_origin(origins = [check($check), check($expression)])]
        #[rocket::get($url)]
        fn $name() -> &'static str {
            "checked"
        }
    };
}

mod checks {
    pub(super) async fn app(origin: &cors_runtime::Origin<'_>, _: &rocket::Request<'_>) -> bool {
        origin.as_str() == cors_tests::APP
    }

    pub(super) async fn nobody(_: &cors_runtime::Origin<'_>, _: &rocket::Request<'_>) -> bool {
        false
    }
}

checked!(by_fragments, "/by-fragments", checks::app, checks::nobody);

#[test]
fn a_check_may_be_a_fragment() {
    let server = cors_tests::launch(rocket::build().mount("/", routes![by_fragments]));
    assert!(cors_tests::shared(&server, "GET", "/by-fragments", cors_tests::APP));
    assert!(!cors_tests::shared(&server, "GET", "/by-fragments", cors_tests::EVIL));
}
