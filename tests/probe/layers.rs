//! An application of axum with layers, of which `cargo cors probe` knows the answers.

use axum::Router;
use axum::routing::{get, post};
use cors_runtime::tower::{Application, ApplicationLayer, CrossOriginLayer};
use cors_runtime::{OwnOrigins, Policy, cross_origin};
use http::Method;

#[cross_origin(origins = ["https://app.example.com"], credentials, allow_headers = ["x-reason"])]
struct App;

#[cross_origin(origins = any)]
struct Public;

#[cross_origin(origins = ["https://app.example.com"], enforce)]
struct Export;

#[cross_origin(none)]
struct Nobody;

/// The layers, and the paths at which the application has them.
pub(crate) struct Layers {
    application: ApplicationLayer,
    at: [(&'static str, CrossOriginLayer); 5],
}

impl Layers {
    /// `own_origins` are those of the application, if there are any.
    pub(crate) fn new(own_origins: &[&str]) -> Self {
        let mut application = ApplicationLayer::new().protect_all();
        if !own_origins.is_empty() {
            application = application.own_origins(OwnOrigins::new(own_origins.iter().copied()).expect("origins"));
        }
        let at = [
            ("/api/items", App.layer()),
            ("/api/feed", Public.layer()),
            ("/api/export", Export.layer()),
            ("/api/notes", Nobody.layer().methods([Method::POST])),
            ("/api/deep", App.layer()),
        ];
        Layers { application, at }
    }

    /// The policy at a path.
    #[allow(dead_code, reason = "the program that is asked has no use for it")]
    pub(crate) fn policy(&self, path: &str) -> &Policy {
        self.at.iter().find(|(known, _)| *known == path).expect("a layer").1.policy()
    }

    /// Answers `cargo cors`, if it has started this process.
    #[allow(dead_code, reason = "the tests have no use for it")]
    pub(crate) fn answer_cargo_cors(&self) {
        self.application.answer_cargo_cors(self.at.iter().map(|(path, layer)| (*path, layer)));
    }

    /// The application with them.
    pub(crate) fn around(&self, routes: impl Fn(&str) -> Router) -> Application<Router> {
        let nest = |router: Router, (path, layer): &(&str, CrossOriginLayer)| {
            router.nest_service(path, layer.around(routes(path)))
        };
        self.application.around(self.at.iter().fold(Router::new(), nest))
    }
}

/// What is served below each path. Nothing is at `/api/deep` itself.
pub(crate) fn routes(path: &str) -> Router {
    match path {
        "/api/notes" => Router::new().route("/", post(|| async { "noted" })),
        "/api/deep" => Router::new().route("/in/{id}", get(|| async { "deep" })),
        _ => Router::new().route("/", get(|| async { "got" }).put(|| async { "put" })),
    }
}
