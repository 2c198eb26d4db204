//! Answers `cargo cors`: the application writes its report, or its answers to one request, into a file and ends without
//! serving. The variables are those of an application of Rocket: `CORS_REPORT` is the path of an existing file, and
//! `CORS_EXPLAIN` has the questions.

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
        let _ = layers;
    }
}

#[cfg(any(debug_assertions, feature = "cargo-cors"))]
mod asked {
    use std::ffi::OsString;
    use std::fs::OpenOptions;
    use std::io::Write as _;
    use std::{env, process};

    use serde_json::{Value, json};

    use super::{ApplicationLayer, CrossOriginLayer};
    use crate::question::{Answers, Question};

    const REPORT: &str = "CORS_REPORT";
    const EXPLAIN: &str = "CORS_EXPLAIN";

    /// Writes what is asked for and ends the process; returns if nothing is asked for.
    pub(super) fn answer<'l>(
        application: &ApplicationLayer,
        layers: impl Iterator<Item = (String, &'l CrossOriginLayer)>,
    ) {
        let Some(path) = env::var_os(REPORT).filter(|path| !path.is_empty()) else { return };
        let layers: Vec<_> = layers.collect();
        let text = match env::var_os(EXPLAIN) {
            None => json!(application.report(layers)),
            Some(text) => answers(application, &layers, text).unwrap_or_else(|error| json!({ "error": error })),
        }
        .to_string();
        // An existing file, so that a mistaken variable leaves no trace.
        let file = OpenOptions::new().write(true).truncate(true).open(&path);
        match file.and_then(|mut file| file.write_all(text.as_bytes())) {
            Ok(()) => process::exit(0),
            Err(error) => {
                let path = path.to_string_lossy();
                // Standard error may be closed.
                let _ = writeln!(std::io::stderr(), "CORS: cannot write {path:?}, which {REPORT} names: {error}");
                process::exit(1);
            }
        }
    }

    fn answers(
        application: &ApplicationLayer,
        layers: &[(String, &CrossOriginLayer)],
        text: OsString,
    ) -> Result<Value, String> {
        let text = text.into_string().map_err(|_| format!("{EXPLAIN} is not UTF-8"))?;
        let answer = |text: &str| {
            let question: Question = text.parse().map_err(|error| format!("the text of {EXPLAIN} is {error}"))?;
            let layer = layer_at(layers, &question.path);
            let mut answers = application.explain(layer.map(|(_, layer)| *layer), &question);
            if let Some((path, _)) = layer {
                say_path(&mut answers, path);
            }
            Ok(answers)
        };
        let mut answers = text.split("\n\n").map(answer).collect::<Result<Vec<_>, String>>()?;
        Ok(if answers.len() == 1 { json!(answers.remove(0)) } else { json!(answers) })
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
        use super::is_below;

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
