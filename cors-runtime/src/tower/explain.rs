//! Answers a [`Question`] with the code that answers requests. Only the service inside is left out, and the functions of
//! `check(…)`.

use std::sync::Arc;

use super::application::ApplicationLayer;
use super::layer::CrossOriginLayer;
use super::lists::OriginLists;
use super::protection::Protection;
use super::shared::Shared;
use crate::answers::{headers, read, refused, turned_away, undecided, vary};
use crate::decision::{Name, PREFLIGHT_VARY, refuse_unshared};
use crate::origin_list::Lists;
use crate::question::{Answer, Answers, Question};
use crate::refusal::Refusal;
use crate::request::CorsRequest;
use crate::same_origin::refuse_host;

impl CrossOriginLayer {
    /// What a page gets from the service inside this layer, and what its preflight gets: see
    /// [`ApplicationLayer::explain`].
    ///
    /// ```
    /// use cors_runtime::{Question, cross_origin};
    ///
    /// #[cross_origin(origins = ["https://app.example.com"])]
    /// struct App;
    ///
    /// let question: Question = "PUT /item\nOrigin: https://evil.example.net\n".parse().unwrap();
    /// let answers = App.layer().explain(&question);
    /// assert_eq!(answers.preflight.status, Some(403));
    /// assert_eq!(
    ///     answers.preflight.refusal.as_deref(),
    ///     Some("the policy does not allow the origin `https://evil.example.net`")
    /// );
    /// ```
    #[must_use]
    pub fn explain(&self, question: &Question) -> Answers {
        ApplicationLayer::new().explain(Some(self), question)
    }
}

impl ApplicationLayer {
    /// What a page gets from a service of this application, and what its preflight gets. `layer` is the innermost layer around
    /// that service, if there is one.
    ///
    /// A layer does not know the service inside. It is assumed to serve the method of the question, unless the layer was told
    /// other [`methods`](CrossOriginLayer::methods); the path means nothing. Checks are not asked: what they would decide is
    /// [`undecided`](crate::Answer::undecided).
    #[must_use]
    pub fn explain(&self, layer: Option<&CrossOriginLayer>, question: &Question) -> Answers {
        let protection = &*self.protection;
        let own = |origin: &str| protection.own.as_ref().is_some_and(|own| own.name(origin.as_bytes()));
        let same_origin = question.same_origin.unwrap_or_else(|| own(&question.origin));
        let layer = layer.map(|layer| &*layer.shared);
        let explainer = Explainer {
            protection,
            layer,
            lists: layer.and_then(|layer| layer.lists.as_ref()).map(OriginLists::snapshot),
            question,
            names: question.headers.join(","),
            same_origin,
        };
        Answers {
            version: Answers::VERSION,
            preflight: explainer.preflight(),
            request: explainer.request(question.cookies),
            same_origin,
            form: explainer.form(),
        }
    }
}

struct Explainer<'a> {
    protection: &'a Protection,
    layer: Option<&'a Shared>,
    lists: Option<Arc<Lists>>,
    question: &'a Question,
    /// The value of `Access-Control-Request-Headers`.
    names: String,
    same_origin: bool,
}

impl Explainer<'_> {
    fn read(&self, cookies: bool) -> CorsRequest<'_> {
        read(self.question, &self.names, cookies, self.same_origin)
    }

    fn listed(&self, layer: &Shared, origin: &str) -> bool {
        self.lists.as_ref().is_some_and(|lists| lists.names(&layer.policy, origin))
    }

    /// Whether the layer was told the method of the question, or no methods.
    fn is_told(&self, layer: &Shared) -> bool {
        layer.was_told(self.question.method.as_bytes()) != Some(false)
    }

    /// The answer to whoever asks for the application by another name, before the layers inside see the request.
    fn by_other_name(&self) -> Option<Answer> {
        let Protection { own, report_only, .. } = self.protection;
        let refusal = refuse_host(&self.read(false), own.as_ref()).filter(|_| !report_only)?;
        Some(turned_away(refusal))
    }

    fn preflight(&self) -> Answer {
        if let Some(answer) = self.by_other_name() {
            return answer;
        }
        let method = &*self.question.method;
        let Some(layer) = self.layer else {
            let undecided = Some("the preflight is passed on to the service, which answers it".to_owned());
            return Answer { undecided, ..refused(Refusal::Method(method.as_bytes().into())) };
        };
        let mut notes = Vec::new();
        match &layer.methods {
            Some(_) if !self.is_told(layer) => {
                let route = Some(layer.shown().to_owned());
                let refused = refused(Refusal::NoHandler(method.as_bytes().into()));
                if layer.is_told_all {
                    let headers = headers([(Name::Vary, PREFLIGHT_VARY)].into_iter());
                    return Answer { status: Some(403), headers, route, ..refused };
                }
                // The service answers it, without a header of this library.
                return Answer { headers: vary(), route, ..refused };
            }
            Some(_) if layer.is_told_all => {}
            Some(_) => notes.push("assumed that the service serves this path".to_owned()),
            None => notes.push(format!("assumed that the service serves the method `{method}` at this path")),
        }
        let read = self.read(self.question.cookies);
        let decided = layer.policy.preflight(&read, method, |origin| self.listed(layer, origin));
        let (status, headers, refusal) = match decided {
            Ok(granted) => (204, headers(granted.lines(&read)), granted.refusal),
            Err(refusal) => (403, headers([(Name::Vary, PREFLIGHT_VARY)].into_iter()), Some(refusal)),
        };
        Answer { notes, ..self.answer(layer, Some(status), headers, refusal) }
    }

    fn request(&self, cookies: bool) -> Answer {
        let (read, own) = (self.read(cookies), self.protection.own.as_ref());
        if let Some(answer) = self.by_other_name() {
            return answer;
        }
        let Some(layer) = self.layer else {
            return match refuse_unshared(&read, own).filter(|_| self.protection.all) {
                Some(refusal) if self.protection.report_only => refused(refusal),
                Some(refusal) => turned_away(refusal),
                None => Answer {
                    refusal: Some("the service is not shared: it has no layer with a policy".to_owned()),
                    kind: Some("unshared".to_owned()),
                    notes: vec!["headers that the service sets itself are not changed".to_owned()],
                    ..Answer::default()
                },
            };
        };
        // An application around asks the layer by a preflight, which that does not answer for a method that it was told nothing of.
        let unshared = || refuse_unshared(&read, own).filter(|_| self.protection.all && !self.protection.report_only);
        if !self.is_told(layer)
            && let Some(refusal) = unshared()
        {
            return turned_away(refusal);
        }
        let decided = layer.policy.actual(&read, own, |origin| self.listed(layer, origin));
        let status = (decided.forbidden && !self.protection.report_only).then_some(403);
        let headers = headers(decided.lines());
        self.answer(layer, status, headers, decided.refusal)
    }

    /// The answer to a form that writes, or to a `no-cors` fetch, which send no other method than POST. Its cookies are not in
    /// the script's hands, so what they change is a note.
    fn form(&self) -> Option<Answer> {
        let is_sent = self.question.method == "POST" && !self.same_origin;
        let (with, without) = is_sent.then(|| (self.request(true), self.request(false)))?;
        let note = (with.status != without.status).then(|| "with cookies it is answered with 403".to_owned());
        Some(Answer { notes: without.notes.into_iter().chain(note).collect(), ..without })
    }

    fn answer(
        &self,
        layer: &Shared,
        status: Option<u16>,
        headers: Vec<(String, String)>,
        refusal: Option<Refusal<'_>>,
    ) -> Answer {
        let undecided = undecided(&layer.policy, !layer.checks.is_empty(), self.question, refusal.as_ref());
        Answer {
            status,
            headers,
            route: Some(layer.shown().to_owned()),
            policy: Some(layer.policy.to_string()),
            undecided,
            ..refusal.map(refused).unwrap_or_default()
        }
    }
}
