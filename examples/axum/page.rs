//! The server of the page, which runs twice: on the origin that the policies name, and on one that they do not name.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::addresses::Addresses;
use crate::setup::{LastReport, Report, Role, Setup};

/// The source of the handlers, which the page shows.
pub(crate) const API: &str = include_str!("api.rs");

struct Page {
    setup: Setup,
    last: LastReport,
}

/// A server for the page in this role.
pub(crate) fn router(role: Role, addresses: &Addresses) -> Router {
    let setup = Setup { role, addresses: addresses.clone(), framework: "axum", handlers: handlers(API) };
    Router::new()
        .route("/", get(index))
        .route("/style.css", get(css(include_str!("../playground/page/style.css"))))
        .route("/calls.css", get(css(include_str!("../playground/page/calls.css"))))
        .route("/script.js", get(script(include_str!("../playground/page/script.js"))))
        .route("/calls.js", get(script(include_str!("../playground/page/calls.js"))))
        .route("/exchange.js", get(script(include_str!("../playground/page/exchange.js"))))
        .route("/show.js", get(script(include_str!("../playground/page/show.js"))))
        .route("/setup.json", get(setup_of_the_page))
        .route("/report", get(last_report).post(report))
        .with_state(Arc::new(Page { setup, last: LastReport::default() }))
}

/// The page. It leaves a cookie, which goes to the API as well: cookies belong to a host, whatever the port.
async fn index(cookies: CookieJar) -> (CookieJar, Html<&'static str>) {
    let cookie = Cookie::build(("visitor", "ada")).path("/").same_site(SameSite::Lax).http_only(true);
    (cookies.add(cookie), Html(include_str!("../playground/page/index.html")))
}

fn css(text: &'static str) -> impl IntoResponse + Clone + Send + Sync + 'static {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], text)
}

fn script(text: &'static str) -> impl IntoResponse + Clone + Send + Sync + 'static {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text)
}

async fn setup_of_the_page(State(page): State<Arc<Page>>) -> impl IntoResponse {
    Json(&page.setup).into_response()
}

/// Takes the page's report, and says in the terminal what is in it. As JSON, because other sites cannot send that here
/// without a preflight, and this server grants none.
async fn report(State(page): State<Arc<Page>>, Json(report): Json<Report>) {
    page.last.put(report, &page.setup);
}

/// The last report, for scripts that drive a browser. 404 until there is one.
async fn last_report(State(page): State<Arc<Page>>) -> Result<Json<Report>, StatusCode> {
    page.last.get().map(Json).ok_or(StatusCode::NOT_FOUND)
}

/// Finds the handlers of a source file: each with the policy of its path above it, and with its route below.
pub(crate) fn handlers(source: &str) -> BTreeMap<String, String> {
    let starts = source.match_indices("\nasync fn ").map(|(at, _)| &source[at + 1..]);
    let found = starts.filter_map(|rest| {
        let (name, _) = rest.strip_prefix("async fn ")?.split_once('(')?;
        let (handler, _) = rest.split_once("\n}\n")?;
        let is_route = |line: &&str| line.starts_with(".route") && line.contains(&format!("({name})"));
        let route = source.lines().map(str::trim).find(is_route)?;
        let policy = route.split_once(".layer().around(").and_then(|(before, _)| {
            let (_, policy) = before.split_once(", ")?;
            let (before, _) = source.split_once(&format!("\nstruct {policy};"))?;
            Some(format!("{}\nstruct {policy};\n\n", &before[before.rfind("#[cross_origin(")?..]))
        });
        Some((name.to_owned(), format!("{}{handler}\n}}\n\n{route}", policy.unwrap_or_default())))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::{API, handlers};

    #[test]
    fn a_handler_is_shown_with_its_policy_and_its_route() {
        let found = handlers(API);
        assert_eq!(
            found["status"],
            "#[cross_origin(origins = any)]\nstruct Public;\n\n\
             async fn status(_ran: Ran) -> &'static str {\n    \"up\"\n}\n\n\
             .route_service(\"/status\", Public.layer().around(get(status)))"
        );
        assert!(found["internal"].starts_with("async fn internal"), "{}", found["internal"]);
        assert!(found["update_user"].starts_with("#[cross_origin("), "{}", found["update_user"]);
    }
}
