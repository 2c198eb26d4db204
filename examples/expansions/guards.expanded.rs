//! Path, query, data and request guards go through to the handler.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::cross_origin;
use rocket::serde::{Deserialize, Serialize};
use rocket::{State, http::CookieJar, post, serde::json::Json};

#[derive(Deserialize, Serialize)]
#[serde(crate = "rocket::serde")]
struct Order {
    item: String,
}

fn order(
    id: u64,
    express: Option<bool>,
    order: Json<Order>,
    last: &State<u64>,
    _: &CookieJar<'_>,
) -> Option<Json<Order>> {
    (id <= **last && express != Some(false)).then_some(order)
}

#[doc(hidden)]
#[allow(non_camel_case_types)]
struct order {}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::{origins as _, allow_headers as _};
};

#[doc(hidden)]
impl order {
    #[allow(non_local_definitions)]
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        #[post("/orders/<id>?<express>", format = "json", data = "<order>", rank = 2)]
        #[::cors_runtime::__private::rocket::signature_only]
        fn order(
            id: u64,
            express: Option<bool>,
            order: Json<Order>,
            last: &State<u64>,
            __cross_origin_4: &CookieJar<'_>,
        ) -> Option<Json<Order>> {}
        let of_rocket = order {};
        {
            use ::cors_runtime::__private as __cors;
            use __cors::rocket::refused::IntoInfo as _;
            static POLICY: __cors::Policy = __cors::policy(__cors::PolicyParts {
                origins: __cors::Origins::Listed {
                    exact: &["https://app.example.com"],
                    patterns: &[],
                },
                allow_headers: __cors::AllowHeaders::Listed("content-type"),
                ..__cors::PolicyParts::EMPTY
            });
            __cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(order),
                __cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_order_5e3e2638836583b8 {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_order_5e3e2638836583b8 {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/orders/<id>?<express>", (id : u64, express :
            Option < bool >), $($token)*) }
        };
    }
    pub use __cross_origin_uri_order_5e3e2638836583b8 as rocket_uri_macro_order;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_order_5e3e2638836583b8::rocket_uri_macro_order;
