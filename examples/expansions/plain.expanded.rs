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
#[allow(deprecated)]
impl user {
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        use ::cors_runtime::__private as cors;
        static POLICY: cors::Policy = cors::policy(cors::PolicyParts {
            origins: cors::Origins::Listed {
                exact: &["https://app.example.com"],
                patterns: &[],
            },
            ..cors::PolicyParts::EMPTY
        });
        let of_rocket = __cross_origin_user__get_users_id {
        };
        cors::rocket::annotate(
            of_rocket.into_info(),
            &::cors_runtime::__private::handler!(user),
            cors::rocket::RoutePolicy::of(&POLICY),
        )
    }
}

#[doc(hidden)]
#[allow(deprecated, nonstandard_style, unreachable_code, unused_parens)]
#[get("/users/<id>")]
#[::cors_runtime::__private::rocket::uri_macro(user, __cross_origin_user__get_users_id)]
fn __cross_origin_user__get_users_id(id: u64) -> String {
    user(id)
}
