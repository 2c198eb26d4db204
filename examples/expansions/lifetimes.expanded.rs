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
impl greet {
    #[allow(non_local_definitions)]
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        #[get("/greet/<name>?<title>")]
        #[::cors_runtime::__private::rocket::signature_only]
        async fn greet<'r>(name: &'r str, title: Option<&'r str>) -> &'r str {}
        let of_rocket = greet {};
        {
            use ::cors_runtime::__private as __cors;
            use __cors::rocket::refused::IntoInfo as _;
            static POLICY: __cors::Policy = __cors::policy(__cors::PolicyParts {
                origins: __cors::Origins::Any,
                ..__cors::PolicyParts::EMPTY
            });
            __cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(greet),
                __cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_greet_8a124c1987b9a2a0 {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_greet_8a124c1987b9a2a0 {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/greet/<name>?<title>", (name : & 'r str,
            title : Option < & 'r str >), $($token)*) }
        };
    }
    pub use __cross_origin_uri_greet_8a124c1987b9a2a0 as rocket_uri_macro_greet;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_greet_8a124c1987b9a2a0::rocket_uri_macro_greet;
