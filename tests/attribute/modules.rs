//! The attribute on an inline module.

use cors_runtime::cross_origin;
use cors_tests::{APP, Call, EVIL, Server, granted, launch, shared};
use rocket::{routes, uri};

const ADMIN: &str = "https://admin.example.com";

#[cross_origin(
    origins = ["https://app.example.com"], credentials, allow_headers = ["x-token"], expose_headers = ["x-total"],
    max_age = 600
)]
pub mod api {
    #![allow(dead_code, clippy::unused_self, clippy::unused_async)]
    //! Inner attributes and documentation stay.

    use cors_runtime::cross_origin;
    use rocket::{delete, get, post, put};

    const UNTOUCHED: [u8; 2] = {
        let two = 2;
        [1, two]
    };
    static ALSO: fn() -> &'static str = helper;

    /// A handler.
    #[get("/plain")]
    pub fn plain() -> &'static str {
        helper()
    }

    #[rocket::put("/plain/<id>")]
    pub async fn by_path(id: u8) -> String {
        format!("{id}{}", UNTOUCHED.len())
    }

    #[rocket::route(DELETE, uri = "/plain")]
    pub(crate) fn by_route() {}

    #[cfg_attr(all(), get("/conditional"))]
    pub fn conditional() -> &'static str {
        "conditional"
    }

    #[cross_origin(origins = ["https://admin.example.com"])]
    #[get("/own")]
    pub fn own() -> &'static str {
        "own"
    }

    #[cross_origin(none)]
    #[get("/none")]
    pub fn none() -> &'static str {
        "none"
    }

    #[cross_origin(none)]
    #[post("/none")]
    pub fn post_none() {}

    #[cross_origin(inherit, origins = ["https://admin.example.com"], allow_headers = ["x-more"], max_age = 5)]
    #[put("/more")]
    pub fn more() -> &'static str {
        "more"
    }

    #[cross_origin(inherit, credentials = false)]
    #[get("/no-cookies")]
    pub fn no_cookies() -> &'static str {
        "no cookies"
    }

    fn helper() -> &'static str {
        "plain"
    }

    pub struct NotAHandler;

    impl NotAHandler {
        pub fn get(&self) -> &'static str {
            (ALSO)()
        }
    }

    macro_rules! also_untouched {
        () => {
            "macro"
        };
    }

    pub fn uses_the_macro() -> &'static str {
        also_untouched!()
    }

    pub mod nested {
        use rocket::get;

        #[get("/nested")]
        pub fn plain() -> &'static str {
            "nested"
        }

        pub mod deeper {
            #[rocket::get("/nested/deeper")]
            pub fn plain() -> &'static str {
                "deeper"
            }
        }
    }

    #[cross_origin(inherit, origins = ["https://admin.example.com"])]
    pub mod wider {
        #[rocket::get("/wider")]
        pub fn plain() -> &'static str {
            "wider"
        }

        #[cors_runtime::cross_origin(inherit, origins = ["https://third.example.com"])]
        #[rocket::get("/wider/still")]
        pub fn still() -> &'static str {
            "still wider"
        }
    }

    #[cross_origin(origins = any)]
    pub mod open {
        #[rocket::get("/open")]
        pub fn plain() -> &'static str {
            "open"
        }

        #[cors_runtime::cross_origin(inherit, origins = ["https://app.example.com"], expose_headers = ["x-total"])]
        #[rocket::get("/open/absorbed")]
        pub fn absorbed() -> &'static str {
            "any absorbs a list"
        }
    }

    #[cross_origin(none)]
    pub mod closed {
        #[rocket::get("/closed")]
        pub fn plain() -> &'static str {
            "closed"
        }

        #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
        #[rocket::get("/closed/but-one")]
        pub fn but_one() -> &'static str {
            "but one"
        }
    }

    #[delete("/plain/<_id>")]
    pub fn delete(_id: u8) {}
}

fn server() -> Server {
    launch(rocket::build().mount(
        "/",
        routes![
            api::plain,
            api::by_path,
            api::by_route,
            api::conditional,
            api::own,
            api::none,
            api::post_none,
            api::more,
            api::no_cookies,
            api::delete,
            api::nested::plain,
            api::nested::deeper::plain,
            api::wider::plain,
            api::wider::still,
            api::open::plain,
            api::open::absorbed,
            api::closed::plain,
            api::closed::but_one
        ],
    ))
}

#[test]
fn every_handler_gets_the_modules_policy() {
    let server = server();
    for path in ["/plain", "/conditional", "/nested", "/nested/deeper"] {
        assert!(shared(&server, "GET", path, APP), "{path}");
        assert!(!shared(&server, "GET", path, EVIL) && !shared(&server, "GET", path, ADMIN), "{path}");
        let reply = Call::new("GET", path).header("Origin", APP).send(&server);
        assert_eq!(reply.one("access-control-allow-credentials"), Some("true"), "{path}");
        assert_eq!(reply.one("access-control-expose-headers"), Some("x-total"), "{path}");
    }
    assert!(granted(&server, "PUT", "/plain/7", APP));
    assert!(granted(&server, "DELETE", "/plain/7", APP));
    assert!(granted(&server, "DELETE", "/plain", APP));
}

#[test]
fn a_handlers_own_policy_replaces_it() {
    let server = server();
    assert!(shared(&server, "GET", "/own", ADMIN) && !shared(&server, "GET", "/own", APP));
    let reply = Call::new("GET", "/own").header("Origin", ADMIN).send(&server);
    assert!(
        reply.all("access-control-allow-credentials").is_empty()
            && reply.all("access-control-expose-headers").is_empty()
    );
}

#[test]
fn none_opts_out() {
    let server = server();
    for path in ["/none", "/closed"] {
        assert!(!shared(&server, "GET", path, APP), "{path}");
        assert!(!granted(&server, "GET", path, APP), "{path}");
    }
    assert!(shared(&server, "GET", "/closed/but-one", APP));
    // Same-origin only: other origins cannot make it run either, where it could change something.
    let post = |origin: &str| Call::new("POST", "/none").header("Origin", origin).send(&server).status;
    assert_eq!((post(APP), post(EVIL), post("null")), (403, 403, 403));
    assert_eq!(post(&format!("http://{}", server.address())), 200);
    assert_eq!(Call::new("POST", "/none").send(&server).status, 200);
}

#[test]
fn inherit_adds_to_it() {
    let server = server();
    for origin in [APP, ADMIN] {
        let call =
            Call::new("OPTIONS", "/more").header("Origin", origin).header("Access-Control-Request-Method", "PUT");
        let reply = call.send(&server);
        assert_eq!(reply.one("access-control-allow-origin"), Some(origin));
        assert_eq!(reply.list("access-control-allow-headers"), ["x-token", "x-more"]);
        assert_eq!(reply.one("access-control-max-age"), Some("5"), "the handler's single values win");
        assert_eq!(
            reply.one("access-control-allow-credentials"),
            Some("true"),
            "those that it does not give are the module's"
        );
    }
    assert!(!granted(&server, "PUT", "/more", EVIL));
    let reply = Call::new("GET", "/no-cookies").header("Origin", APP).send(&server);
    assert_eq!(
        (reply.one("access-control-allow-origin"), reply.all("access-control-allow-credentials").len()),
        (Some(APP), 0)
    );
}

#[test]
fn modules_nest() {
    let server = server();
    for origin in [APP, ADMIN] {
        assert!(shared(&server, "GET", "/wider", origin) && shared(&server, "GET", "/wider/still", origin), "{origin}");
    }
    let third = "https://third.example.com";
    assert!(!shared(&server, "GET", "/wider", third) && shared(&server, "GET", "/wider/still", third));
    assert!(shared(&server, "GET", "/open", EVIL) && shared(&server, "GET", "/open/absorbed", EVIL));
    let reply = Call::new("GET", "/open").header("Origin", EVIL).send(&server);
    assert_eq!(
        reply.all("access-control-expose-headers").len(),
        0,
        "a module's own policy replaces that of the one around"
    );
}

#[test]
fn everything_else_is_untouched() {
    assert_eq!((api::plain(), api::uses_the_macro(), api::NotAHandler.get()), ("plain", "macro", "plain"));
    assert_eq!(uri!(api::nested::deeper::plain()).to_string(), "/nested/deeper");
}

/// Handlers that a module does not see at a glance: all of them are its handlers.
mod hidden {
    #[cors_runtime::cross_origin(origins = ["https://app.example.com"], enforce)]
    pub mod api {
        use std::fmt::Debug;

        #[cfg_attr(all(), doc = "two in one", rocket::post("/several"))]
        pub fn several() {}

        #[cfg_attr(all(), cfg_attr(all(), allow(dead_code), cfg_attr(not(any()), rocket::post("/nested"))))]
        pub async fn nested() {
            rocket::tokio::task::yield_now().await;
        }

        #[cfg_attr(any(), rocket::post("/other"))]
        #[cfg_attr(not(any()), rocket::put("/either"))]
        pub fn either() {}

        /// `extern` opens a function too.
        #[rocket::post("/extern")]
        pub extern "C" fn of_c() {}

        /// The braces are not yet the body.
        pub fn table() -> Table<{ 1 + 1 }> {
            Table
        }

        #[rocket::post("/after-braces")]
        pub fn after_braces() {
            let Table = table();
            (CONSTANT)();
        }

        pub struct Table<const N: usize>;

        // These are not functions.
        #[used]
        static CONSTANT: fn() = several;

        /// Under a condition that does not hold, this is not a handler.
        #[cfg_attr(any(), rocket::post("/nothing"))]
        pub fn nothing() -> u8 {
            1
        }

        /// Its own policy stands under a condition.
        #[cfg_attr(all(), cors_runtime::cross_origin(origins = ["https://admin.example.com"]))]
        #[rocket::post("/own")]
        pub fn own() {}

        #[cfg_attr(any(), cors_runtime::cross_origin(origins = any))]
        #[rocket::post("/own-not")]
        pub fn own_not() {}

        #[cfg_attr(all(), cors_runtime::cross_origin(inherit, origins = ["https://admin.example.com"]))]
        pub mod inner {
            #[rocket::post("/inner")]
            pub fn inner() {}
        }

        // Functions that are not handlers, and whose attributes are not known here.
        #[rocket::catch(404)]
        pub fn not_found() -> &'static str {
            "nothing here"
        }

        #[rocket::async_test]
        async fn a_test() {
            shows(&nothing());
        }

        pub fn shows<T: Debug>(value: &T) -> String {
            format!("{value:?}")
        }

        /// A handler in a function, with its own policy.
        pub fn routes() -> Vec<rocket::Route> {
            #[cors_runtime::cross_origin(none)]
            #[rocket::post("/in-a-function")]
            fn in_a_function() {}

            thread_local! {
                static COUNT: u8 = const { 0 };
            }
            COUNT.with(|_| rocket::routes![in_a_function])
        }
    }
}

#[test]
fn nobody_gets_out() {
    use hidden::api;
    let mounted = routes![
        api::several,
        api::nested,
        api::either,
        api::of_c,
        api::after_braces,
        api::own,
        api::own_not,
        api::inner::inner
    ];
    let server = launch(
        rocket::build().mount("/", mounted).mount("/", api::routes()).register("/", rocket::catchers![api::not_found]),
    );
    let status = |method, path, origin| Call::new(method, path).header("Origin", origin).send(&server).status;
    for (method, path) in [
        ("POST", "/several"),
        ("POST", "/nested"),
        ("PUT", "/either"),
        ("POST", "/extern"),
        ("POST", "/after-braces"),
        ("POST", "/own-not"),
    ] {
        assert_eq!((status(method, path, APP), status(method, path, EVIL)), (200, 403), "{path}");
    }
    assert_eq!((status("POST", "/own", APP), status("POST", "/own", ADMIN)), (403, 200));
    let inner = [APP, ADMIN, EVIL].map(|origin| status("POST", "/inner", origin));
    assert_eq!(inner, [200, 200, 403]);
    assert_eq!((status("POST", "/in-a-function", APP), status("POST", "/in-a-function", EVIL)), (403, 403));
    assert_eq!(api::shows(&api::nothing()), "1");
}
