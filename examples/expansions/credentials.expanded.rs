//! Cookies, for exact origins and for patterns; headers both ways; a preflight that is remembered.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::cross_origin;
use rocket::{delete, serde::json::Json};

pub fn clear(id: u64) -> Json<u64> {
    Json(id)
}

#[doc(hidden)]
#[allow(non_camel_case_types)]
pub struct clear {}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::{
        origins as _, credentials as _, allow_headers as _, expose_headers as _,
        max_age as _,
    };
};

#[doc(hidden)]
impl clear {
    #[allow(non_local_definitions)]
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        #[delete("/carts/<id>")]
        #[::cors_runtime::__private::rocket::signature_only]
        fn clear(id: u64) -> Json<u64> {}
        let of_rocket = clear {};
        {
            use ::cors_runtime::__private as __cors;
            use __cors::rocket::refused::IntoInfo as _;
            static POLICY: __cors::Policy = __cors::policy(__cors::PolicyParts {
                origins: __cors::Origins::Listed {
                    exact: &[
                        "https://app.example.com",
                        "https://admin.example.com:8443",
                    ],
                    patterns: &[
                        __cors::Pattern {
                            scheme: "https",
                            host: "example.org",
                            subdomains: true,
                            port: __cors::Port::Default,
                        },
                    ],
                },
                credentials: true,
                allow_headers: __cors::AllowHeaders::Listed(
                    "content-type, x-csrf-token",
                ),
                expose_headers: "etag",
                max_age: "600",
                ..__cors::PolicyParts::EMPTY
            });
            __cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(clear),
                __cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_clear_7f2a15d2940fa6b2 {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_clear_7f2a15d2940fa6b2 {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/carts/<id>", (id : u64), $($token)*) }
        };
    }
    pub use __cross_origin_uri_clear_7f2a15d2940fa6b2 as rocket_uri_macro_clear;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_clear_7f2a15d2940fa6b2::rocket_uri_macro_clear;
