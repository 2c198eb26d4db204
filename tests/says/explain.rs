//! `cargo cors explain` says what the application answers to the request itself, also in cases for which the
//! conformance test has no rows: lists, fallbacks, covered routes, and OPTIONS routes of the application.

use std::collections::BTreeSet;

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Answer, Answers, Origin, Question, cross_origin};
use cors_tests::{each_case, explained};
use rocket::http::{Header, Method};
use rocket::local::blocking::{Client, LocalResponse};
use rocket::{Build, Request, Rocket, delete, get, head, options, patch, post, put, routes};

#[cross_origin(origins = ["https://app.example.com", config("partners")], credentials, max_age = 60)]
#[put("/listed")]
fn listed() {}

#[cross_origin(origins = any, allow_headers = any, expose_headers = ["x-a"])]
#[get("/any")]
fn any() {}

#[cross_origin(none)]
#[post("/nobody")]
fn for_nobody() {}

/// Two routes that only the format tells apart, and a third one that comes after them.
#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/formats", format = "json")]
fn json() {}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = ["content-type"])]
#[post("/only-json", format = "json")]
fn only_json() {}

#[cross_origin(origins = ["https://admin.example.com"], allow_headers = ["content-type"])]
#[post("/formats", format = "form", rank = 2)]
fn form() {}

#[post("/forms", format = "multipart/form-data")]
fn unshared_form() {}

#[cross_origin(origins = ["https://admin.example.com"])]
#[get("/formats", format = "text/html")]
fn html() {}

#[cross_origin(origins = ["https://app.example.com"], allow_headers = any, credentials, allow(wildcard_allow_headers_with_credentials))]
#[delete("/any")]
fn any_header() {}

#[cross_origin(origins = ["https://app.example.com"], enforce)]
#[get("/items/<_id>")]
fn item(_id: &str) {}

#[delete("/items/special")]
fn special() {}

#[cross_origin(origins = ["https://app.example.com"], enforce = false)]
#[delete("/items/<_id>")]
fn remove(_id: &str) {}

#[cross_origin(origins = ["https://admin.example.com"])]
#[head("/items/<_id>")]
fn head_only(_id: &str) {}

#[cross_origin(origins = ["https://app.example.com"])]
#[patch("/query?kind=a")]
fn with_query() {}

#[options("/own")]
fn own_options() -> &'static str {
    "mine"
}

#[cross_origin(origins = ["https://app.example.com"], allow(policy_on_options_route))]
#[options("/annotated")]
fn annotated_options() {}

#[cross_origin(origins = ["https://covered.example.com"])]
struct Covered;

#[cross_origin(origins = ["https://app.example.com"])]
struct Fallback;

#[cross_origin(origins = ["https://app.example.com", check(nobody)])]
struct CheckedFallback;

#[post("/covered")]
fn covered() {}

async fn nobody(_: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    false
}

#[cross_origin(origins = ["https://app.example.com", check(nobody)])]
#[put("/checked")]
fn checked() {}

async fn somebody(_: &Origin<'_>, _: &Request<'_>) -> bool {
    true
}

/// Three routes that a request may be forwarded to, of which the last one has another check.
#[cross_origin(origins = [check(nobody)])]
#[post("/forwards", rank = 1)]
fn first() {}

#[cross_origin(origins = [check(nobody)])]
#[post("/forwards", rank = 2)]
fn second() {}

#[cross_origin(origins = [check(somebody)])]
#[post("/forwards", rank = 3)]
fn third() {}

fn rocket() -> Rocket<Build> {
    with(CrossOrigin::fairing())
}

fn with(cors: CrossOrigin) -> Rocket<Build> {
    let partners = ["https://partner.example.com", "https://*.partners.example.com"];
    let figment = rocket::Config::figment().merge(("log_level", "off")).merge(("cors.partners", partners));
    let routes = routes![
        listed,
        any,
        for_nobody,
        json,
        only_json,
        form,
        unshared_form,
        html,
        any_header,
        item,
        special,
        remove,
        head_only,
        with_query,
        own_options,
        annotated_options,
        checked,
        first,
        second,
        third
    ];
    rocket::custom(figment)
        .attach(cors.fallback("/api", Fallback).fallback("/checked-api", CheckedFallback))
        .mount("/", routes)
        .mount("/", Covered.cover(routes![covered]))
}

const ORIGINS: [&str; 8] = [
    "https://app.example.com",
    "https://partner.example.com",
    "https://a.partners.example.com",
    "https://admin.example.com",
    "https://covered.example.com",
    "https://evil.example.net",
    "null",
    "evil",
];

const PATHS: [&str; 15] = [
    "/forms",
    "/nobody",
    "/formats",
    "/listed",
    "/any",
    "/items/7",
    "/items/special",
    "/query?kind=a",
    "/query?kind=b",
    "/own",
    "/annotated",
    "/covered",
    "/checked",
    "/api/nowhere",
    "/nowhere",
];

const METHODS: [Method; 7] =
    [Method::Get, Method::Head, Method::Post, Method::Put, Method::Delete, Method::Patch, Method::Options];

const NAMES: [&[&str]; 3] = [&[], &["x-a", "x-b"], &["authorization"]];

#[test]
fn every_answer_is_the_applications() {
    let protected = || CrossOrigin::fairing().protect_all().own_origins(["https://admin.example.com"]);
    for cors in [CrossOrigin::fairing(), protected(), protected().report_only()] {
        let client = Client::untracked(with(cors)).expect("launches");
        for host in [None, Some("admin.example.com"), Some("evil.example.net")] {
            ask_everything(&client, host);
        }
    }
}

#[test]
fn another_name_is_refused() {
    let own = CrossOrigin::fairing().own_origins(["https://admin.example.com"]);
    let client = Client::untracked(with(own)).expect("launches");
    let ask = |host: &str| {
        let text = format!("GET /any\nOrigin: https://app.example.com\n{host}Sec-Fetch-Site: cross-site\n");
        CrossOrigin::explain(client.rocket(), &text.parse().expect("a question")).expect("answers")
    };
    let Answers { preflight, request, .. } = ask("Host: evil.example.net\n");
    let kinds = [preflight, request].map(|answer| (answer.status, answer.kind));
    assert_eq!(kinds, [(); 2].map(|()| (Some(403), Some("host".to_owned()))));
    assert_eq!(ask("Host: admin.example.com\n"), ask(""));
}

/// The values of `Content-Type` and `Accept`.
const FORMATS: [(Option<&str>, Option<&str>); 6] = [
    (None, None),
    (Some("application/json"), Some("*/*")),
    (Some("application/x-www-form-urlencoded"), Some("application/json, text/html;q=0.9")),
    (Some("text/plain; charset=utf-8"), Some("text/html")),
    (Some("application/*"), Some("text/*")),
    (Some("json"), Some("html")),
];

fn ask_everything(client: &Client, host: Option<&str>) {
    for origin in ORIGINS {
        for path in PATHS {
            for method in METHODS {
                for (index, (content_type, accept)) in FORMATS.into_iter().enumerate() {
                    let question = Question {
                        method: method.as_str().to_owned(),
                        path: path.to_owned(),
                        host: host.map(ToOwned::to_owned),
                        origin: origin.to_owned(),
                        same_origin: Some(false),
                        content_type: content_type.map(ToOwned::to_owned),
                        accept: accept.map(ToOwned::to_owned),
                        cookies: index % 2 == 1,
                        headers: NAMES[index % NAMES.len()].iter().map(|name| (*name).to_owned()).collect(),
                    };
                    let answers = CrossOrigin::explain(client.rocket(), &question).expect("answers");
                    compare(client, method, &question, &answers.request, false);
                    compare(client, Method::Options, &question, &answers.preflight, true);
                    let own = Question { same_origin: Some(true), ..question };
                    let answers = CrossOrigin::explain(client.rocket(), &own).expect("answers");
                    compare(client, method, &own, &answers.request, false);
                    assert!(answers.same_origin && answers.form.is_none());
                }
            }
        }
    }
}

/// Compares an answer with that of the application.
fn compare(client: &Client, method: Method, question: &Question, answer: &Answer, preflight: bool) {
    let mut request = client.req(method, question.path.clone());
    let own = question.same_origin == Some(true);
    if !own || !matches!(method, Method::Get | Method::Head) {
        request.add_header(Header::new("Origin", question.origin.clone()));
    }
    request.add_header(Header::new("Sec-Fetch-Site", if own { "same-origin" } else { "cross-site" }));
    let of_page = question.origin.split_once("://").map(|(_, host)| host).filter(|_| own);
    if let Some(host) = question.host.as_deref().or(of_page) {
        request.add_header(Header::new("Host", host.to_owned()));
    }
    if preflight {
        request.add_header(Header::new("Access-Control-Request-Method", question.method.clone()));
        if !question.headers.is_empty() {
            request.add_header(Header::new("Access-Control-Request-Headers", question.headers.join(",")));
        }
    } else {
        for (name, value) in [("Content-Type", &question.content_type), ("Accept", &question.accept)] {
            if let Some(value) = value {
                request.add_header(Header::new(name, value.clone()));
            }
        }
        if question.cookies {
            request.add_header(Header::new("Cookie", "a=b"));
        }
    }
    let response = request.dispatch();
    if preflight && answer.status.is_none() && answer.undecided.is_some() {
        // The application's own OPTIONS route has the word.
        assert_eq!(response.into_string().as_deref(), Some("mine"));
        return;
    }
    // Without a status here, it is the handler's, or that of a guard: none of them answers with 404 or 403.
    let status = answer.status.unwrap_or(200);
    assert_eq!(response.status().code, status, "{question:?}, preflight: {preflight}: {answer:?}");
    let explained = answer.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
    let explained: BTreeSet<_> = explained.filter(|(name, _)| is_cors(name)).collect();
    assert_eq!(explained, cors_headers(&response), "{question:?}, preflight: {preflight}");
}

fn is_cors(name: &str) -> bool {
    name.starts_with("access-control-") || name == "vary"
}

fn cors_headers(response: &LocalResponse<'_>) -> BTreeSet<(String, String)> {
    let headers = response.headers().iter();
    let headers = headers.map(|header| (header.name().as_str().to_ascii_lowercase(), header.value().to_owned()));
    headers.filter(|(name, _)| is_cors(name)).collect()
}

#[test]
fn what_decided_is_named() {
    let client = Client::untracked(rocket()).expect("launches");
    let ask = |text: &str| {
        let question = text.parse::<Question>().expect("a question");
        CrossOrigin::explain(client.rocket(), &question).expect("answers")
    };
    let answers = ask("DELETE /items/special\nOrigin: https://app.example.com");
    assert_eq!(answers.request.route.as_deref(), Some("DELETE /items/special (special)"));
    assert_eq!(answers.preflight.refusal.as_deref(), Some("the handler of the method `DELETE` is not shared"));

    let answers = ask("PUT /checked\nOrigin: https://other.example.com");
    assert!(answers.preflight.undecided.is_some_and(|open| open.contains("`check(nobody)`")));
    // A check is not asked about text that is not an origin, nor about an origin that is named anyway.
    assert_eq!(ask("PUT /checked\nOrigin: null").preflight.undecided, None);
    assert_eq!(ask("PUT /checked\nOrigin: https://app.example.com").preflight.undecided, None);

    let answers = ask("PUT /listed\nOrigin: https://partner.example.com");
    assert!(answers.request.source.is_some_and(|source| source.contains("explain.rs:")));
    assert_eq!(
        answers.request.policy.as_deref(),
        Some("https://app.example.com, config(\"partners\") with credentials")
    );
    let answers = ask("POST /nobody\nOrigin: https://app.example.com");
    let said = "this handler is shared with nobody (`none`): the origin is `https://app.example.com`";
    assert_eq!((answers.request.refusal.as_deref(), answers.request.kind.as_deref()), (Some(said), Some("nobody")));

    let form = ask("PATCH /query?kind=a\nOrigin: https://app.example.com").form.expect("a write");
    assert_eq!((form.status, &form.notes[..]), (None, &["with cookies it is answered with 403".to_owned()][..]));

    let answers = ask("GET /formats\nOrigin: https://admin.example.com\nAccept: application/json");
    let said = "GET /formats (html) takes only `text/html`, and the request accepts `application/json`";
    assert_eq!((answers.request.status, answers.request.refusal.as_deref()), (Some(404), Some(said)));

    let question = Question { path: "no path".to_owned(), ..Question::default() };
    assert!(CrossOrigin::explain(client.rocket(), &question).is_err());
    let without = Client::untracked(rocket::custom(rocket::Config::figment().merge(("log_level", "off"))));
    let question = Question { path: "/".to_owned(), ..Question::default() };
    assert!(CrossOrigin::explain(without.expect("launches").rocket(), &question).is_err());
}

/// `explained.txt`: all that is said, with the headers of the question after `|`.
#[test]
fn all_that_is_said() {
    let protected = || CrossOrigin::fairing().protect_all().own_origins(["https://admin.example.com"]);
    let apps = [CrossOrigin::fairing(), protected(), protected().report_only()];
    let apps = apps.map(|cors| Client::untracked(with(cors)).expect("launches"));
    each_case("says/explained.txt", |case| {
        let (app, question) = match case.split_once(": ") {
            Some(("protected", question)) => (&apps[1], question),
            Some(("report_only", question)) => (&apps[2], question),
            _ => (&apps[0], case),
        };
        let question = question.replace(" | ", "\n").parse().expect("a question");
        explained(&CrossOrigin::explain(app.rocket(), &question).expect("answers"))
    });
}

/// What a form can still send is what the application answers to such a form.
#[test]
fn forms_are_answered_as_explained() {
    let apps = [CrossOrigin::fairing(), CrossOrigin::fairing().protect_all(), CrossOrigin::fairing().report_only()];
    let mut ran = BTreeSet::new();
    for (index, cors) in apps.into_iter().enumerate() {
        let client = Client::untracked(with(cors)).expect("launches");
        for path in PATHS {
            for method in [Method::Post, Method::Put, Method::Delete, Method::Patch] {
                let text = format!("{method} {path}\nOrigin: https://evil.example.net\n");
                let answers = CrossOrigin::explain(client.rocket(), &text.parse().expect("a question"));
                let form = answers.expect("answers").form.expect("a write");
                // The best answer of the forms that there are.
                let types = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
                let types = if method == Method::Post { &types[..] } else { &types[..1] };
                let statuses = types.iter().map(|content_type| {
                    let mut request = client.post(path).body(format!("_method={method}"));
                    request.add_header(Header::new("Content-Type", *content_type));
                    request.add_header(Header::new("Origin", "https://evil.example.net"));
                    request.dispatch().status().code
                });
                let status = [200, 403, 404].into_iter().find(|status| statuses.clone().any(|known| known == *status));
                assert_eq!(Some(form.status.unwrap_or(200)), status, "{index} {text}: {form:?}");
                if form.status.is_none() {
                    ran.insert((index, method.as_str(), path));
                }
            }
        }
    }
    let unprotected =
        [(0, "DELETE", "/items/7"), (0, "DELETE", "/items/special"), (0, "POST", "/forms"), (1, "DELETE", "/items/7")];
    assert_eq!(ran.iter().filter(|(index, ..)| *index < 2).copied().collect::<Vec<_>>(), unprotected);
    assert!(ran.contains(&(2, "POST", "/nobody")), "{ran:?}");
}

/// `cargo cors` reads answers of another release as far as it takes to say so.
#[test]
fn answers_of_another_version_are_told_by_it() {
    let answer = r#"{"status":204,"headers":[],"route":null,"source":null,"policy":null,"refusal":null,"undecided":null,"notes":[]}"#;
    let older = format!(r#"{{"version":1,"preflight":{answer},"request":{answer}}}"#);
    let read: Answers = serde_json::from_str(&older).expect("an answer");
    assert_eq!((read.version, Answers::VERSION), (1, 2));
}
