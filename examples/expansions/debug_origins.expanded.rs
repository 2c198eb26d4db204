//! More origins while developing; every cross-origin request of others is turned away.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::cross_origin;
use rocket::get;

fn report() -> &'static str {
    "report"
}

#[doc(hidden)]
#[allow(non_camel_case_types)]
struct report {}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::{
        origins as _, debug_origins as _, enforce as _,
    };
};

#[doc(hidden)]
impl report {
    #[allow(non_local_definitions)]
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        #[get("/report")]
        #[::cors_runtime::__private::rocket::signature_only]
        fn report() -> &'static str {}
        let of_rocket = report {};
        {
            use ::cors_runtime::__private as __cors;
            use __cors::rocket::refused::IntoInfo as _;
            static POLICY: __cors::Policy = __cors::policy(__cors::PolicyParts {
                origins: if ::core::cfg!(debug_assertions) {
                    __cors::Origins::Listed {
                        exact: &["https://app.example.com"],
                        patterns: &[
                            __cors::Pattern {
                                scheme: "http",
                                host: "localhost",
                                subdomains: false,
                                port: __cors::Port::Any,
                            },
                        ],
                    }
                } else {
                    __cors::Origins::Listed {
                        exact: &["https://app.example.com"],
                        patterns: &[],
                    }
                },
                debug_origins: if ::core::cfg!(debug_assertions) {
                    &["http://localhost:*"]
                } else {
                    &[]
                },
                enforce: __cors::Enforce::All,
                ..__cors::PolicyParts::EMPTY
            });
            __cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(report),
                __cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_report_9a1a233ed9748cc3 {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_report_9a1a233ed9748cc3 {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/report", (), $($token)*) }
        };
    }
    pub use __cross_origin_uri_report_9a1a233ed9748cc3 as rocket_uri_macro_report;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_report_9a1a233ed9748cc3::rocket_uri_macro_report;
