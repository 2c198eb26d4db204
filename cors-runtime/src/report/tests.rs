//! What a report and a difference of two say, line by line.

use super::{Change, ConfiguredList, Protection, Report, SharedFallback, SharedPolicy, SharedRoute, UnsharedRoute};
use crate::policy::Enforce;

fn policy(origin: &str) -> SharedPolicy {
    SharedPolicy {
        origins: vec![origin.to_owned()],
        debug_origins: Vec::new(),
        lists: Vec::new(),
        checks: Vec::new(),
        credentials: false,
        allow_headers: Vec::new(),
        expose_headers: Vec::new(),
        max_age: None,
        enforce: Enforce::Writes,
        allow: Vec::new(),
    }
}

/// `METHOD path`, and the rank and format that it has.
fn shared(route: &str, rank: isize, format: Option<&str>) -> SharedRoute {
    let (method, path) = route.split_once(' ').expect("a method and a path");
    SharedRoute {
        path: path.to_owned(),
        method: method.to_owned(),
        rank: Some(rank),
        format: format.map(ToOwned::to_owned),
        handler: "f".to_owned(),
        source: Some("src/a.rs:12".to_owned()),
        policy: policy("https://a.example"),
    }
}

fn unshared(route: &str, rank: isize, format: Option<&str>) -> UnsharedRoute {
    let SharedRoute { path, method, rank, format, handler, .. } = shared(route, rank, format);
    UnsharedRoute { path, method, rank, format, handler }
}

fn list(name: &str) -> ConfiguredList {
    ConfiguredList { name: name.to_owned(), origins: Vec::new(), source: "Rocket.toml".to_owned() }
}

#[test]
fn routes_are_in_the_order_of_path_method_rank_and_format() {
    let rows = [
        ("GET /a", 2, None),
        ("PUT /a", 1, None),
        ("PUT /a", 1, Some("a/b")),
        ("PUT /a", 1, Some("a/c")),
        ("PUT /a", 2, None),
        ("GET /b", 1, None),
    ];
    let sorted = Report {
        shared: rows.iter().map(|&(route, rank, format)| shared(route, rank, format)).collect(),
        unshared: rows.iter().map(|&(route, rank, format)| unshared(route, rank, format)).collect(),
        fallbacks: ["/a", "/b"].map(|base| SharedFallback { base: base.to_owned(), policy: policy("any") }).into(),
        lists: Some(vec![list("a"), list("b")]),
        version: Report::VERSION,
        ..Report::default()
    };
    let mut reversed = Report { version: 1, ..sorted.clone() };
    reversed.shared.reverse();
    reversed.unshared.reverse();
    reversed.fallbacks.reverse();
    reversed.lists.as_mut().expect("lists").reverse();
    assert_eq!(reversed.sorted(), sorted);
    assert_eq!(sorted.clone().sorted(), sorted);
}

#[test]
fn what_depends_on_the_place_or_the_configuration_can_be_left_out() {
    let mut covered = shared("GET /covered", 0, None);
    covered.source = None;
    let report =
        Report { shared: vec![shared("GET /", 0, None), covered], lists: Some(vec![list("a")]), ..Report::default() };
    let without = report.without_lines().without_lists();
    let sources: Vec<_> = without.shared.iter().map(|route| route.source.as_deref()).collect();
    assert_eq!(sources, [Some("src/a.rs"), None]);
    assert_eq!(without.lists, None);
}

#[test]
fn what_has_no_policy_is_counted_or_listed() {
    let with = |unshared: &[UnsharedRoute], protect_all| Report {
        unshared: unshared.to_vec(),
        protection: Protection { protect_all, ..Protection::default() },
        ..Report::default()
    };
    let lines = |text: String| text.lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    let (read, write) = (unshared("GET /items", 0, None), unshared("DELETE /items", 0, Some("a/b")));
    let last = |unshared: &[UnsharedRoute], protect_all| lines(with(unshared, protect_all).to_string()).pop();
    let is = |text: &str| Some(text.to_owned());
    assert_eq!(with(&[], false).to_string(), "");
    assert_eq!(last(std::slice::from_ref(&read), false), is("1 route has no policy"));
    assert_eq!(last(&[read.clone(), read.clone()], false), is("2 routes have no policy"));
    let both = [read, write];
    assert_eq!(last(&both, false), is("2 routes have no policy, 1 of them open to writes of all pages"));
    let protected = "2 routes have no policy, and only the application's own pages write to them";
    assert_eq!(last(&both, true), is(protected));
    assert_eq!(
        lines(format!("{:#}", with(&both, false))),
        ["GET    /items  no policy  (f)", "DELETE /items  no policy, open to writes of all pages  format = a/b  (f)"]
    );
    assert_eq!(
        lines(format!("{:#}", with(&both, true))).split_off(1),
        ["GET    /items  no policy  (f)", "DELETE /items  no policy  format = a/b  (f)"]
    );
}

/// A route that goes may leave its writes to another one.
#[test]
fn which_routes_get_the_writes_of_one_that_is_gone() {
    let with = |path: &str, next: &str, method: &str| {
        let old = Report { shared: vec![shared(&format!("PUT {path}"), 0, None)], ..Report::default() };
        let new = Report { unshared: vec![unshared(&format!("{method} {next}"), 0, None)], ..Report::default() };
        let opened = old.diff(&new).opened;
        opened
            .iter()
            .any(|change| change.what == format!("may get the cross-origin writes that PUT {path} [0] turned away"))
    };
    for (path, next, overlap) in [
        ("/a/b", "/a/b", true),
        ("/a/b", "/a/c", false),
        ("/a/b", "/a", false),
        ("/a", "/a/b", false),
        ("/a/<x>", "/a/b", true),
        ("/a/b", "/<x>/b", true),
        ("/a/b", "/<x>/c", false),
        ("/a/b", "/<x..>", true),
        ("/a/b", "/a/b/<x..>", true),
        ("/a/b", "/b/<x..>", false),
        ("/<x..>", "/a/b", true),
        ("/a/<x..>", "/a", true),
        ("/a", "/a/<x..>", true),
        ("/a/<x..>", "/b", false),
        ("/a?x", "/a?y", true),
        // Not a segment that takes the rest, nor one that takes any.
        ("/a..>/c", "/b", false),
        ("/a..>", "/b/c", false),
        ("/a..>", "/b", false),
    ] {
        assert_eq!(with(path, next, "PUT"), overlap && path != next, "{path} {next}");
        assert!(!with(path, next, "POST"), "{path} {next}");
    }
    // One that turns them away does not get them.
    let old = Report { shared: vec![shared("PUT /a", 0, None)], ..Report::default() };
    let mut kept = shared("PUT /<x>", 1, None);
    let new = |kept: &SharedRoute| Report { shared: vec![kept.clone()], ..Report::default() };
    let gets = |report: &Report| old.diff(report).opened.iter().any(|change| change.what.contains("turned away"));
    assert!(!gets(&new(&kept)));
    kept.policy.enforce = Enforce::Nothing;
    assert!(gets(&new(&kept)));
    // Of a read there is the handshake to get. What was open already opens nothing.
    let read = Report { shared: vec![shared("GET /a", 0, None)], ..Report::default() };
    let open = Report { unshared: vec![unshared("GET /<x>", 0, None)], ..Report::default() };
    let what: Vec<_> = read.diff(&open).opened.into_iter().map(|change| change.what).collect();
    assert_eq!(what, ["may get the cross-origin handshakes that GET /a [0] turned away"]);
    let not_enforced = Report { protection: Protection { report_only: true, ..Protection::default() }, ..read };
    assert!(not_enforced.diff(&open).opened.is_empty());
    let open_before = Report { unshared: vec![unshared("PUT /a", 0, None)], ..Report::default() };
    let open_now = Report { unshared: vec![unshared("PUT /<x>", 0, None)], ..Report::default() };
    assert!(!open_before.diff(&open_now).opened.iter().any(|change| change.what.contains("turned away")));
}

/// A layer has no rank, and does not know what is served once it is gone.
#[test]
fn a_layer_that_is_gone_may_have_left_its_service() {
    let layer = |path: &str| SharedRoute {
        rank: None,
        method: super::ANY_METHOD.to_owned(),
        ..shared(&format!("any {path}"), 0, None)
    };
    let report = |layers: &[&str], protect_all| Report {
        shared: layers.iter().map(|path| layer(path)).collect(),
        protection: Protection { protect_all, ..Protection::default() },
        ..Report::default()
    };
    let gone = |old: &Report, new: &Report| {
        old.diff(new).opened.iter().any(|change| change.what.contains("its layer is gone"))
    };
    let old = report(&["/a", "/b"], false);
    assert!(gone(&old, &report(&["/a"], false)));
    assert!(!gone(&old, &old));
    assert!(!gone(&report(&["/a", "/b"], true), &report(&["/a"], true)));
    // Another method of the path is still behind a layer.
    let mut one = report(&["/a"], false);
    one.shared.push(SharedRoute { method: "GET".to_owned(), ..layer("/b") });
    assert!(!gone(&old, &one));
    // A route of a router is gone for good.
    let ranked = Report { shared: vec![shared("PUT /a", 0, None)], ..Report::default() };
    assert!(!gone(&ranked, &report(&[], false)));
}

#[test]
fn a_change_is_where_the_handler_is_now() {
    let mut moved = shared("PUT /a", 0, None);
    moved.source = Some("src/b.rs:3".to_owned());
    let mut more = shared("PUT /a", 0, None);
    more.policy.credentials = true;
    more.policy.max_age = Some(600);
    let report = |route: &SharedRoute| Report { shared: vec![route.clone()], ..Report::default() };
    let closed = report(&more).diff(&report(&moved)).closed;
    let places: Vec<_> = closed.iter().map(|change| (&*change.what, change.source.as_deref())).collect();
    let place = Some("src/b.rs:3");
    let cached = "preflights are cached for 5 s, previously for 600 s";
    assert_eq!(places, [("credentials", place), (cached, place)]);
    let opened = report(&moved).diff(&report(&more)).opened;
    let places: Vec<_> = opened.iter().map(|change| (&*change.what, change.source.as_deref())).collect();
    let place = Some("src/a.rs:12");
    assert_eq!(places, [("credentials", place), ("preflights are cached for 600 s, previously for 5 s", place)]);
}

/// What is opened once the first route is gone: it names nobody, and all others name somebody.
fn opened_without_the_first(mut routes: Vec<SharedRoute>) -> Vec<Change> {
    routes[0].policy.origins.clear();
    let report = |routes: &[SharedRoute]| Report { shared: routes.to_vec(), ..Report::default() };
    let mut opened = report(&routes).diff(&report(&routes[1..])).opened;
    opened.retain(|change| change.what.ends_with(": shared with https://a.example"));
    opened
}

/// Which routes get requests of the first one, once it is gone.
fn heirs_of_the_first(routes: Vec<SharedRoute>) -> Vec<String> {
    opened_without_the_first(routes).into_iter().map(|change| change.route).collect()
}

#[test]
fn which_requests_two_routes_have_in_common() {
    for (first, second, has) in [
        (("GET /a", None), ("GET /<x>", None), Some("requests")),
        (("GET /a", None), ("PUT /<x>", None), None),
        // GET routes serve HEAD.
        (("HEAD /a", None), ("GET /<x>", None), Some("requests")),
        (("GET /a", None), ("HEAD /<x>", None), None),
        (("GET /", None), ("GET /<x..>", None), Some("requests")),
        (("GET /", None), ("GET /<x>", None), None),
        (("GET /a/", None), ("GET /a", None), None),
        (("GET /a/<x..>", None), ("GET /a/b/<y..>", None), Some("requests")),
        (("GET /a/<x..>", None), ("GET /b/<y..>", None), None),
        (("GET /a?x", None), ("GET /a?y&<z>", None), Some("requests")),
        // A read may accept everything, and a preflight says no format.
        (("GET /a", Some("a/b")), ("GET /<x>", Some("c/d")), Some("requests")),
        (("PUT /a", Some("a/b")), ("PUT /<x>", Some("a/b; c=d")), Some("requests")),
        (("PUT /a", Some("a/b")), ("PUT /<x>", Some("A/*")), Some("requests")),
        (("PUT /a", Some("a/b")), ("PUT /<x>", Some("c/d")), Some("preflights")),
    ] {
        let opened = opened_without_the_first(vec![shared(first.0, 1, first.1), shared(second.0, 2, second.1)]);
        let what = opened.first().map_or("", |change| &change.what);
        assert_eq!(opened.len(), usize::from(has.is_some()), "{first:?} {second:?}");
        assert!(what.contains(has.unwrap_or_default()), "{first:?} {second:?}: {what}");
    }
    // Another route answers the preflights, before and now.
    let routes = [("PUT /a", 1, Some("a/b")), ("PUT /<x>", 2, Some("c/d")), ("PUT /<x>", 0, Some("e/f"))];
    let routes = routes.map(|(route, rank, format)| shared(route, rank, format)).into();
    assert_eq!(heirs_of_the_first(routes), Vec::<String>::new());
}

#[test]
fn a_route_that_keeps_a_request_hands_nothing_on() {
    for (between, keeps) in [
        (("GET /a", None), true),
        (("GET /<_>", None), true),
        // It hides the last one, which is there for what a guard passes on.
        (("GET /<_..>", None), false),
        // A value may not fit.
        (("GET /<x>", None), false),
        (("GET /<_>?<x>", None), false),
        // Other requests.
        (("PUT /a", None), false),
        (("GET /b", None), false),
        (("GET /a/b", None), false),
        (("GET /a?x", None), false),
        (("GET /a", Some("a/b")), false),
        (("HEAD /a", None), false),
    ] {
        let routes = vec![shared("GET /a", 1, None), shared(between.0, 2, between.1), shared("GET /<x..>", 3, None)];
        let heirs = heirs_of_the_first(routes);
        assert_eq!(!heirs.contains(&"GET /<x..> [3]".to_owned()), keeps, "{between:?} {heirs:?}");
    }
    let routes = [("HEAD /a", 1), ("GET /a", 2), ("GET /<x..>", 3)].map(|(route, rank)| shared(route, rank, None));
    assert_eq!(heirs_of_the_first(routes.into()), ["GET /a [2]"]);
    // Without a forward nothing would ever reach the last one: there is a guard.
    let routes = ["GET /a", "GET /<_>", "GET /a", "GET /<_..>"];
    let routes = (1..).zip(routes).map(|(rank, route)| shared(route, rank, None)).collect();
    assert_eq!(heirs_of_the_first(routes), ["GET /<_> [2]", "GET /a [3]"]);
}

/// Of many segments, the routes between take some.
#[test]
fn a_path_of_any_length_is_handed_on() {
    let routes = ["GET /a/<x..>", "GET /a/<_>", "GET /a", "GET /a/<_>/<_>/<_..>", "GET /<y..>"];
    let routes: Vec<_> = (1..).zip(routes).map(|(rank, route)| shared(route, rank, None)).collect();
    assert_eq!(heirs_of_the_first(routes.clone()), ["GET /a/<_> [2]", "GET /a [3]", "GET /a/<_>/<_>/<_..> [4]"]);
    let but = |left_out: usize| {
        let routes = routes.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, route)| route.clone());
        heirs_of_the_first(routes.collect()).contains(&"GET /<y..> [5]".to_owned())
    };
    assert_eq!([but(1), but(2), but(3)], [true; 3]);
}

/// The layer around gets what the inner one decided.
#[test]
fn a_layer_stands_around_all_paths_below() {
    let layers = |paths: &[&str]| {
        let layer = |path: &&str| SharedRoute { rank: None, ..shared(path, 0, None) };
        heirs_of_the_first(paths.iter().map(layer).collect())
    };
    assert_eq!(layers(&["any /a/b", "any /a", "any /"]), ["any /a"]);
    assert_eq!(layers(&["any /a/b", "any /", "any /a/"]), ["any /a/"]);
    assert_eq!(layers(&["any /a/b", "PUT /"]), ["PUT /"]);
    assert_eq!(layers(&["PUT /a/b", "any /a", "PUT /"]), ["any /a"]);
    assert_eq!(layers(&["any /a/{x}/c", "any /a/b"]), ["any /a/b"]);
    assert!(layers(&["any /a", "any /b"]).is_empty());
    // The one inside is still there.
    assert_eq!(layers(&["any /", "any /a"]), Vec::<String>::new());
}

#[test]
fn a_route_with_another_rank_gets_nothing_of_its_own() {
    let report = |rank, enforce| {
        let mut route = shared("PUT /a", rank, None);
        route.policy.enforce = enforce;
        Report { shared: vec![route], ..Report::default() }
    };
    let opened = report(1, Enforce::Writes).diff(&report(2, Enforce::Nothing)).opened;
    let what: Vec<_> = opened.iter().map(|change| &*change.what).collect();
    assert_eq!(what, ["runs the handler for cross-origin writes"]);
}

#[test]
fn what_was_granted_to_all_is_nothing_new_for_one() {
    let with = |origins: &str, headers: &[&str], exposed: &str, rank| {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let policy = SharedPolicy {
            allow_headers: owned(headers),
            expose_headers: owned(&[exposed]),
            allow: owned(&["a-lint"]),
            ..policy(origins)
        };
        SharedRoute { policy, ..shared("GET /<x>", rank, None) }
    };
    let mut all = with("any", &["any"], "any", 1);
    all.policy.allow.clear();
    let one = with("https://b.example", &["x-a", "authorization"], "x-b", 2);
    let report = |routes: &[&SharedRoute]| Report {
        shared: routes.iter().map(|route| (*route).clone()).collect(),
        ..Report::default()
    };
    let opened = |first: &SharedRoute, second: &SharedRoute| -> Vec<String> {
        let moved = SharedRoute { path: "/a".to_owned(), ..first.clone() };
        let opened = report(&[&moved, second]).diff(&report(&[second])).opened.into_iter();
        opened.map(|change| change.what.split(": ").last().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(opened(&all, &one), ["allows the request header authorization"]);
    let beyond = ["allows the request header any", "exposes the response header any", "shared with any"];
    assert_eq!(opened(&one, &SharedRoute { rank: Some(3), ..all }), beyond);
}
