//! A route that takes requests which no page may send, because the policy does not allow their `content-type`.

use super::collector::Collector;
use super::scope::{ContentType, Scope};
use crate::declared::{Declared, Element};
use crate::finding::{Finding, Place};
use crate::rules;

pub(super) fn check(declared: &Declared<'_>, scope: Scope, collector: &mut Collector<'_>) {
    let message = match scope.content_type() {
        ContentType::Simple => return,
        ContentType::Required => {
            "no page of another origin can call this route: browsers send the `content-type` that it takes only if \
             `allow_headers` names that header"
        }
        ContentType::Expected => {
            "pages of another origin cannot announce the JSON or MessagePack that this route reads: `allow_headers` does \
             not name `content-type`"
        }
    };
    // A misspelt name has its own error.
    let named = declared.allow_headers.iter().any(|element| match element {
        Element::Any => true,
        Element::Text(name) => name.to_ascii_lowercase().contains("content-type"),
    });
    if named || collector.has_gaps() {
        return;
    }
    let help = if declared.allow_headers.is_empty() {
        "add `allow_headers = [\"content-type\"]`"
    } else {
        "add `\"content-type\"` to `allow_headers`"
    };
    collector.lint(Finding {
        rule: &rules::CONTENT_TYPE_NOT_ALLOWED,
        place: Place::Route,
        message: message.to_owned(),
        help: help.to_owned(),
    });
}
