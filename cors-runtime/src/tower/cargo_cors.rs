//! Answers `cargo cors`: the application writes its report, or its answers to one request, into a file and ends without
//! serving.

use super::application::ApplicationLayer;
use super::layer::CrossOriginLayer;

impl ApplicationLayer {
    /// Lets `cargo cors` ask this application about its layers, each with the path below which it stands: as
    /// [`report`](Self::report) takes them. Segments in braces, as in `/users/{id}`, stand for any.
    ///
    /// Call it when the layers are made, before the server starts. If `cargo cors` has started the application, its answer is
    /// written and the process ends. Else nothing happens. Release builds need the feature `cargo-cors` for it.
    ///
    /// ```
    /// use cors_runtime::cross_origin;
    /// use cors_runtime::tower::ApplicationLayer;
    ///
    /// #[cross_origin(origins = ["https://app.example.com"])]
    /// struct App;
    ///
    /// let application = ApplicationLayer::new().protect_all();
    /// let app = App.layer();
    /// application.answer_cargo_cors([("/api", &app)]);
    /// ```
    pub fn answer_cargo_cors<'l, P: Into<String>>(&self, layers: impl IntoIterator<Item = (P, &'l CrossOriginLayer)>) {
        #[cfg(any(debug_assertions, feature = "cargo-cors"))]
        asked::answer(self, layers.into_iter().map(|(path, layer)| (path.into(), layer)));
        #[cfg(not(any(debug_assertions, feature = "cargo-cors")))]
        drop(layers);
    }
}

#[cfg(any(debug_assertions, feature = "cargo-cors"))]
mod asked {
    use std::io::Write as _;
    use std::process;

    use super::{ApplicationLayer, CrossOriginLayer};
    use crate::cargo_cors::{Asked, REPORT};
    use crate::question::{Answers, Question};

    /// Writes what is asked for and ends the process; returns if nothing is asked for.
    pub(super) fn answer<'l>(
        application: &ApplicationLayer,
        layers: impl Iterator<Item = (String, &'l CrossOriginLayer)>,
    ) {
        let Some(asked) = Asked::of_environment() else { return };
        let layers: Vec<_> = layers.collect();
        let explain = |question: &Question| {
            let layer = layer_at(&layers, &question.path);
            let mut answers = application.explain(layer.map(|(_, layer)| *layer), question);
            if let Some((path, _)) = layer {
                say_path(&mut answers, path);
            }
            Ok(answers)
        };
        match asked.answer(|| application.report(layers.clone()), explain) {
            Ok(()) => process::exit(0),
            Err(error) => {
                let path = asked.path.to_string_lossy();
                // Standard error may be closed.
                let _ = writeln!(std::io::stderr(), "CORS: cannot write {path:?}, which {REPORT} names: {error}");
                process::exit(1);
            }
        }
    }

    /// The layer with the longest path, of those that stand around this one.
    fn layer_at<'a, 'l>(
        layers: &'a [(String, &'l CrossOriginLayer)],
        asked: &str,
    ) -> Option<&'a (String, &'l CrossOriginLayer)> {
        let around = layers.iter().filter(|(path, _)| is_below(path, asked));
        around.max_by_key(|(path, _)| segments(path).count())
    }

    /// Whether a path stands below that of a layer.
    fn is_below(layer: &str, asked: &str) -> bool {
        let mut asked = segments(asked);
        let is_same = |segment: &str, asked: &str| segment == asked || segment.starts_with('{');
        segments(layer).all(|segment| asked.next().is_some_and(|asked| is_same(segment, asked)))
    }

    fn segments(path: &str) -> impl Iterator<Item = &str> {
        path.split('?').next().unwrap_or_default().split('/').filter(|segment| !segment.is_empty())
    }

    /// Names the path of the layer that has decided.
    fn say_path(answers: &mut Answers, path: &str) {
        for answer in [&mut answers.preflight, &mut answers.request].into_iter().chain(answers.form.as_mut()) {
            answer.route = answer.route.take().map(|name| format!("the layer at {path} ({name})"));
        }
    }

    #[cfg(test)]
    mod tests {
        use super::{ApplicationLayer, CrossOriginLayer, is_below, layer_at, say_path};
        use crate::Policy;

        #[test]
        fn an_answer_names_the_path_of_its_layer() {
            let policy = Policy::builder().origins(["https://app.example.com"]).leak().expect("a policy");
            let layer = CrossOriginLayer::new(policy);
            let layers = [("/".to_owned(), &layer), ("/api".to_owned(), &layer)];
            let (path, layer) = layer_at(&layers, "/api/items").expect("a layer");
            let question = "POST /api/items\nOrigin: https://evil.example.net".parse().expect("a question");
            let mut answers = ApplicationLayer::new().explain(Some(layer), &question);
            say_path(&mut answers, path);
            let form = answers.form.expect("a form can send it");
            for answer in [answers.preflight, answers.request, form] {
                assert_eq!(answer.route.as_deref(), Some("the layer at /api (made at run time)"));
            }
        }

        #[test]
        fn paths_stand_below_those_of_layers() {
            for (layer, asked) in
                [("/", "/"), ("/", "/a"), ("/a", "/a/b?c"), ("/a/", "/a"), ("/{id}/b", "/7/b"), ("", "/")]
            {
                assert!(is_below(layer, asked), "{layer} {asked}");
            }
            for (layer, asked) in [("/a", "/"), ("/a", "/ab"), ("/a/b", "/a"), ("/{id}/b", "/7/c"), ("/a", "/b?/a")] {
                assert!(!is_below(layer, asked), "{layer} {asked}");
            }
        }
    }
}
