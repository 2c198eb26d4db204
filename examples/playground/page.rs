//! The server of the page, which runs twice: on the origin that the policies name, and on one that they do not name.

use std::collections::BTreeMap;

use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::response::content::{RawCss, RawHtml, RawJavaScript};
use rocket::serde::json::Json;
use rocket::{Build, Config, Rocket, State, get, post, routes};

use crate::addresses::Addresses;
use crate::setup::{LastReport, Report, Role, Setup};

/// The source of the handlers, which the page shows.
pub(crate) const API: &str = include_str!("api.rs");

/// A server for the page in this role.
pub(crate) fn rocket(config: &Config, role: Role, addresses: &Addresses) -> Rocket<Build> {
    rocket::custom(config)
        .manage(Setup { role, addresses: addresses.clone(), framework: "rocket", handlers: handlers(API) })
        .manage(LastReport::default())
        .mount("/", routes![index, style, calls_style, setup, report, last_report])
        .mount("/", routes![script, calls, exchange, show])
}

/// The page. It leaves a cookie, which goes to the API as well: cookies belong to a host, whatever the port.
#[get("/")]
fn index(cookies: &CookieJar<'_>) -> RawHtml<&'static str> {
    cookies.add(Cookie::build(("visitor", "ada")).same_site(SameSite::Lax).http_only(true));
    RawHtml(include_str!("page/index.html"))
}

#[get("/style.css")]
fn style() -> RawCss<&'static str> {
    RawCss(include_str!("page/style.css"))
}

#[get("/calls.css")]
fn calls_style() -> RawCss<&'static str> {
    RawCss(include_str!("page/calls.css"))
}

#[get("/script.js")]
fn script() -> RawJavaScript<&'static str> {
    RawJavaScript(include_str!("page/script.js"))
}

#[get("/calls.js")]
fn calls() -> RawJavaScript<&'static str> {
    RawJavaScript(include_str!("page/calls.js"))
}

#[get("/exchange.js")]
fn exchange() -> RawJavaScript<&'static str> {
    RawJavaScript(include_str!("page/exchange.js"))
}

#[get("/show.js")]
fn show() -> RawJavaScript<&'static str> {
    RawJavaScript(include_str!("page/show.js"))
}

#[get("/setup.json")]
fn setup(setup: &State<Setup>) -> Json<&Setup> {
    Json(setup.inner())
}

/// Takes the page's report, and says in the terminal what is in it. With `format`, because other sites cannot
/// send JSON here without a preflight, and this server grants none.
#[post("/report", format = "json", data = "<report>")]
fn report(report: Json<Report>, setup: &State<Setup>, last: &State<LastReport>) {
    last.put(report.into_inner(), setup);
}

/// The last report, for scripts that drive a browser. 404 until there is one.
#[get("/report")]
fn last_report(last: &State<LastReport>) -> Option<Json<Report>> {
    last.get().map(Json)
}

/// Finds the functions of a source file that have attributes: from the first attribute to the closing brace.
pub(crate) fn handlers(source: &str) -> BTreeMap<String, String> {
    // An item ends with a brace at the start of a line, and its attributes follow its documentation.
    let items = source.split_inclusive("\n}\n").filter_map(|item| {
        let (before, rest) = item.split_once("\nfn ")?;
        let (name, _) = rest.split_once('(')?;
        let documented = before.rfind("\n\n").unwrap_or(0);
        let attributes = documented + item[documented..].find("\n#[")?;
        Some((name.to_owned(), item[attributes..].trim().to_owned()))
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use super::handlers;

    #[test]
    fn a_handler_is_shown_from_its_first_attribute_on() {
        let source =
            "use a::b;\n\nstruct S;\n\n/// Text.\n#[one]\n#[two]\nfn f(a: u8) {\n    a;\n}\n\n#[three]\nfn g() {\n}\n";
        let found = handlers(source);
        assert_eq!(found["f"], "#[one]\n#[two]\nfn f(a: u8) {\n    a;\n}");
        assert_eq!(found["g"], "#[three]\nfn g() {\n}");
    }
}
