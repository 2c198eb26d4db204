//! What is asked: for each route with a policy the preflight and the request, by an origin that the policy names, by one
//! that it does not, and by nobody. Routes without a policy that read, and whose paths have no parameters, are asked too:
//! a proxy may share them.

use std::cmp::Reverse;

use cors_runtime::{ConfiguredList, Question, Report, SharedPolicy, SharedRoute, UnsharedRoute};

use super::server::Sent;

/// An origin that no page has: the name can never be registered
/// ([RFC 6761, 6.4](https://www.rfc-editor.org/rfc/rfc6761#section-6.4)).
pub(super) const STRANGER: &str = "https://probe.invalid";

/// The value of a parameter in a path. Numbers, and texts, are read from it. That it exists is not likely, and the answer
/// need not be a good one.
const SEGMENT: &str = "2147483647";
/// The value of a parameter that takes the rest of the path.
const REST: &str = "cors-probe";

/// The name of a request header that no policy names, to ask those that allow every one.
const HEADER: &str = "x-cors-probe";

/// A route that is asked about.
pub(super) struct Route {
    pub(super) method: String,
    /// The path and the query, with values for the parameters.
    pub(super) path: String,
    format: Option<String>,
    /// An origin that the policy names, unless that is every origin, or only lists and checks know.
    pub(super) named: Option<String>,
    /// The request headers that the policy allows.
    headers: Vec<String>,
    /// Whether the application does not know what is served here: it has layers of tower, which know no routes.
    pub(super) is_assumed: bool,
    /// Whether the application has a policy for it.
    pub(super) is_shared: bool,
}

/// What stands in the place of the method for a layer that knows no methods.
const ANY_METHOD: &str = "any";

/// Which of the routes are asked about, and how.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// One request instead of all routes: its method and its path.
    pub only: Option<(String, String)>,
    /// The origin to ask by, instead of one that the policy names.
    pub origin: Option<String>,
    /// Whether requests that may change something are sent too.
    pub writes: bool,
}

/// The two requests that a page makes, of which one is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Preflight,
    Request,
}

/// One exchange that is to happen.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) kind: Kind,
    /// The number of the question among those of the plan.
    pub(super) question: usize,
    pub(super) sent: Sent,
    /// Whether the application does not know whether this is served.
    pub(super) is_assumed: bool,
}

impl Asked {
    /// Whether asking has no effect ([RFC 9110, 9.2.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)).
    pub(super) fn is_safe(&self) -> bool {
        is_safe(&self.sent.method)
    }
}

/// Everything that is asked, in its order.
#[derive(Default)]
pub(super) struct Plan {
    /// The questions for the application.
    pub(super) questions: Vec<Question>,
    /// The exchanges with the server.
    pub(super) asked: Vec<Asked>,
}

/// The routes of a report that are selected.
pub(super) fn routes(report: &Report, selection: &Selection) -> Vec<Route> {
    // What grants something where no policy is may do so for the pages of the application alone.
    let known = || report.shared.iter().find_map(|route| origin_for(report, &route.policy, selection));
    let Some((method, path)) = &selection.only else {
        let shared = report.shared.iter().filter(|route| is_method(&route.method));
        let shared = shared.map(|route| Route::new(report, route, fill(&route.path), selection));
        let unshared = report.unshared.iter().filter(|route| is_asked(route));
        let unshared = unshared.map(|route| Route::unshared(&route.method, &route.path, route.format.clone(), known()));
        return shared.chain(unshared).collect();
    };
    let mut matching: Vec<_> =
        report.shared.iter().filter(|route| serves(route, method) && is_at(route, path)).collect();
    // Of layers, the one with the longest path stands inside of the others.
    matching.sort_by_key(|route| (route.rank, route.rank.is_none().then_some(Reverse(route.path.len()))));
    let route = matching.first().map(|route| Route {
        method: method.clone(),
        is_assumed: false,
        ..Route::new(report, route, path.clone(), selection)
    });
    vec![route.unwrap_or_else(|| Route::unshared(method, path, None, known()))]
}

/// How many routes without a policy are not asked, since they write or take values.
pub(super) fn unasked(report: &Report, selection: &Selection) -> usize {
    report.unshared.iter().filter(|route| selection.only.is_none() && !is_asked(route)).count()
}

/// Whether a route without a policy is asked. A value that does not exist would say nothing about its headers.
fn is_asked(route: &UnsharedRoute) -> bool {
    let is_fixed = |path: &str| !path.split(['/', '?', '&']).any(|part| parameter(part).is_some());
    matches!(&*route.method, "GET" | "HEAD") && is_fixed(&route.path)
}

/// An origin that gets something by this policy, as far as that is known.
fn origin_for(report: &Report, policy: &SharedPolicy, selection: &Selection) -> Option<String> {
    selection.origin.clone().or_else(|| named(policy, report.lists.as_deref().unwrap_or_default()))
}

impl Route {
    fn new(report: &Report, route: &SharedRoute, path: String, selection: &Selection) -> Self {
        let is_any = route.method == ANY_METHOD;
        let mut headers = route.policy.allow_headers.clone();
        for name in headers.iter_mut().filter(|name| *name == "any") {
            HEADER.clone_into(name);
        }
        headers.sort();
        Route {
            // A page reads, most often; and to read is safe.
            method: if is_any { "GET".to_owned() } else { route.method.clone() },
            path,
            format: route.format.clone(),
            named: origin_for(report, &route.policy, selection),
            headers,
            is_assumed: route.rank.is_none(),
            is_shared: true,
        }
    }

    pub(super) fn unshared(method: &str, path: &str, format: Option<String>, named: Option<String>) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Route { method, path, format, named, headers: Vec::new(), is_assumed: false, is_shared: false }
    }

    pub(super) fn is_safe(&self) -> bool {
        is_safe(&self.method)
    }

    /// The question about this route of a page with this origin. Empty for no page.
    pub(super) fn question(&self, origin: &str) -> Question {
        let headers = if origin.is_empty() { Vec::new() } else { self.headers.clone() };
        let format = |is_there: bool| self.format.clone().filter(|_| is_there);
        Question {
            method: self.method.clone(),
            path: self.path.clone(),
            origin: origin.to_owned(),
            content_type: format(!self.is_safe()),
            accept: format(self.is_safe()),
            headers,
            ..Question::default()
        }
    }

    /// The request of a page with this origin. Empty for no page.
    pub(super) fn request(&self, origin: &str) -> Sent {
        let mut headers = Vec::new();
        if !origin.is_empty() {
            headers.push(("origin".to_owned(), origin.to_owned()));
        }
        if let Some(format) = &self.format {
            let name = if self.is_safe() { "accept" } else { "content-type" };
            headers.push((name.to_owned(), format.clone()));
        }
        Sent { method: self.method.clone(), path: self.path.clone(), headers }
    }
}

impl Plan {
    /// `mark` makes the addresses new, so that no cache has an answer of an earlier time.
    pub(super) fn new(routes: &mut [Route], selection: &Selection, mark: &str) -> Self {
        let mut plan = Plan::default();
        for (index, route) in routes.iter_mut().enumerate() {
            let separator = if route.path.contains('?') { '&' } else { '?' };
            route.path = format!("{}{separator}cors-probe={mark}-{index}", route.path);
            plan.add(route, selection.writes);
        }
        plan
    }

    /// First the origin that the policy names: what a cache keeps is then of use for no other.
    fn add(&mut self, route: &Route, writes: bool) {
        let (first, is_assumed) = (self.questions.len(), route.is_assumed);
        let named = route.named.as_deref().filter(|named| *named != STRANGER);
        let origins = named.into_iter().chain([STRANGER, ""]);
        self.questions.extend(origins.map(|origin| route.question(origin)));
        for (index, question) in self.questions.iter().enumerate().skip(first) {
            if !question.origin.is_empty() {
                self.asked.push(Asked {
                    kind: Kind::Preflight,
                    question: index,
                    sent: preflight(question),
                    is_assumed,
                });
            }
        }
        for (index, question) in self.questions.iter().enumerate().skip(first) {
            if route.is_safe() || writes {
                let sent = route.request(&question.origin);
                self.asked.push(Asked { kind: Kind::Request, question: index, sent, is_assumed });
            }
        }
    }
}

/// The preflight of a page's request ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch)).
fn preflight(question: &Question) -> Sent {
    let mut headers = vec![
        ("origin".to_owned(), question.origin.clone()),
        ("access-control-request-method".to_owned(), question.method.clone()),
    ];
    if !question.headers.is_empty() {
        headers.push(("access-control-request-headers".to_owned(), question.headers.join(",")));
    }
    Sent { method: "OPTIONS".to_owned(), path: question.path.clone(), headers }
}

fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS")
}

/// Scripts can send no other.
fn is_method(method: &str) -> bool {
    !matches!(method, "CONNECT" | "TRACE")
}

fn serves(route: &SharedRoute, method: &str) -> bool {
    route.method == method || route.method == "GET" && method == "HEAD" || route.method == ANY_METHOD
}

/// Whether a route takes this path, or a layer stands around it.
fn is_at(route: &SharedRoute, path: &str) -> bool {
    matches(&route.path, path) || route.rank.is_none() && matches(&below(&route.path), path)
}

/// The paths below that of a layer, as a route has them.
fn below(path: &str) -> String {
    format!("{}/<rest..>", path.trim_end_matches('/'))
}

/// An origin that the policy names: itself, by a pattern, or by a list. Those of a debug build come last, since the server
/// that is asked may be a release build.
fn named(policy: &SharedPolicy, lists: &[ConfiguredList]) -> Option<String> {
    let SharedPolicy { origins, debug_origins, lists: names, .. } = policy;
    let of_lists = lists.iter().filter(|list| names.contains(&list.name)).flat_map(|list| &list.origins);
    instance(origins.iter().filter(|origin| !debug_origins.contains(origin)).chain(of_lists).chain(debug_origins))
}

/// The first of these origins, or an origin that matches the pattern.
fn instance<'a>(mut origins: impl Iterator<Item = &'a String>) -> Option<String> {
    origins.find_map(|text| {
        let origin = text.replace("://*.", "://cors-probe.").replace(":*", ":4321");
        (origin != "any" && !origin.contains('*')).then_some(origin)
    })
}

/// A path of a route with values for its parameters.
fn fill(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let segment = |segment: &str| match parameter(segment) {
        None => segment.to_owned(),
        Some(name) if name.ends_with("..") || name.starts_with('*') => REST.to_owned(),
        Some(_) => SEGMENT.to_owned(),
    };
    let filled: Vec<_> = path.split('/').map(segment).collect();
    let field = |field: &str| match field.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        None => Some(field.to_owned()),
        Some(name) if name.ends_with("..") => None,
        Some(name) => Some(format!("{name}={SEGMENT}")),
    };
    let fields: Vec<_> = query.split('&').filter(|field| !field.is_empty()).filter_map(field).collect();
    let query = if fields.is_empty() { String::new() } else { format!("?{}", fields.join("&")) };
    filled.join("/") + &query
}

/// Whether the path of a route is that of a request.
fn matches(route: &str, request: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        let path = path.split('?').next().unwrap_or_default();
        path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    };
    let (route, request) = (segments(route), segments(request));
    let is_rest = |segment: &String| segment.ends_with("..>");
    let rest = route.last().is_some_and(is_rest);
    let fixed = route.len() - usize::from(rest);
    let is_length = if rest { request.len() >= fixed } else { request.len() == fixed };
    is_length && route.iter().zip(&request).all(|(a, b)| parameter(a).is_some() || a == b)
}

/// The name of a parameter: `<name>` in a route of Rocket, and `{name}` in the path of a layer, as axum writes it.
fn parameter(segment: &str) -> Option<&str> {
    let between = |open, close| segment.strip_prefix(open)?.strip_suffix(close);
    between('<', '>').or_else(|| between('{', '}'))
}

#[cfg(test)]
mod tests {
    use cors_runtime::UnsharedRoute;

    use super::{below, fill, instance, is_asked, matches};

    #[test]
    fn routes_without_a_policy_that_are_asked() {
        let is_asked = |method: &str, path: &str| {
            let route = format!(r#"{{"path":"{path}","method":"{method}","rank":1,"format":null,"handler":"x"}}"#);
            is_asked(&serde_json::from_str::<UnsharedRoute>(&route).expect("a route"))
        };
        for (method, path) in [("GET", "/"), ("HEAD", "/a/b"), ("GET", "/a?kind=b")] {
            assert!(is_asked(method, path), "{method} {path}");
        }
        for (method, path) in [
            ("POST", "/"),
            ("GET", "/<id>"),
            ("GET", "/<path..>"),
            ("GET", "/a?<kind>"),
            ("OPTIONS", "/"),
            ("any", "/"),
        ] {
            assert!(!is_asked(method, path), "{method} {path}");
        }
    }

    #[test]
    fn parameters_get_values() {
        for (route, path) in [
            ("/", "/"),
            ("/items/<id>", "/items/2147483647"),
            ("/files/<path..>", "/files/cors-probe"),
            ("/find?kind=a&<name>&<rest..>", "/find?kind=a&name=2147483647"),
        ] {
            assert_eq!(fill(route), path);
            assert!(matches(route, path), "{route}");
        }
        for (route, path) in [("/items/<id>", "/items"), ("/items/<id>", "/items/7/8"), ("/items", "/item")] {
            assert!(!matches(route, path), "{route} {path}");
        }
        assert!(matches("/files/<path..>", "/files") && matches("/<path..>", "/a/b/c"));
    }

    #[test]
    fn paths_below_a_layer() {
        assert_eq!(fill("/users/{id}/{*rest}"), "/users/2147483647/cors-probe");
        for (layer, path) in [("/", "/"), ("/", "/a/b"), ("/a", "/a"), ("/a/", "/a/b"), ("/users/{id}", "/users/7/b")] {
            assert!(matches(&below(layer), path), "{layer} {path}");
        }
        for (layer, path) in [("/a", "/"), ("/a", "/ab"), ("/users/{id}", "/users")] {
            assert!(!matches(&below(layer), path), "{layer} {path}");
        }
    }

    #[test]
    fn an_origin_of_a_pattern() {
        let instance = |origins: &[&str]| {
            let owned: Vec<_> = origins.iter().map(|text| (*text).to_owned()).collect();
            instance(owned.iter())
        };
        assert_eq!((instance(&["any"]), instance(&[])), (None, None));
        assert_eq!(instance(&["https://*.example.com"]).as_deref(), Some("https://cors-probe.example.com"));
        assert_eq!(instance(&["any", "http://localhost:*"]).as_deref(), Some("http://localhost:4321"));
    }
}
