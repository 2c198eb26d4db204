//! `explain` says what the service answers, and leaves open what only a request shows.

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use cors_runtime::tower::{ApplicationLayer, CrossOriginLayer, OriginLists};
use cors_runtime::{Answer, Answers, Origin, OwnOrigins, Question, cross_origin};
use cors_tests::{each_case, explained};
use http::request::Parts;
use http::{Method, Request};

use crate::support::{APP, EVIL, PARTNER, Said, call, request};

const OWN: &str = "https://own.example.com";

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-token"], max_age = 600)]
struct App;

#[cross_origin(origins = ["https://app.example.com"], enforce)]
struct Enforced;

#[cross_origin(origins = any, allow_headers = any, expose_headers = any)]
struct Public;

#[cross_origin(origins = ["https://app.example.com", config("partners")], enforce = false)]
struct Listed;

#[cross_origin(none)]
struct Nobody;

async fn is_tenant(_: &Origin<'_>, _: &Parts) -> bool {
    false
}

#[cross_origin(origins = [check(is_tenant)])]
struct Tenants;

fn layers() -> Vec<CrossOriginLayer> {
    let lists = OriginLists::new([("partners", [PARTNER])]);
    let listed = Listed.layer(&lists).expect("sound");
    vec![App.layer(), Enforced.layer(), Public.layer(), listed, Nobody.layer(), Tenants.layer()]
}

fn applications() -> Vec<ApplicationLayer> {
    let own = || OwnOrigins::new([OWN]).expect("origins");
    let all = ApplicationLayer::new().protect_all().own_origins(own());
    vec![ApplicationLayer::new(), ApplicationLayer::new().protect_all(), all.clone(), all.report_only(true)]
}

/// All methods that are asked about.
fn routes() -> Router {
    Router::new().route("/", get(|| async {}).post(|| async {}).delete(|| async {}))
}

/// What a browser sends for this question, to the server under the name that it says, or that of the page if it is its own.
fn sent(question: &Question, own: bool, is_preflight: bool) -> Request<Body> {
    let Question { method, origin, headers, cookies, .. } = question;
    let mut lines = Vec::new();
    if !own || !matches!(&**method, "GET" | "HEAD") {
        lines.push(format!("origin: {origin}"));
    }
    let of_page = origin.split_once("://").map(|(_, host)| host).filter(|_| own);
    lines.extend(question.host.as_deref().or(of_page).map(|host| format!("host: {host}")));
    if own {
        lines.push("sec-fetch-site: same-origin".to_owned());
    } else if question.host.is_some() {
        lines.push("sec-fetch-site: cross-site".to_owned());
    }
    if *cookies {
        lines.push("cookie: a=b".to_owned());
    }
    let method = if is_preflight {
        lines.push(format!("access-control-request-method: {method}"));
        if !headers.is_empty() {
            lines.push(format!("access-control-request-headers: {}", headers.join(",")));
        }
        "OPTIONS"
    } else {
        method
    };
    request(method, "/", &lines.iter().map(|line| &**line).collect::<Vec<_>>())
}

#[track_caller]
fn compare(explained: &Answer, said: &Said, what: &str) {
    let found = explained.status.unwrap_or(200);
    assert_eq!(found, said.status.as_u16(), "{what}: {explained:?}");
    for (name, value) in &explained.headers {
        let name = name.to_ascii_lowercase();
        let arrived = if name == "vary" { Some(said.vary()) } else { said.header(&name).map(ToOwned::to_owned) };
        assert_eq!(arrived.as_ref(), Some(value), "{what}: {name}: {explained:?}");
    }
    let is_explained = |name: &str| explained.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    for name in said.headers.keys().filter(|name| name.as_str().starts_with("access-control-")) {
        assert!(is_explained(name.as_str()), "{what}: {name} is not explained");
    }
    let reason = said.header("server-timing").unwrap_or_default();
    let refusal = explained.refusal.as_deref().unwrap_or_default();
    // The handler of a page that has no policy says nothing, and neither does a refused check.
    if explained.undecided.is_none() && explained.kind.as_deref() != Some("unshared") {
        assert_eq!(reason.is_empty(), refusal.is_empty(), "{what}: {reason}, {refusal}");
        assert!(reason.replace('\'', "\"").contains(&refusal.replace('\'', "\"")), "{what}: {reason}, {refusal}");
    }
}

#[test]
fn the_service_answers_as_it_is_explained() {
    let mut compared = 0;
    for application in applications() {
        for layer in layers().iter().map(Some).chain([None]) {
            let service = |request| match layer {
                Some(layer) => call(application.around(layer.around(routes())), request),
                None => call(application.around(routes()), request),
            };
            for method in ["GET", "HEAD", "POST", "DELETE"] {
                for (origin, same_origin) in
                    [(APP, None), (PARTNER, None), (EVIL, None), ("null", None), (OWN, None), (EVIL, Some(true))]
                {
                    for (headers, cookies, host) in [
                        (&[][..], false, None),
                        (&["x-token"], true, Some("own.example.com")),
                        (&["x-other"], false, None),
                        (&[], false, Some("other.example.net")),
                    ] {
                        let question = Question {
                            method: method.to_owned(),
                            path: "/".to_owned(),
                            host: host.map(ToOwned::to_owned),
                            origin: origin.to_owned(),
                            same_origin,
                            cookies,
                            headers: headers.iter().map(|name| (*name).to_owned()).collect(),
                            ..Question::default()
                        };
                        let what = format!("{application:?} {layer:?} {question}");
                        let answers = application.explain(layer, &question);
                        assert_eq!(answers.version, Answers::VERSION);
                        compare(&answers.request, &service(sent(&question, answers.same_origin, false)), &what);
                        if layer.is_some() && !answers.same_origin {
                            compare(&answers.preflight, &service(sent(&question, false, true)), &what);
                        }
                        compared += 1;
                    }
                }
            }
        }
    }
    assert_eq!(compared, 4 * 7 * 4 * 6 * 4);
}

fn question(text: &str) -> Question {
    text.parse().expect("a question")
}

#[test]
fn what_a_layer_does_not_know_is_said() {
    let tenants = question("PUT /\nOrigin: https://a.tenants.example.com\n");
    let answers = Tenants.layer().explain(&tenants);
    let undecided = Some("`check(is_tenant)` would decide, which needs a real request");
    assert_eq!((answers.preflight.undecided.as_deref(), answers.request.undecided.as_deref()), (undecided, undecided));
    assert_eq!(answers.preflight.notes, ["assumed that the service serves the method `PUT` at this path"]);
    assert_eq!(
        (answers.preflight.route.as_deref(), answers.preflight.policy.as_deref()),
        (Some("Tenants"), Some("check(is_tenant)"))
    );

    let named = App.layer().methods([Method::GET]);
    let explain = |method: &str| named.explain(&question(&format!("{method} /\nOrigin: {APP}\n"))).preflight;
    assert_eq!(
        (explain("HEAD").status, explain("HEAD").notes.join("")),
        (Some(204), "assumed that the service serves this path".to_owned())
    );
    assert_eq!((explain("PUT").status, explain("PUT").kind.as_deref()), (None, Some("no_handler")));
    let named = App.layer().methods_unasked([Method::GET]);
    let explain = |method: &str| named.explain(&question(&format!("{method} /\nOrigin: {APP}\n"))).preflight;
    assert_eq!((explain("HEAD").status, explain("HEAD").notes.len()), (Some(204), 0));
    assert_eq!((explain("PUT").status, explain("PUT").kind.as_deref()), (Some(403), Some("no_handler")));
    let none = ApplicationLayer::new().explain(None, &tenants);
    assert!(none.preflight.undecided.is_some_and(|undecided| undecided.contains("passed on")));
    assert_eq!(none.request.kind.as_deref(), Some("unshared"));
}

/// An application asks by a preflight whether a layer inside is responsible, and a layer does not answer for a method that it
/// was told nothing of.
#[test]
fn a_layer_that_was_told_other_methods_is_not_responsible() {
    let layer = App.layer().methods([Method::GET, Method::POST]);
    for application in applications() {
        for method in ["GET", "POST", "DELETE"] {
            for origin in [APP, EVIL, OWN] {
                let question = question(&format!("{method} /\nOrigin: {origin}\n"));
                let answers = application.explain(Some(&layer), &question);
                let said =
                    call(application.around(layer.around(routes())), sent(&question, answers.same_origin, false));
                compare(&answers.request, &said, &format!("{application:?} {question}"));
            }
        }
    }
}

/// `explained.txt`: all that is said by a layer, and by one of the application around it; `-` for none.
#[test]
fn all_that_is_said() {
    let lists = OriginLists::new([("partners", [PARTNER])]);
    each_case("tower/explained.txt", |case| {
        let (layers, question) = case.split_once(": ").expect("layers");
        let (application, layer) = layers.split_once(' ').expect("two");
        let layer = match layer {
            "App" => Some(App.layer()),
            "Enforced" => Some(Enforced.layer()),
            "Public" => Some(Public.layer()),
            "Listed" => Some(Listed.layer(&lists).expect("sound")),
            "Nobody" => Some(Nobody.layer()),
            "Tenants" => Some(Tenants.layer()),
            "MadeAtRunTime" => Some(CrossOriginLayer::new(*App.layer().policy())),
            "GetOnly" => Some(App.layer().methods([Method::GET])),
            "GetUnasked" => Some(App.layer().methods_unasked([Method::GET])),
            _ => None,
        };
        let application = ["-", "protected", "own", "report_only"].iter().position(|known| *known == application);
        let question = question.replace(" | ", "\n").parse().expect("a question");
        explained(&applications()[application.expect("one of these")].explain(layer.as_ref(), &question))
    });
}

/// A form sends a POST, and cookies whether the script wants them or not.
#[test]
fn forms_are_asked_about() {
    let form =
        |method: &str, origin: &str| Public.layer().explain(&question(&format!("{method} /\nOrigin: {origin}\n"))).form;
    let posted = form("POST", EVIL).expect("a form");
    assert_eq!((posted.status, &*posted.notes), (None, &["with cookies it is answered with 403".to_owned()][..]));
    assert!(form("DELETE", EVIL).is_none() && form("GET", EVIL).is_none());
    let own = ApplicationLayer::new().own_origins(OwnOrigins::new([OWN]).expect("origins"));
    assert!(own.explain(None, &question(&format!("POST /\nOrigin: {OWN}\n"))).form.is_none());
    let said = call(
        Public.layer().around(Router::new().route("/", post(|| async {}))),
        request("POST", "/", &["origin: https://a.example", "cookie: a=b"]),
    );
    assert_eq!(said.status, 403);
}
