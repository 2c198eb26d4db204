//! The rules about the attribute itself.

use crate::rule::{Kind, Level, Rule};

rules! {
    UNKNOWN_OPTION "unknown-option" Invalid Error {
        "A misspelt option must not silently leave the default in force."
    } "The Rust Reference: attributes" @ "https://doc.rust-lang.org/reference/attributes.html"
    DUPLICATE_OPTION "duplicate-option" Redundant Error {
        "If an option is given twice, one of the two has no effect, and a reader cannot tell which."
    } "The Rust Reference: attributes" @ "https://doc.rust-lang.org/reference/attributes.html"
    OPTION_TYPE_MISMATCH "option-type-mismatch" Invalid Error {
        "Every option takes one kind of value: a list of strings, `true` or `false`, or a number. The attribute does not guess what another kind of value was meant to be."
    } "The Rust Reference: attributes" @ "https://doc.rust-lang.org/reference/attributes.html"
    NON_LITERAL_VALUE "non-literal-value" Invalid Error {
        "A constant or a macro call does not have a value yet when the attribute is expanded, so it could not be checked. The policy is checked at compile time, from the text of the attribute."
    } "The Rust Reference: procedural macros" @ "https://doc.rust-lang.org/reference/procedural-macros.html#attribute-macros"
    ATTRIBUTE_ORDER "attribute-order" Invalid Error {
        "Below the route attribute, `cross_origin` would see generated code instead of the handler, and the policy would be lost: attributes are expanded from top to bottom."
    } "The Rust Reference: procedural macros" @ "https://doc.rust-lang.org/reference/procedural-macros.html#attribute-macros"
    MISSING_ROUTE_ATTRIBUTE "missing-route-attribute" Invalid Error {
        "A policy on a function that is not a route handler has no effect."
    } "Rocket: routing" @ "https://rocket.rs/guide/v0.5/overview/#routing"
    DUPLICATE_ATTRIBUTE "duplicate-attribute" Redundant Error {
        "A handler has one policy, so one of the two would have no effect."
    } "The Rust Reference: attributes" @ "https://doc.rust-lang.org/reference/attributes.html"
    POLICY_ON_OPTIONS_ROUTE "policy-on-options-route" Redundant Lint {
        "A policy on an OPTIONS handler is only for pages that send OPTIONS requests themselves, which is rare. A preflight is an OPTIONS request too, but the policy of the requested route answers it, and no handler runs."
    } "Fetch: CORS-preflight request" @ "https://fetch.spec.whatwg.org/#cors-preflight-request"
    CONTENT_TYPE_NOT_ALLOWED "content-type-not-allowed" Redundant Lint {
        "A page of another origin may send `text/plain` and the two formats of forms without asking. For every other value of `content-type`, `allow_headers` has to name that header. A route with `format = \"json\"` accepts only JSON, so no page that the policy names can call it. A route that reads JSON or `MessagePack` without a `format` can be called with a body that is declared as text, but few pages do that."
    } "Fetch: CORS-safelisted request-header" @ "https://fetch.spec.whatwg.org/#cors-safelisted-request-header"
    MODULE_WITHOUT_HANDLERS "module-without-handlers" Redundant Error {
        "The policy of a module applies to the handlers in it. Without handlers it protects nothing, but readers would believe that it does."
    } "Rocket: routing" @ "https://rocket.rs/guide/v0.5/overview/#routing"
    UNSEEN_ITEMS "unseen-items" Dangerous Lint {
        "The attribute on a module puts its policy on the handlers that it sees there. A handler that a macro generates, or that is written inside a function, gets neither the policy nor its protection against writes from other origins."
    } "The Rust Reference: procedural macros" @ "https://doc.rust-lang.org/reference/procedural-macros.html#attribute-macros"
    UNUSED_ALLOW "unused-allow" Redundant Error {
        "An `allow` that has no effect today would hide a mistake that is made later."
    } "The rustc book: lint levels" @ "https://doc.rust-lang.org/rustc/lints/levels.html"
}
