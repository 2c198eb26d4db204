//! The errors of one attribute, collected and written as the compiler prints them.
//!
//! ```text
//! error: `https://a.example/` is a URL, not an origin: origins end after the host or port
//!        = help: remove the trailing slash: `"https://a.example"`
//!        = note: rule `trailing-slash` is always an error
//!  --> src/main.rs:3:27
//! ```

use cors_rules::Finding;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// Collects errors, so that all of them are reported at once.
///
/// Dropping it with errors in it is a bug: a mistake would go unseen.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<(Span, Span, String)>,
}

impl Report {
    /// Reports a broken rule at these tokens, or at the attribute as a whole if there are none.
    pub(crate) fn finding(&mut self, at: impl ToTokens, finding: &Finding) {
        self.finding_of(at, finding, None);
    }

    /// The same of a rule that two attributes break together, which `both` tells.
    pub(crate) fn finding_of(&mut self, at: impl ToTokens, finding: &Finding, both: Option<String>) {
        let rule = finding.rule;
        let note = if rule.is_allowable() {
            format!("lint `{}`; add `allow({})` to accept this", rule.name, rule.allow_name())
        } else {
            format!("rule `{}` is always an error", rule.name)
        };
        let both = both.map(|both| format!("\n= note: {both}")).unwrap_or_default();
        self.push(at, &format!("{}\n= help: {}{both}\n= note: {note}", finding.message, finding.help));
    }

    /// Reports something that no rule covers: what is wrong, and what to write.
    pub(crate) fn error(&mut self, at: impl ToTokens, message: &str, help: &str) {
        self.push(at, &format!("{message}\n= help: {help}"));
    }

    /// Reports text that is not Rust, or not of the attribute's grammar.
    pub(crate) fn syntax(&mut self, error: &syn::Error) {
        // Behind a whole value: what is missing can only be a comma.
        let text = error.to_string();
        let (text, help) = if text.starts_with("expected `,`") || text == "unexpected token" {
            ("expected a comma here", "separate arguments and list elements with commas")
        } else {
            (&*text, "write the value as in `origins = [\"https://app.example.com\"]`")
        };
        self.errors.push((error.span(), error.span(), format!("{text}\n= help: {help}")));
    }

    fn push(&mut self, at: impl ToTokens, text: &str) {
        let mut spans = at.into_token_stream().into_iter().map(|token| token.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        let last = spans.last().unwrap_or(first);
        self.errors.push((first, last, text.to_owned()));
    }

    /// Forgets the errors, which have been reported elsewhere.
    pub(crate) fn discard(mut self) {
        self.errors.clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// One `compile_error!` for each error.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        let errors = std::mem::take(&mut self.errors);
        let errors = errors.into_iter().map(|(first, last, text)| {
            // The compiler underlines from the first token of the invocation to the last.
            let path = quote_spanned!(first=> ::core::compile_error);
            quote_spanned!(last=> #path ! { #text })
        });
        errors.collect()
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        // Not while panicking: a second panic would hide the first.
        assert!(self.errors.is_empty() || std::thread::panicking(), "errors were collected and not reported");
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::Report;

    #[test]
    #[should_panic(expected = "errors were collected and not reported")]
    fn an_error_that_is_not_reported_is_a_bug() {
        Report::default().error(quote!(origins), "wrong", "write it right");
    }
}
