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
#[allow(deprecated)]
impl report {
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        use ::cors_runtime::__private as cors;
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
        let of_rocket = __cross_origin_report__get_report {
        };
        cors::rocket::annotate(
            of_rocket.into_info(),
            &::cors_runtime::__private::handler!(report),
            cors::rocket::RoutePolicy::of(&POLICY),
        )
    }
}

#[doc(hidden)]
#[allow(deprecated, nonstandard_style, unreachable_code, unused_parens)]
#[get("/report")]
#[::cors_runtime::__private::rocket::uri_macro(
    report,
    __cross_origin_report__get_report
)]
fn __cross_origin_report__get_report() -> &'static str {
    report()
}
