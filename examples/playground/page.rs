//! The server of the page, which runs twice: on the origin that the policies name, and on one that they do not name.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::response::content::{RawCss, RawHtml, RawJavaScript};
use rocket::serde::json::Json;
use rocket::serde::{Deserialize, Serialize};
use rocket::{Build, Config, Rocket, State, get, post, routes};

use crate::addresses::Addresses;

/// The source of the handlers, which the page shows.
const API: &str = include_str!("api.rs");

/// What the policies make of a page's origin.
#[derive(Clone, Copy, Serialize)]
#[serde(crate = "rocket::serde", rename_all = "lowercase")]
pub(crate) enum Role {
    /// They name it.
    Named,
    /// They do not.
    Stranger,
}

/// What the page has to know before it can call anybody.
#[derive(Serialize)]
#[serde(crate = "rocket::serde")]
struct Setup {
    role: Role,
    addresses: Addresses,
    /// The source of the API's handlers by their names.
    handlers: BTreeMap<&'static str, &'static str>,
}

impl Setup {
    /// The origin of this page.
    fn origin(&self) -> &str {
        match self.role {
            Role::Named => &self.addresses.named,
            Role::Stranger => &self.addresses.stranger,
        }
    }
}

/// What a page found, as it reports it when it is done.
#[derive(Clone, Serialize, Deserialize)]
#[serde(crate = "rocket::serde")]
struct Report {
    rows: Vec<Row>,
}

/// One row of the page's table.
#[derive(Clone, Serialize, Deserialize)]
#[serde(crate = "rocket::serde")]
struct Row {
    name: String,
    expected: String,
    observed: String,
    /// Who decided: `allowed`, `refused` or `turned-away`.
    kind: String,
    /// Why the page did not get what it asked for, if it did not.
    reason: String,
}

impl Row {
    fn is_as_expected(&self) -> bool {
        self.expected == self.observed
    }
}

/// The last report of a page.
#[derive(Default)]
struct LastReport(Mutex<Option<Report>>);

/// A server for the page in this role.
pub(crate) fn rocket(config: &Config, role: Role, addresses: &Addresses) -> Rocket<Build> {
    rocket::custom(config)
        .manage(Setup { role, addresses: addresses.clone(), handlers: handlers(API) })
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
    let rows = &report.rows;
    let green = rows.iter().filter(|row| row.is_as_expected()).count();
    println!("{}: {green} of {} as the policy says", setup.origin(), rows.len());
    for Row { name, expected, observed, .. } in rows.iter().filter(|row| !row.is_as_expected()) {
        println!("  {name:?}: expected {expected:?}, observed {observed:?}");
    }
    *last.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(report.into_inner());
}

/// The last report, for scripts that drive a browser. 404 until there is one.
#[get("/report")]
fn last_report(last: &State<LastReport>) -> Option<Json<Report>> {
    last.0.lock().unwrap_or_else(PoisonError::into_inner).clone().map(Json)
}

/// Finds the functions of a source file that have attributes: from the first attribute to the closing brace.
fn handlers(source: &str) -> BTreeMap<&str, &str> {
    // An item ends with a brace at the start of a line, and its attributes follow its documentation.
    let items = source.split_inclusive("\n}\n").filter_map(|item| {
        let (before, rest) = item.split_once("\nfn ")?;
        let (name, _) = rest.split_once('(')?;
        let documented = before.rfind("\n\n").unwrap_or(0);
        let attributes = documented + item[documented..].find("\n#[")?;
        Some((name, item[attributes..].trim()))
    });
    items.collect()
}

#[cfg(test)]
mod tests {
    use super::{API, handlers};

    #[test]
    fn a_handler_is_shown_from_its_first_attribute_on() {
        let source =
            "use a::b;\n\nstruct S;\n\n/// Text.\n#[one]\n#[two]\nfn f(a: u8) {\n    a;\n}\n\n#[three]\nfn g() {\n}\n";
        let found = handlers(source);
        assert_eq!(found["f"], "#[one]\n#[two]\nfn f(a: u8) {\n    a;\n}");
        assert_eq!(found["g"], "#[three]\nfn g() {\n}");
    }

    #[test]
    fn every_handler_in_the_table_is_shown() {
        let found = handlers(API);
        let rows = include_str!("page/calls.js").split("handler: '").skip(1);
        let mut names = rows.filter_map(|row| row.split('\'').next()).peekable();
        assert!(names.peek().is_some());
        assert!(names.all(|name| found.contains_key(name)), "{found:?}");
    }
}
