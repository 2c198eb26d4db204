//! An `async` handler that borrows from the request.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::cross_origin;
use rocket::get;

async fn greet<'r>(name: &'r str, title: Option<&'r str>) -> &'r str {
    title.unwrap_or(name)
}

#[doc(hidden)]
#[allow(non_camel_case_types)]
struct greet {}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::origins as _;
};

#[doc(hidden)]
#[allow(deprecated)]
impl greet {
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        use ::cors_runtime::__private as cors;
        static POLICY: cors::Policy = cors::policy(cors::PolicyParts {
            origins: cors::Origins::Any,
            ..cors::PolicyParts::EMPTY
        });
        let of_rocket = __cross_origin_greet__get_greet_name_title {
        };
        cors::rocket::annotate(
            of_rocket.into_info(),
            &::cors_runtime::__private::handler!(greet),
            cors::rocket::RoutePolicy::of(&POLICY),
        )
    }
}

#[doc(hidden)]
#[allow(deprecated, nonstandard_style, unreachable_code, unused_parens)]
#[get("/greet/<name>?<title>")]
#[::cors_runtime::__private::rocket::uri_macro(
    greet,
    __cross_origin_greet__get_greet_name_title
)]
async fn __cross_origin_greet__get_greet_name_title<'r>(
    name: &'r str,
    title: Option<&'r str>,
) -> &'r str {
    greet(name, title).await
}
