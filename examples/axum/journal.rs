//! axum's part of the journal: a layer around everything notes which requests arrive, and what is answered.

use std::cell::RefCell;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::{FromRequestParts, Json, MatchedPath, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use axum_extra::extract::CookieJar;
use cors_runtime::{RefusalEvent, cross_origin};
use serde::Deserialize;
use tokio::task_local;

use crate::calls::{Arrived, Call, Decided, Exchange, Journal, without_values_of_cookies};

/// Both pages may read this, so the policy shares it with anybody: there is nothing private in it for who does not know
/// the name of a call.
#[cross_origin(origins = any)]
struct Calls;

/// Shows the journal at `/calls/{name}`.
pub(crate) fn routes(journal: Journal) -> Router {
    Router::new().route_service("/calls/{name}", Calls.layer().around(get(call).with_state(journal)))
}

async fn call(Path(name): Path<String>, State(journal): State<Journal>) -> Json<Call> {
    Json(journal.call(&name))
}

#[derive(Deserialize)]
struct Named {
    call: String,
}

/// Notes a request that belongs to a call, and its answer. It stands around the layers of the library, so that it sees the
/// headers that they set.
pub(crate) async fn note(
    State(journal): State<Journal>,
    cookies: CookieJar,
    mut request: Request,
    next: Next,
) -> Response {
    let Ok(Query(Named { call: name })) = Query::try_from_uri(request.uri()) else { return next.run(request).await };
    let ran = HasRun::default();
    request.extensions_mut().insert(ran.clone());
    let (method, cookie) = (request.method().to_string(), cookies.get("visitor").is_some());
    let sent = lines(format!("{method} {} {:?}", request.uri(), request.version()), request.headers());

    let answer = async { (next.run(request).await, REFUSAL.with(RefCell::take)) };
    let (response, refusal) = REFUSAL.scope(RefCell::default(), answer).await;

    let answered = lines(format!("{:?} {}", response.version(), response.status()), response.headers());
    let route = response.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let decided = Decided { route, refusal, ..Decided::default() };
    // Before the page has the answer, since it asks the journal as soon as it has.
    journal.note(&name, |call| {
        call.add(Arrived { method, cookie, decided, wire: Exchange { sent, answered } });
        call.runs += usize::from(ran.has_run(response.status()));
    });
    response
}

fn lines(first: String, headers: &HeaderMap) -> Vec<String> {
    let lines = headers.iter().map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
    [first].into_iter().chain(lines.map(|line| without_values_of_cookies(&line))).collect()
}

/// Lets the journal know the route of an answer, also where a policy has turned the request away.
pub(crate) async fn route(path: MatchedPath, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.extensions_mut().insert(path);
    response
}

task_local! {
    /// Why the request that this task answers was refused.
    static REFUSAL: RefCell<Option<String>>;
}

/// Lets the journal know why a request was refused.
pub(crate) fn remember(event: &RefusalEvent<'_>) {
    // Nobody asks where the request does not belong to a call.
    let _ = REFUSAL.try_with(|refusal| refusal.replace(Some(event.refusal.to_string())));
}

/// Whether the handler of a request ran.
#[derive(Clone, Default)]
struct HasRun(Arc<AtomicBool>);

impl HasRun {
    /// axum reads bodies after everything else, and answers with one of these statuses if it cannot; no handler here does.
    fn has_run(&self, status: StatusCode) -> bool {
        let unread = [
            StatusCode::BAD_REQUEST,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        self.0.load(Ordering::Relaxed) && !unread.contains(&status)
    }
}

/// As an extractor of a handler: lets the journal note that the handler ran.
pub(crate) struct Ran;

impl<S: Sync> FromRequestParts<S> for Ran {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        if let Some(HasRun(has_run)) = request.extensions.get() {
            has_run.store(true, Ordering::Relaxed);
        }
        Ok(Ran)
    }
}
