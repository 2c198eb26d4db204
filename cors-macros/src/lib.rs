//! The `#[cross_origin]` attribute of [`cors-runtime`](https://docs.rs/cors-runtime), which re-exports it.
//!
//! | file | phase |
//! |---|---|
//! | `parse/` | tokens to arguments, each with its tokens kept; and the item below |
//! | `inherit` | the arguments in effect, where those of a module count too |
//! | `check` | the item and its policy against `cors-rules`; each finding finds its tokens again |
//! | `expand/` | the output |
//! | `runtime_path` | every path of the runtime crate that the output names |
//! | `report` | errors, collected |
#![forbid(unsafe_code)]

mod check;
mod expand;
mod inherit;
mod parse;
mod report;
mod runtime_path;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use parse::Item;
use parse::arguments::Arguments;
use report::Report;
use runtime_path::Runtime;

// A copy of attribute.md, which editors do not read from there.
/// Says which web pages may call a handler, and checks that policy while the handler compiles.
///
/// ```rust
/// use cors_runtime::{cross_origin, rocket::CrossOrigin};
/// use rocket::{get, launch, routes};
///
/// #[cross_origin(origins = ["https://app.example.com"], credentials)]
/// #[get("/users/<id>")]
/// fn user(id: u64) -> String {
///     format!("user {id}")
/// }
///
/// #[launch]
/// fn rocket() -> _ {
///     rocket::build()
///         .attach(CrossOrigin::fairing()) // the only new line
///         .mount("/api", routes![user])
/// }
/// ```
///
/// Pages at `https://app.example.com` may now read what the handler answers, with the user's cookies. No other page may.
///
/// # The arguments
///
/// <!-- from README.md: The arguments -->
/// `#[cross_origin(…)]` goes above the route attribute of a handler.
///
/// | argument | type | default | meaning |
/// |---|---|---|---|
/// | `origins` | list of origins, or `any` | none: required | the origins of the pages that may call the handler |
/// | `debug_origins` | list of origins, or `any` | `[]` | additional origins, only if `cfg(debug_assertions)` holds |
/// | `credentials` | `bool` | `false` | cookies, HTTP authentication and client certificates may be used |
/// | `allow_headers` | list of names, `any`, or `[any, "authorization"]` | `[]` | request headers that pages may send, in addition to those that browsers always let pass |
/// | `expose_headers` | list of names, or `any` | `[]` | response headers that pages may read, in addition to the [seven](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name) that they can always read |
/// | `max_age` | whole number, 0 to 86400 | not sent: browsers use 5 | for how many seconds a browser may reuse the answer to a preflight |
/// | `enforce` | `bool` | unset | which requests from origins that the policy does not allow are rejected with 403 before the handler runs. Unset: all except GET, HEAD and OPTIONS. `enforce`: those too. `enforce = false`: none |
/// | `allow(…)` | names of lints | none | accepts what the named lints find |
/// | `crate` | absolute path | `::cors_runtime` | the path of the library, if it is re-exported or renamed |
///
/// The attribute can also be written on an inline `mod`, for every handler in it, and on a unit struct, which is then a
/// named policy. `Name.cover(routes)` applies that policy to routes of Rocket that cannot have an attribute, such as those of
/// `FileServer`; with the feature `tower`, `Name.layer()` puts it on services of tower, such as routers of axum.
///
/// | argument | type | default | meaning |
/// |---|---|---|---|
/// | `policy` | path of a unit struct | none | uses the policy of that struct, which says all of the above |
/// | `inherit` | no value | not set | inside an annotated module: adds to the module's policy instead of replacing it |
/// | `none` | no value | not set | shares with nobody: only the server's own pages may read the responses and write. It can be combined with `enforce` and `allow` only |
///
/// A `bool` argument can be written without a value: `credentials` means `credentials = true`. Methods are not an argument:
/// a policy applies to the method of the route attribute below it (GET also answers HEAD), and a layer to the methods that the
/// service inside serves. Header names can be written in any case.
///
/// | origin | meaning |
/// |---|---|
/// | `"https://app.example.com"` | exactly this origin, as browsers write it: no path, no default port, lower case |
/// | `"https://*.example.com"` | every host below `example.com`, at any depth, and not `example.com` itself |
/// | `"http://localhost:*"` | this host with any port, or without a port |
/// | `any` | every page; cannot be combined with `credentials` |
///
/// Two more forms can be used in the list of `origins`, for origins that are not known at compile time:
///
/// | origin | meaning |
/// |---|---|
/// | `config("name")` | the list `cors.name` of the application's Rocket configuration, checked at launch by the same rules; or the list that is given to `layer` |
/// | `check(path)` | each origin for which `async fn path(&Origin<'_>, &Request<'_>) -> bool` returns `true` at request time; for a layer, `&http::request::Parts` stands in the place of `&Request<'_>` |
/// <!-- end -->
///
/// The guide has [an example for each argument](https://docs.rs/cors-runtime/latest/cors_runtime/guide/arguments/).
///
/// # Where it stands
///
/// - **On a handler**, above its route attribute: below it, Rocket has taken the handler already, and the error says so.
/// - **On an inline module**, for every handler in it. A handler's own attribute replaces that of the module.
/// - **On a unit struct**: a named policy. On Rocket it is for `policy = Name` and `Name.cover(routes)`; with the feature `tower`,
///   `Name.layer()` is its layer for axum and every other service of tower.
///
/// # What is generated
///
/// The handler stays a plain function. Beside it stand a struct of its name, which `routes!` looks for, and the macro that
/// `uri!` looks for. The struct has a function that holds the policy as a constant, and Rocket's own route attribute.
/// An application that mounts the route and does not attach `CrossOrigin::fairing()` does not launch.
///
/// Beside a unit struct stand its methods `cover` and `layer`, each if the feature is on, and the policy as a constant.
///
/// # Errors
///
/// Everything that is wrong with a policy is an error, all at once, each at the text that causes it:
///
/// ```compile_fail
/// # use cors_runtime::cross_origin;
/// # use rocket::get;
/// #[cross_origin(origins = ["https://app.example.com/"], credentials)] // remove the trailing slash
/// #[get("/users/<id>")]
/// fn user(id: u64) {}
/// ```
///
/// An error names its rule. A rule that is a lint can be accepted, with `allow(…)`; the others cannot. The guide has [all
/// rules](https://docs.rs/cors-runtime/latest/cors_runtime/guide/rules/), and `cargo cors rule NAME` prints the page of one.
///
/// # Recipes
///
/// Local development with a page on another port, cookies, and JSON:
///
/// ```rust
/// # use cors_runtime::cross_origin;
/// # use rocket::{post, serde::json::Json};
/// #[cross_origin(
///     origins = ["https://app.example.com"],
///     debug_origins = ["http://localhost:5173"],
///     credentials,
///     allow_headers = ["content-type"]
/// )]
/// #[post("/items", format = "json", data = "<item>")]
/// fn add(item: Json<String>) {}
/// ```
///
/// Public data, for every page:
///
/// ```rust
/// # use cors_runtime::cross_origin;
/// # use rocket::get;
/// #[cross_origin(origins = any)]
/// #[get("/status")]
/// fn status() -> &'static str {
///     "up"
/// }
/// ```
///
/// One policy for every route of a mount:
///
/// ```rust
/// # use cors_runtime::{cross_origin, rocket::CrossOrigin};
/// # use rocket::{get, routes};
/// #[cross_origin(origins = ["https://app.example.com"])]
/// struct Api;
///
/// #[get("/items")]
/// fn items() {}
///
/// let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/api", Api.cover(routes![items]));
/// ```
///
/// For the server's own pages only, which protects a write from the forms of other sites:
///
/// ```rust
/// # use cors_runtime::cross_origin;
/// # use rocket::post;
/// #[cross_origin(none)]
/// #[post("/transfer")]
/// fn transfer() {}
/// ```
///
/// A form that another site is meant to post, such as a SAML login: nobody may read the answer, and the handler checks the
/// signature itself.
///
/// ```rust
/// # use cors_runtime::cross_origin;
/// # use rocket::post;
/// #[cross_origin(none, enforce = false)]
/// #[post("/saml/acs")]
/// fn assertion() {}
/// ```
#[proc_macro_attribute]
pub fn cross_origin(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(arguments.into(), &item.into()).into()
}

/// On the struct with the name of a handler in the output of `#[cross_origin]`: its tokens stand beside that struct, unless
/// the compiler does not take the struct where it is.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __beside(tokens: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    item.into_iter().chain(tokens).collect()
}

/// `#[cross_origin]`, when the attributes that stood between it and the route attribute have been expanded.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __directly_above(arguments: proc_macro::TokenStream, item: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand_at(Place::DirectlyAbove, arguments.into(), &item.into()).into()
}

/// Below a route attribute in the output of `#[cross_origin]`, so that it sees what Rocket makes of the function.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __signature_only(_: proc_macro::TokenStream, function: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand::rocket::signature_only(&function.into()).into()
}

/// Where the attribute stands among those of a handler.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// There may be others between it and the route attribute.
    Anywhere,
    /// Those have been expanded.
    DirectlyAbove,
}

/// The attribute, on types that tests can make too.
fn expand(arguments: TokenStream, tokens: &TokenStream) -> TokenStream {
    expand_at(Place::Anywhere, arguments, tokens)
}

fn expand_at(place: Place, written: TokenStream, tokens: &TokenStream) -> TokenStream {
    let mut report = Report::default();
    let arguments = Arguments::parse(written.clone(), &mut report);
    let Some(item) = Item::parse(tokens) else {
        // The compiler itself reports what is wrong with the item.
        report.discard();
        return tokens.clone();
    };
    if arguments.is_below_broken() && !matches!(item, Item::Module(_)) {
        let errors = report.into_tokens();
        return quote!(#tokens #errors);
    }
    if let Some(outer) = arguments.module.as_ref().filter(|_| arguments.from_module && item.has_second_attribute()) {
        report.discard();
        return expand::give_way(outer, tokens.clone());
    }
    if place == Place::Anywhere
        && let Some(output) = expand::below_other_macros(written, &Runtime::of(&arguments), &item, tokens)
    {
        // It reports the same there.
        report.discard();
        return output;
    }
    let united = inherit::effective(&arguments);
    let policy = check::item(&arguments, &united, &item, &mut report);
    let sound = report.is_empty() && !arguments.is_below_broken();
    let output = expand::expand(&arguments, &united, &item, tokens, &policy, sound);
    let errors = report.into_tokens();
    quote!(#output #errors)
}
