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
macro_rules! __cross_origin_order__post_orders_id_express {
    ($($argument:expr),*) => {
        order($($argument),*)
    };
}

#[doc(hidden)]
#[allow(deprecated)]
impl order {
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        use ::cors_runtime::__private as cors;
        static POLICY: cors::Policy = cors::policy(cors::PolicyParts {
            origins: cors::Origins::Listed {
                exact: &["https://app.example.com"],
                patterns: &[],
            },
            allow_headers: cors::AllowHeaders::Listed("content-type"),
            ..cors::PolicyParts::EMPTY
        });
        let of_rocket = __cross_origin_order__post_orders_id_express {
        };
        cors::rocket::annotate(
            of_rocket.into_info(),
            &::cors_runtime::__private::handler!(order),
            cors::rocket::RoutePolicy::of(&POLICY),
        )
    }
}

#[doc(hidden)]
#[allow(
    deprecated,
    nonstandard_style,
    unreachable_code,
    unused_parens,
    clippy::used_underscore_binding
)]
#[post("/orders/<id>?<express>", format = "json", data = "<order>", rank = 2)]
#[::cors_runtime::__private::rocket::uri_macro(
    order,
    __cross_origin_order__post_orders_id_express
)]
fn __cross_origin_order__post_orders_id_express(
    id: u64,
    express: Option<bool>,
    order: Json<Order>,
    last: &State<u64>,
    __cross_origin_4: &CookieJar<'_>,
) -> Option<Json<Order>> {
    __cross_origin_order__post_orders_id_express!(
        id, express, order, last, __cross_origin_4
    )
}
