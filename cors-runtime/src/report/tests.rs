//! What a report and a difference of two say, line by line.

use super::{ConfiguredList, Protection, Report, SharedFallback, SharedPolicy, SharedRoute, UnsharedRoute};
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
    // Of a read there is nothing to get, and what was open already opens nothing.
    let read = Report { shared: vec![shared("GET /a", 0, None)], ..Report::default() };
    let open = Report { unshared: vec![unshared("GET /<x>", 0, None)], ..Report::default() };
    assert!(!read.diff(&open).opened.iter().any(|change| change.what.contains("turned away")));
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
