//! CORS headers that something else has set: the policy replaces them, and the log says so once.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rocket::{Request, Response};

use super::own::is_own;
use super::version::{method_name, warn_};
use crate::events;
use crate::header_text::{CORS_PREFIX, is_cors_header};

/// How many pairs of a header and a route are named. The names come from the application, but may be made at run time.
const NAMED: usize = 256;

/// The headers that have been named, each with the route on whose responses it was found.
#[derive(Debug, Default)]
pub(super) struct ForeignHeaders {
    named: Mutex<BTreeSet<(String, String)>>,
}

impl ForeignHeaders {
    /// Removes the CORS headers of a response: they would widen the policy, or be a second
    /// `Access-Control-Allow-Origin`, which no browser accepts. Tells whether the response has a `Vary`.
    pub(super) fn remove(&self, request: &Request<'_>, response: &mut Response<'_>) -> bool {
        // Most responses have neither: one look at all names, at their lengths and first letters, is cheaper than look-ups of
        // some.
        let may_be = |name: &[u8]| match name {
            [first, _, _, _] => first | 0x20 == b'v',
            [first, ..] => name.len() >= CORS_PREFIX.len() && first | 0x20 == b'a',
            [] => false,
        };
        response.headers().iter().any(|header| may_be(header.name.as_str().as_bytes()))
            && self.remove_found(request, response)
    }

    #[inline(never)]
    fn remove_found(&self, request: &Request<'_>, response: &mut Response<'_>) -> bool {
        let (mut foreign, mut varies) = (false, false);
        for header in response.headers().iter() {
            let name = header.name().as_str();
            foreign |= is_cors_header(name);
            varies |= name.eq_ignore_ascii_case("vary");
        }
        if foreign {
            self.remove_all(request, response);
        }
        varies
    }

    #[cold]
    fn remove_all(&self, request: &Request<'_>, response: &mut Response<'_>) {
        let names = response.headers().iter().map(|header| header.name().to_string());
        let foreign: BTreeSet<_> = names.filter(|name| is_cors_header(name)).collect();
        for name in foreign {
            response.remove_header(&name);
            self.name(&name, request);
        }
    }

    /// Logs once for each header and route that the header is replaced.
    fn name(&self, header: &str, request: &Request<'_>) {
        let route = request.route().filter(|route| !is_own(route));
        let on = route.map_or_else(
            || "what no route serves".to_owned(),
            |route| format!("{} {} ({})", method_name(route), route.uri, route.name.as_deref().unwrap_or("unnamed")),
        );
        let cause =
            if route.is_some() { "by the handler or by another fairing" } else { "by another fairing or a catcher" };
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.len() < NAMED && named.insert((header.to_owned(), on.clone())) {
            warn_!("CORS: replacing the header `{header}` on the responses of {on}: it was set {cause}");
            events::own_header(header, &on, cause);
        }
    }
}
