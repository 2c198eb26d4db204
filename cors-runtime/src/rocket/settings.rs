//! What users give to the fairing before the launch.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use rocket::http::uri;

use super::protection::Given;
use super::sources::{NamedRoutePolicy, RoutePolicy};
use crate::refusal::RefusalEvent;
use crate::refusal_log::Hook;

/// The fairing that puts the policies of `#[cross_origin]` into effect.
///
/// ```
/// # use rocket::{get, routes};
/// use cors_runtime::{cross_origin, rocket::CrossOrigin};
///
/// #[cross_origin(origins = ["https://app.example.com"])]
/// #[get("/")]
/// fn index() -> &'static str {
///     "hello"
/// }
///
/// let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", routes![index]);
/// ```
///
/// It may be attached before or after the routes are mounted, and before or after other fairings, including those that
/// mount routes or attach further fairings. Attached several times, it has the fallbacks and the hooks of all of them.
/// An application that mounts an annotated route and does not attach it does not launch.
///
/// Each application has separate state, even if clones of one fairing are attached to several.
#[derive(Clone, Debug, Default)]
pub struct CrossOrigin {
    pub(super) settings: Settings,
}

impl CrossOrigin {
    /// The fairing, to be given to [`Rocket::attach`](rocket::Rocket::attach).
    #[must_use]
    pub fn fairing() -> Self {
        Self::default()
    }

    /// Gives the error responses to requests below `base` that matched no route the headers of this policy, so that a
    /// page can read the 404. Preflights are still refused if there is no handler.
    ///
    /// Of several bases the longest decides. `base` is a path as in [`Rocket::mount`](rocket::Rocket::mount): `/api`
    /// covers `/api` and `/api/users`, and not `/apis`. A base that no request can be below, such as `/api/<id>` or
    /// `/api?page`, refuses the launch, as do two policies for one base.
    ///
    /// ```
    /// use cors_runtime::{cross_origin, rocket::CrossOrigin};
    ///
    /// #[cross_origin(origins = ["https://app.example.com"])]
    /// struct Pages;
    ///
    /// let rocket = rocket::build().attach(CrossOrigin::fairing().fallback("/api", Pages));
    /// ```
    #[must_use]
    pub fn fallback<P: NamedRoutePolicy>(mut self, base: &'static str, _policy: P) -> Self {
        self.settings.add(Fallback::new(base, P::ROUTE_POLICY));
        self
    }

    /// Calls this function for every refusal, for instance to count them. The log aggregates bursts; this hook sees
    /// each one. Of several functions, each is called.
    ///
    /// It is called while the request is answered, so it should be quick. A panic in it is logged, and changes nothing.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use cors_runtime::rocket::CrossOrigin;
    ///
    /// static REFUSED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let fairing = CrossOrigin::fairing().on_refusal(|event| {
    ///     REFUSED.fetch_add(1, Ordering::Relaxed);
    ///     println!("{} {}", event.refusal.kind(), event.path);
    /// });
    /// ```
    #[must_use]
    pub fn on_refusal(mut self, hook: impl Fn(&RefusalEvent<'_>) + Send + Sync + 'static) -> Self {
        self.settings.hooks.push(Arc::new(hook));
        self
    }
}

impl CrossOrigin {
    /// Names the origins under which browsers reach this application, besides those of `cors.own_origins` in the
    /// configuration. They are checked at launch: see [`OwnOrigins`](crate::OwnOrigins).
    ///
    /// A page of one of them is the application's own, whatever a proxy makes of `Host`. A request with the `Host` of
    /// another name is refused with 403, on every route and for every method: a page that makes its own name point at the
    /// application (DNS rebinding) sends such a request. Behind a proxy that replaces `Host` by an address, the proxy has to
    /// refuse such names.
    ///
    /// ```
    /// use cors_runtime::rocket::CrossOrigin;
    ///
    /// let rocket = rocket::build().attach(CrossOrigin::fairing().own_origins(["https://app.example.com"]));
    /// ```
    #[must_use]
    pub fn own_origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.settings.protection.own_origins.extend(origins.into_iter().map(Into::into));
        self
    }

    /// Adds names that `Host` may have besides those of the own origins: `app.internal`. They stand in `cors.own_hosts` of
    /// the configuration as well. IP addresses, `localhost` and names without a dot need not be listed.
    #[must_use]
    pub fn own_hosts<T: Into<String>>(mut self, hosts: impl IntoIterator<Item = T>) -> Self {
        self.settings.protection.own_hosts.extend(hosts.into_iter().map(Into::into));
        self
    }

    /// Protects the routes without a policy as `#[cross_origin(none)]` would: writes of other pages, and their handshakes
    /// for another protocol such as WebSocket, are answered with 403 before a guard runs. Everything else is left as it is,
    /// and programs that are not browsers pass.
    ///
    /// `#[cross_origin(none, enforce = false)]` opens a handler, for a callback of another site.
    #[must_use]
    pub fn protect_all(mut self) -> Self {
        self.settings.protection.all = true;
        self
    }

    /// Turns nothing away: the log and the hook of [`on_refusal`](Self::on_refusal) say what would have been
    /// ([`Effect::WouldBeTurnedAway`](crate::Effect::WouldBeTurnedAway)). What is shared does not change.
    ///
    /// `cors.report_only` in the configuration, `true` or `false`, decides if it is there.
    #[must_use]
    pub fn report_only(mut self) -> Self {
        self.settings.protection.report_only = true;
        self
    }
}

/// What is given to the fairing before the launch.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) protection: Given,
    /// The policies of errors below a base that no route is responsible for, the longest base first.
    pub(super) fallbacks: Vec<Fallback>,
    /// The functions that are called for each refusal.
    pub(super) hooks: Vec<Hook>,
}

/// The policy of errors below a base that no route is responsible for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fallback {
    pub(super) base: &'static str,
    pub(super) policy: RoutePolicy,
    /// The segments of the base; or what is wrong with it, and what to write instead.
    pub(super) segments: Result<Vec<String>, BadBase>,
}

/// Why a base matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadBase {
    pub(super) message: String,
    pub(super) help: String,
}

impl Settings {
    fn add(&mut self, fallback: Fallback) {
        if !self.fallbacks.contains(&fallback) {
            self.fallbacks.push(fallback);
            self.fallbacks.sort_by_key(|fallback| std::cmp::Reverse(fallback.base.len()));
        }
    }

    /// Adds the settings of another fairing of the same application. What clones have in common counts once.
    pub(super) fn merge(&mut self, other: &Settings) {
        self.protection.merge(&other.protection);
        other.fallbacks.iter().cloned().for_each(|fallback| self.add(fallback));
        for hook in &other.hooks {
            if !self.hooks.iter().any(|known| Arc::ptr_eq(known, hook)) {
                self.hooks.push(hook.clone());
            }
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Settings");
        debug.field("protection", &self.protection).field("fallbacks", &self.fallbacks);
        debug.field("hooks", &self.hooks.len()).finish()
    }
}

impl Fallback {
    fn new(base: &'static str, policy: RoutePolicy) -> Self {
        Fallback { base, policy, segments: segments(base) }
    }

    /// Whether a request to this path is below the base.
    pub(super) fn covers(&self, path: uri::Path<'_>) -> bool {
        let Ok(base) = &self.segments else { return false };
        let mut segments = path.segments();
        base.iter().all(|segment| segments.next() == Some(segment))
    }
}

/// The segments of a base, decoded as those of a request are.
fn segments(base: &str) -> Result<Vec<String>, BadBase> {
    let bad = |message: &str| {
        let example = meant(base).map(|path| format!(": `{path}` covers all paths below it")).unwrap_or_default();
        BadBase {
            message: format!("`{}` {message}", base.escape_debug()),
            help: format!("write a path as in `Rocket::mount`{example}"),
        }
    };
    if !base.starts_with('/') {
        return Err(bad("does not start with `/`"));
    }
    if base.contains(['?', '#']) {
        return Err(bad("has more than a path"));
    }
    if base.split('/').any(|text| !is_plain(text)) {
        return Err(bad("has a part that stands for others, which no request contains"));
    }
    let parsed = uri::Origin::parse(base).map_err(|error| bad(&format!("is not a path: {error}")))?;
    Ok(parsed.path().segments().filter(|segment| !segment.is_empty()).map(ToOwned::to_owned).collect())
}

/// The path that was meant: that of a URL, up to the first part that stands for others, and encoded as a request has it.
/// None where even that is not a base.
fn meant(base: &str) -> Option<String> {
    let path = match base.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').map_or("", |at| &rest[at..]),
        _ => base,
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let plain = path.split('/').filter(|text| !text.is_empty()).take_while(|text| is_plain(text));
    let encoded: Vec<_> = plain.map(percent_encoded).collect();
    let path = format!("/{}", encoded.join("/"));
    (path != base && uri::Origin::parse(&path).is_ok()).then_some(path)
}

/// The segment with everything encoded that cannot stand in a path, and a percent sign that encodes nothing.
fn percent_encoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let mut encoded = String::new();
    for (at, &byte) in bytes.iter().enumerate() {
        let is_code = || bytes.get(at + 1..at + 3).is_some_and(|code| code.iter().all(u8::is_ascii_hexdigit));
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) || byte == b'%' && is_code() {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Whether a segment stands for itself. Browsers resolve the dots before they send a request.
fn is_plain(segment: &str) -> bool {
    !matches!(segment, "*" | "**" | "." | "..") && !segment.contains(['<', '>', '{', '}']) && !segment.starts_with(':')
}

#[cfg(test)]
mod tests {
    use super::segments;

    /// What the help says to write is a base, and another one than was written.
    #[test]
    fn the_path_of_a_help_is_a_base() {
        for (base, path) in [
            ("/a b", Some("/a%20b")),
            ("/ü", Some("/%C3%BC")),
            ("/a%zz b", Some("/a%25zz%20b")),
            ("/a%20b c", Some("/a%20b%20c")),
            ("/a\"`\\b", Some("/a%22%60%5Cb")),
            ("https://x/api", Some("/api")),
            ("https://x", Some("/")),
            ("https://x/a b?c", Some("/a%20b")),
            ("a/https://x", Some("/a/https:/x")),
            ("a//b", Some("/a/b")),
            ("/api/<id>/x", Some("/api")),
            ("/api/../x", Some("/api")),
            ("/%FF x", Some("/%FF%20x")),
            ("/[a] b", Some("/%5Ba%5D%20b")),
            ("", Some("/")),
        ] {
            let help = segments(base).expect_err(base).help;
            let found = help.strip_prefix("write a path as in `Rocket::mount`").expect(base);
            let found = found.strip_prefix(": `").and_then(|rest| rest.split_once("` covers"));
            assert_eq!(found.map(|(path, _)| path), path, "{base}");
            assert!(path.is_none_or(|path| segments(path).is_ok()), "{base}");
        }
    }
}
