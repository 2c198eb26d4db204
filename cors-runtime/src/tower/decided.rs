//! What a layer says to the layers around it, in the extensions of its responses and of requests.

use std::sync::{Arc, OnceLock};

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONNECTION, CONTENT_LENGTH,
    CONTENT_TYPE, COOKIE, EXPECT, ORIGIN, PROXY_AUTHORIZATION, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use tower_service::Service;

use crate::header_lines::{cors_headers, remove_cors_headers};

/// A layer inside has decided about this response, so that those around it leave it alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Decided {
    /// Of a preflight: whether the service inside serves the announced method, so that the policy of that layer is the one of
    /// this resource.
    pub(super) covers: bool,
    /// Whether the request was turned away before the service inside got it.
    pub(super) turned_away: bool,
    /// Why the page does not get what it asks for, for `testing`. Only debug builds say it.
    pub(super) reason: Option<Arc<Reason>>,
}

/// The reason of a refusal, after a closer look.
#[derive(Debug)]
pub(super) struct Reason {
    pub(super) text: String,
    pub(super) kind: &'static str,
}

impl Decided {
    pub(super) fn of<R>(response: &Response<R>) -> Option<&Decided> {
        response.extensions().get()
    }
}

/// The other place where a layer inside says what it has decided, in the extensions of a request: a service between two layers
/// may make a new response, without the extensions of the one that it got.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark(Arc<OnceLock<Told>>);

/// What a layer tells the one around.
#[derive(Debug)]
struct Told {
    decided: Decided,
    /// The headers of the CORS protocol that its response has.
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Mark {
    /// That of the layer around, if there is one.
    pub(super) fn of<B>(request: &Request<B>) -> Option<&Mark> {
        request.extensions().get()
    }

    /// Puts a new one on a request, in the place of that of the layer around.
    pub(super) fn put<B>(request: &mut Request<B>) -> Marks {
        let inside = Mark::default();
        let around = request.extensions_mut().insert(inside.clone());
        Marks { inside, around }
    }

    /// Tells the layer around what a response of this one says.
    pub(super) fn tell<R>(&self, response: &Response<R>) {
        if let Some(decided) = Decided::of(response) {
            // The first one stays, if a service between them tries again.
            let headers = cors_headers(response.headers()).map(|(name, value)| (name.clone(), value.clone())).collect();
            let _ = self.0.set(Told { decided: decided.clone(), headers });
        }
    }
}

/// What the layers inside say on a request, and where this one tells the layer around.
#[derive(Debug, Default)]
pub(super) struct Marks {
    inside: Mark,
    around: Option<Mark>,
}

impl Marks {
    /// What a layer inside has decided about a response, and whether the response did not say it, as one that a service in
    /// between has made. It says it again then, and has headers of the CORS protocol only if they are those of the layer inside.
    pub(super) fn decided<'r, R>(&self, response: &'r mut Response<R>) -> Option<(&'r Decided, bool)> {
        let is_remade = Decided::of(response).is_none();
        if is_remade {
            let Told { decided, headers } = self.inside.0.get()?;
            let is_told = |line: (&HeaderName, &HeaderValue)| headers.iter().any(|(name, value)| (name, value) == line);
            if cors_headers(response.headers()).count() != headers.len()
                || !cors_headers(response.headers()).all(is_told)
            {
                remove_cors_headers(response.headers_mut());
            }
            response.extensions_mut().insert(decided.clone());
        }
        Some((Decided::of(response)?, is_remade))
    }

    /// Tells the layer around what a response says.
    pub(super) fn tell<R>(&self, response: &Response<R>) {
        if let Some(around) = &self.around {
            around.tell(response);
        }
    }
}

/// A request that a layer makes itself, to find out about the layers inside: nothing is logged about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe;

/// A request that would not come to the layers inside if anything were turned away: its refusal has been logged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recorded;

/// Whether a layer inside has a policy for the request that this is the preflight of.
pub(super) async fn is_covered<S, B, R>(inside: &mut S, mut preflight: Request<B>) -> Result<bool, S::Error>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    let marks = Mark::put(&mut preflight);
    // The answer ends here: what it holds may be what the service needs to be ready again.
    let mut answer = inside.call(preflight).await?;
    Ok(marks.decided(&mut answer).is_some_and(|(decided, _)| decided.covers))
}

/// The preflight that a browser would send before this request.
pub(super) fn preflight_of<B, P: Default>(request: &Request<B>) -> Request<P> {
    let mut preflight = Request::new(P::default());
    *preflight.method_mut() = Method::OPTIONS;
    *preflight.uri_mut() = request.uri().clone();
    *preflight.version_mut() = request.version();
    *preflight.extensions_mut() = request.extensions().clone();
    preflight.extensions_mut().insert(Probe);
    let headers = preflight.headers_mut();
    *headers = request.headers().clone();
    // There is no body, no handshake, and no header to ask for. And as in a preflight of a browser there is nothing that makes
    // it act as the user: a service that answers every method the same must do nothing for a page that is to be turned away.
    for name in [
        CONNECTION,
        CONTENT_LENGTH,
        CONTENT_TYPE,
        EXPECT,
        TRANSFER_ENCODING,
        UPGRADE,
        ACCESS_CONTROL_REQUEST_HEADERS,
        AUTHORIZATION,
        COOKIE,
        PROXY_AUTHORIZATION,
    ] {
        headers.remove(name);
    }
    headers.remove("sec-websocket-key");
    if !headers.contains_key(ORIGIN) {
        headers.insert(ORIGIN, HeaderValue::from_static("null"));
    }
    if let Ok(method) = HeaderValue::from_str(request.method().as_str()) {
        headers.insert(ACCESS_CONTROL_REQUEST_METHOD, method);
    }
    preflight
}
