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
            use ::cors_runtime::__private as cors;
            use cors::rocket::refused::IntoInfo as _;
            static POLICY: cors::Policy = cors::policy(cors::PolicyParts {
                origins: if ::core::cfg!(debug_assertions) {
                    cors::Origins::Listed {
                        exact: &["https://app.example.com"],
                        patterns: &[
                            cors::Pattern {
                                scheme: "http",
                                host: "localhost",
                                subdomains: false,
                                port: cors::Port::Any,
                            },
                        ],
                    }
                } else {
                    cors::Origins::Listed {
                        exact: &["https://app.example.com"],
                        patterns: &[],
                    }
                },
                debug_origins: if ::core::cfg!(debug_assertions) {
                    &["http://localhost:*"]
                } else {
                    &[]
                },
                enforce: cors::Enforce::All,
                ..cors::PolicyParts::EMPTY
            });
            cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(report),
                cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_report_90733dcacdfa868c {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_report_90733dcacdfa868c {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/report", (), $($token)*) }
        };
    }
    pub use __cross_origin_uri_report_90733dcacdfa868c as rocket_uri_macro_report;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_report_90733dcacdfa868c::rocket_uri_macro_report;
