//! One origin, nothing else.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::cross_origin;
use rocket::get;

/// One user.
fn user(id: u64) -> String {
    format!("user {id}")
}

#[doc(hidden)]
#[allow(non_camel_case_types)]
struct user {}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::origins as _;
};

#[doc(hidden)]
impl user {
    #[allow(non_local_definitions)]
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        #[get("/users/<id>")]
        #[::cors_runtime::__private::rocket::signature_only]
        fn user(id: u64) -> String {}
        let of_rocket = user {};
        {
            use ::cors_runtime::__private as __cors;
            use __cors::rocket::refused::IntoInfo as _;
            static POLICY: __cors::Policy = __cors::policy(__cors::PolicyParts {
                origins: __cors::Origins::Listed {
                    exact: &["https://app.example.com"],
                    patterns: &[],
                },
                ..__cors::PolicyParts::EMPTY
            });
            __cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(user),
                __cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_user_15f221f93c0c574a {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_user_15f221f93c0c574a {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/users/<id>", (id : u64), $($token)*) }
        };
    }
    pub use __cross_origin_uri_user_15f221f93c0c574a as rocket_uri_macro_user;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_user_15f221f93c0c574a::rocket_uri_macro_user;
