//! What a layer says to the layers around it, in the extensions of its responses and of requests.

use std::sync::Arc;

use http::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, CONNECTION, CONTENT_LENGTH,
    CONTENT_TYPE, COOKIE, EXPECT, ORIGIN, PROXY_AUTHORIZATION, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderValue, Method, Request, Response};

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

/// A request that a layer makes itself, to find out about the layers inside: nothing is logged about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe;

/// The preflight that a browser would send before this request, to find out whether a layer inside has a policy for it.
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
