//! What the API says at its own root, to people who open it in a browser.

use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::addresses::Addresses;
use crate::page::{API, handlers};

/// How one gets what the page shows.
const ABOUT: &str = "This is how its source says it, in <code>axum/api.rs</code>. A handler there that is not in the list has \
                     no policy, and is shared with no page of another origin.";

/// Serves the root. Nobody but the API's own pages needs it, so there is no policy.
pub(crate) fn routes(addresses: &Addresses) -> Router {
    let Addresses { api, named, stranger } = addresses;
    let policies = escaped(&policies());
    let values = [
        ("{about}", ABOUT),
        ("{style}", include_str!("../playground/page/style.css")),
        ("{policies}", &policies),
        ("{api}", api),
        ("{named}", named),
        ("{stranger}", stranger),
    ];
    let page = include_str!("../playground/page/api.html").to_owned();
    let page = values.iter().fold(page, |page, (name, value)| page.replace(name, value));
    Router::new().route("/", get(Html(page)))
}

/// Each route that has a policy, below the policy.
fn policies() -> String {
    let shared = handlers(API).into_values().filter_map(|text| {
        let (policy, _) = text.split_once("\n\n").filter(|(policy, _)| policy.starts_with("#[cross_origin"))?;
        let (_, route) = text.rsplit_once('\n')?;
        Some(format!("{policy}\n    {route}"))
    });
    let mut shared: Vec<_> = shared.collect();
    shared.sort();
    shared.dedup();
    shared.join("\n\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
