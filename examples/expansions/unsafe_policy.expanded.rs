//! A policy with four mistakes: the errors come all at once, and the rest of the output is as ever.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.
// The compiler says:
//     unknown option `supports_credentials`
//     = help: did you mean `credentials`?
//     = note: rule `unknown-option` is always an error
// The compiler says:
//     `https://app.example.com/` is a URL, not an origin: origins end after the host or port
//     = help: remove the trailing slash: `"https://app.example.com"`
//     = note: rule `trailing-slash` is always an error
// The compiler says:
//     with `credentials`, the insecure origin `http://intranet.example.com` lets anybody on the network path act as the user
//     = help: write `"https://intranet.example.com"`, or remove `credentials`
//     = note: lint `insecure-origin-with-credentials`; add `allow(insecure_origin_with_credentials)` to accept this
// The compiler says:
//     with `credentials`, `https://*.co.uk` trusts everybody who can register a name under `co.uk`
//     = help: name your own domain: `https://<yours>.co.uk`, or `https://*.<yours>.co.uk` for its subdomains
//     = note: lint `public-suffix-wildcard`; add `allow(public_suffix_wildcard)` to accept this

use cors_runtime::cross_origin;
use rocket::get;

fn account() -> &'static str {
    "account"
}

#[doc(hidden)]
#[allow(non_camel_case_types)]
struct account {}

const _: () = {
    #[allow(unused_imports)]
    use ::cors_runtime::__private::arguments::{origins as _, credentials as _};
};

#[doc(hidden)]
impl account {
    #[allow(non_local_definitions)]
    pub fn into_route(self) -> ::cors_runtime::__private::rocket::Route {
        #[get("/account")]
        #[::cors_runtime::__private::rocket::signature_only]
        fn account() -> &'static str {}
        let of_rocket = account {};
        {
            use ::cors_runtime::__private as __cors;
            use __cors::rocket::refused::IntoInfo as _;
            static POLICY: __cors::Policy = __cors::policy(__cors::PolicyParts {
                origins: __cors::Origins::Listed {
                    exact: &["http://intranet.example.com"],
                    patterns: &[
                        __cors::Pattern {
                            scheme: "https",
                            host: "co.uk",
                            subdomains: true,
                            port: __cors::Port::Default,
                        },
                    ],
                },
                credentials: true,
                ..__cors::PolicyParts::EMPTY
            });
            __cors::rocket::annotate(
                of_rocket.into_info(),
                &::cors_runtime::__private::handler!(account),
                __cors::rocket::RoutePolicy::of(&POLICY),
            )
        }
    }
}

#[doc(hidden)]
#[allow(nonstandard_style, unused, clippy::pub_use)]
pub mod __cross_origin_uri_account_753f56c4a85c1e13 {
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __cross_origin_uri_account_753f56c4a85c1e13 {
        ($($token:tt)*) => {
            { rocket::rocket_internal_uri!("/account", (), $($token)*) }
        };
    }
    pub use __cross_origin_uri_account_753f56c4a85c1e13 as rocket_uri_macro_account;
}

#[doc(hidden)]
#[allow(unused, clippy::pub_use)]
pub use __cross_origin_uri_account_753f56c4a85c1e13::rocket_uri_macro_account;

::core::compile_error! {
    "unknown option `supports_credentials`\n= help: did you mean `credentials`?\n= note: rule `unknown-option` is always an error"
}

::core::compile_error! {
    "`https://app.example.com/` is a URL, not an origin: origins end after the host or port\n= help: remove the trailing slash: `\"https://app.example.com\"`\n= note: rule `trailing-slash` is always an error"
}

::core::compile_error! {
    "with `credentials`, the insecure origin `http://intranet.example.com` lets anybody on the network path act as the user\n= help: write `\"https://intranet.example.com\"`, or remove `credentials`\n= note: lint `insecure-origin-with-credentials`; add `allow(insecure_origin_with_credentials)` to accept this"
}

::core::compile_error! {
    "with `credentials`, `https://*.co.uk` trusts everybody who can register a name under `co.uk`\n= help: name your own domain: `https://<yours>.co.uk`, or `https://*.<yours>.co.uk` for its subdomains\n= note: lint `public-suffix-wildcard`; add `allow(public_suffix_wildcard)` to accept this"
}
