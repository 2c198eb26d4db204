//! Many requests at once: lists that are replaced meanwhile, requests that nobody waits for any more, checks that panic or
//! never answer.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::post;
use cors_runtime::tower::{ApplicationLayer, OriginLists};
use cors_runtime::{Origin, cross_origin};
use http::request::Parts;
use http::{Method, Request, Response};
use rocket::tokio::runtime::Runtime;
use rocket::tokio::{self, task, time};
use tower::{Service, ServiceExt, service_fn};

use crate::support::{APP, EVIL, PARTNER, preflight, request};

fn write(origin: &str) -> Request<Body> {
    request("POST", "/", &[&format!("origin: {origin}")])
}

/// Whether the handler ran, and whether the page may read that.
async fn posted<S>(service: S, origin: &str) -> (bool, bool)
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    let Ok(response) = service.oneshot(write(origin)).await;
    let is_shared = response.headers().get("access-control-allow-origin").is_some_and(|allowed| allowed == origin);
    (response.status() == 200, is_shared)
}

#[cross_origin(origins = [config("partners")])]
struct Listed;

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[test]
fn lists_are_replaced_while_requests_are_served() {
    let lists = OriginLists::new([("partners", [PARTNER])]);
    let inside = Listed.layer(&lists).unwrap().around(Router::new().route("/", post(|| async { "posted" })));
    // The layers around ask about the policy, and the request comes after.
    let service = ApplicationLayer::new().protect_all().around(App.layer().around(inside));
    let is_over = Arc::new(AtomicBool::new(false));
    Runtime::new().unwrap().block_on(async {
        let load = (0..8).map(|number| {
            let (service, is_over) = (service.clone(), is_over.clone());
            tokio::spawn(async move {
                let (mut ran, mut refused) = (0, 0);
                while !is_over.load(Ordering::Relaxed) || ran == 0 || refused == 0 {
                    let origin = if number % 2 == 0 { PARTNER } else { EVIL };
                    let (did_run, is_shared) = posted(service.clone(), origin).await;
                    // One request has one list, from its start to its end.
                    assert_eq!(did_run, is_shared);
                    *(if did_run { &mut ran } else { &mut refused }) += 1;
                    task::yield_now().await;
                }
                ran + refused
            })
        });
        let load: Vec<_> = load.collect();
        let replacing = {
            let (lists, is_over) = (lists.clone(), is_over.clone());
            tokio::spawn(async move {
                for number in 0.. {
                    lists.replace([("partners", [if number % 2 == 0 { EVIL } else { PARTNER }])]).unwrap();
                    // One that is not valid changes nothing.
                    lists.replace([("partners", ["https://partner.example.net/"])]).unwrap_err();
                    if number > 500 && is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    task::yield_now().await;
                }
            })
        };
        time::sleep(Duration::from_millis(300)).await;
        is_over.store(true, Ordering::Relaxed);
        for task in load {
            assert!(task.await.unwrap() > 1);
        }
        replacing.await.unwrap();
        lists.replace([("partners", [PARTNER])]).unwrap();
        assert_eq!(posted(service.clone(), PARTNER).await, (true, true));
        assert_eq!(posted(service, EVIL).await, (false, false));
    });
}

async fn slow(origin: &Origin<'_>, _: &Parts) -> bool {
    task::yield_now().await;
    origin.as_str() == PARTNER
}

#[cross_origin(origins = [check(slow)])]
struct Slow;

#[test]
fn a_request_can_be_dropped_at_any_moment() {
    let open = Arc::new(AtomicUsize::new(0));
    let counted = open.clone();
    let handler = service_fn(move |request: Request<Body>| {
        let open = counted.clone();
        async move {
            struct Open(Arc<AtomicUsize>);
            impl Drop for Open {
                fn drop(&mut self) {
                    self.0.fetch_sub(1, Ordering::Relaxed);
                }
            }
            open.fetch_add(1, Ordering::Relaxed);
            let _open = Open(open);
            task::yield_now().await;
            let status = if request.method() == Method::OPTIONS { 405 } else { 200 };
            Ok::<_, Infallible>(Response::builder().status(status).header("allow", "POST").body(Body::empty()).unwrap())
        }
    });
    let limited = tower::limit::ConcurrencyLimit::new(handler, 1);
    let service = ApplicationLayer::new().protect_all().around(App.layer().around(Slow.layer().around(limited)));
    Runtime::new().unwrap().block_on(async {
        let (mut dropped, mut most) = (0, 0);
        for polls in 0..40 {
            for sent in [write(PARTNER), write(EVIL), preflight(PARTNER, "POST", "/"), write("http://me")] {
                let mut answer = Box::pin(service.clone().oneshot(sent));
                let mut context = Context::from_waker(Waker::noop());
                let mut is_over = false;
                for _ in 0..polls {
                    is_over = answer.as_mut().poll(&mut context).is_ready();
                    if is_over {
                        break;
                    }
                    most = most.max(polls);
                }
                dropped += usize::from(!is_over);
                drop(answer);
                assert_eq!(open.load(Ordering::Relaxed), 0);
            }
        }
        assert!(dropped > 12 && most > 6, "{dropped} {most}");
        // The place of the limit is free.
        assert_eq!(posted(service.clone(), PARTNER).await, (true, true));
        assert_eq!(posted(service, EVIL).await, (false, false));
    });
}

async fn unreliable(origin: &Origin<'_>, _: &Parts) -> bool {
    match origin.host() {
        "hangs.example.com" => pending().await,
        "panics.example.com" => panic!("as this test wants it"),
        "panics-later.example.com" => {
            task::yield_now().await;
            panic!("as this test wants it, too")
        }
        host => host == "partner.example.net",
    }
}

#[cross_origin(origins = ["https://app.example.com", check(unreliable)])]
struct Unreliable;

#[test]
fn a_check_that_panics_or_hangs_concerns_its_own_request() {
    let inside = Unreliable.layer().around(Router::new().route("/", post(|| async { "posted" })));
    let service = ApplicationLayer::new().protect_all().around(App.layer().around(inside));
    Runtime::new().unwrap().block_on(async {
        let hanging: Vec<_> = (0..100)
            .map(|_| {
                let service = service.clone();
                tokio::spawn(async move { posted(service, "https://hangs.example.com").await })
            })
            .collect();
        for _ in 0..20 {
            for origin in ["https://panics.example.com", "https://panics-later.example.com", EVIL] {
                assert_eq!(posted(service.clone(), origin).await, (false, false), "{origin}");
            }
            for origin in [APP, PARTNER] {
                assert_eq!(posted(service.clone(), origin).await, (true, true), "{origin}");
            }
        }
        assert!(hanging.iter().all(|task| !task.is_finished()));
        // Nobody waits for ever where the application says how long.
        let patient = time::timeout(Duration::from_millis(20), posted(service.clone(), "https://hangs.example.com"));
        assert!(patient.await.is_err());
        hanging.iter().for_each(task::JoinHandle::abort);
        for task in hanging {
            assert!(task.await.unwrap_err().is_cancelled());
        }
        assert_eq!(posted(service, PARTNER).await, (true, true));
    });
}

/// A future that is polled once more after its end stays where it is, or panics; it never gives a second answer.
#[test]
fn there_is_one_answer() {
    let own = cors_runtime::OwnOrigins::new([APP]).unwrap();
    let routes = Router::new().route("/", post(|| async { "posted" }));
    let mut service = ApplicationLayer::new().own_origins(own).around(routes);
    let mut answer = Box::pin(service.call(request("GET", "/", &["host: rebound.example.org"])));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Ok(refused)) = answer.as_mut().poll(&mut context) else { panic!("not ready") };
    assert_eq!(refused.status(), 403);
    assert!(answer.as_mut().poll(&mut context).is_pending());
}
