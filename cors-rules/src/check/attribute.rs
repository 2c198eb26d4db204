//! Findings about the text of the attribute, for those who read Rust source: the rules that no [`Declared`](crate::Declared)
//! policy can show.

use super::collector::nearest;
use crate::beside::{Beside, example};
use crate::declared::UnseenItem;
use crate::finding::{Finding, Place};
use crate::quote::{code, shown};
use crate::rule::Rule;
use crate::rules;

/// The options of the attribute.
pub const OPTIONS: &[&str] = &[
    "origins",
    "debug_origins",
    "credentials",
    "allow_headers",
    "expose_headers",
    "max_age",
    "enforce",
    "allow",
    "policy",
    "inherit",
    "none",
    "crate",
];

/// What other systems call the options, without signs and in lower case.
const FOREIGN: &[(&str, &str)] = &[
    ("accesscontrolallowcredentials", "credentials"),
    ("accesscontrolallowheaders", "allow_headers"),
    ("accesscontrolalloworigin", "origins"),
    ("accesscontrolexposeheaders", "expose_headers"),
    ("accesscontrolmaxage", "max_age"),
    ("allowcredential", "credentials"),
    ("allowcredentials", "credentials"),
    ("allowed", "origins"),
    ("allowedheaders", "allow_headers"),
    ("allowedorigin", "origins"),
    ("allowedoriginpatterns", "origins"),
    ("allowedorigins", "origins"),
    ("allowheader", "allow_headers"),
    ("alloworigin", "origins"),
    ("alloworigins", "origins"),
    ("exposed", "expose_headers"),
    ("exposedheaders", "expose_headers"),
    ("exposeheader", "expose_headers"),
    ("headers", "allow_headers"),
    ("maxageseconds", "max_age"),
    ("origin", "origins"),
    ("originpatterns", "origins"),
    ("requestheaders", "allow_headers"),
    ("responseheaders", "expose_headers"),
    ("supportscredentials", "credentials"),
    ("withcredentials", "credentials"),
];

/// What other systems call the methods, which the route attribute gives.
const METHODS: &[&str] =
    &["accesscontrolallowmethods", "allowedmethods", "allowmethod", "allowmethods", "method", "methods", "sendmethods"];

fn finding(rule: &'static Rule, message: String, help: String) -> Finding {
    Finding { rule, place: Place::Policy, message, help }
}

/// An option that the attribute does not have. The help names the one that was meant, also where another system's name
/// for it was written.
#[must_use]
pub fn unknown_option(key: &str) -> Finding {
    let plain: String =
        key.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_lowercase();
    let message = format!("unknown option {}", code(key));
    if METHODS.contains(&plain.as_str()) {
        let help = "remove it: the method comes from the route attribute, such as `#[get(\"/\")]`, and on axum from the router".to_owned();
        return finding(&rules::UNKNOWN_OPTION, message, help);
    }
    let same = OPTIONS.iter().find(|option| option.replace('_', "") == plain).copied();
    let foreign = FOREIGN.iter().find(|(name, _)| *name == plain).map(|(_, option)| *option);
    let near = same.or(foreign).map(ToOwned::to_owned);
    if near.is_none() && key.starts_with(|first: char| first.is_ascii_uppercase()) {
        let help = format!("for a named policy, write `policy = {}`", shown(key));
        return finding(&rules::UNKNOWN_OPTION, message, help);
    }
    let near = near.or_else(|| {
        nearest(&key.chars().take(64).collect::<String>(), OPTIONS.iter().map(|&option| option.to_owned()))
    });
    let help = near.map_or_else(
        || {
            format!(
                "the options are {}",
                OPTIONS.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(", ")
            )
        },
        |near| format!("did you mean `{near}`?"),
    );
    finding(&rules::UNKNOWN_OPTION, message, help)
}

/// `any` without the option that it is the value of.
#[must_use]
pub fn any_alone(beside: Beside) -> Finding {
    let help = beside.instead_of_everything("origins", "for every origin, write ");
    finding(&rules::UNKNOWN_OPTION, "unknown option `any`".to_owned(), help)
}

/// An option that is given a second time.
#[must_use]
pub fn duplicate_option(key: &str) -> Finding {
    let help = match key {
        "origins" | "debug_origins" | "allow_headers" | "expose_headers" | "allow" => "merge the two lists",
        _ => "remove one of the two",
    };
    finding(&rules::DUPLICATE_OPTION, format!("{} is given twice", code(key)), help.to_owned())
}

/// A word or a star in the place of a list, which was meant to be everything.
#[must_use]
pub fn everything_of_another_kind(key: &str, expected: &str, beside: Beside) -> Finding {
    let help = beside.instead_of_everything(key, "write ");
    Finding { help, ..option_type_mismatch(key, expected, key) }
}

/// A value of the wrong kind: what the option takes, in words, and the argument as it could be written.
#[must_use]
pub fn option_type_mismatch(key: &str, expected: &str, fixed: &str) -> Finding {
    finding(
        &rules::OPTION_TYPE_MISMATCH,
        format!("{} takes {expected}", code(key)),
        format!("write `{}`", shown(fixed)),
    )
}

/// `config("own_origins")`: the name of a setting.
#[must_use]
pub fn name_of_a_setting(name: &str) -> Finding {
    finding(
        &rules::OPTION_TYPE_MISMATCH,
        format!("`config(\"{name}\")` is not a list for policies: the name is taken by the setting `cors.{name}`"),
        "give the list another name: `config(\"partners\")`, and `cors.partners` in the configuration".to_owned(),
    )
}

/// A list of the configuration or a check that stands in `origins` a second time.
#[must_use]
pub fn duplicate_source(source: &str) -> Finding {
    finding(&rules::DUPLICATE_ORIGIN, format!("{} is listed twice", code(source)), "remove one of the two".to_owned())
}

/// A value that is not a literal, such as a constant or `env!(…)`: the text that was found.
#[must_use]
pub fn non_literal_value(key: &str, found: &str) -> Finding {
    let help = match (found, key) {
        ("none" | "None" | "[none]", "origins") => "to share with nobody, write `#[cross_origin(none)]`".to_owned(),
        ("none" | "None" | "[none]", _) => format!("remove `{key}`"),
        (_, "origins") => {
            "write the origin as a string literal, or read a list from the configuration: `config(\"name\")`".to_owned()
        }
        (_, "debug_origins") => format!("write the origin as a string literal, such as `\"{}\"`", example(key)),
        _ => format!("write the header name as a string literal, such as `\"{}\"`", example(key)),
    };
    finding(
        &rules::NON_LITERAL_VALUE,
        format!("{} takes string literals, not {}: the policy is checked at compile time", code(key), code(found)),
        help,
    )
}

/// The attribute stands below the route attribute, or below the attribute of a catcher: they leave the same behind.
#[must_use]
pub fn attribute_order() -> Finding {
    finding(
        &rules::ATTRIBUTE_ORDER,
        "the `cross_origin` attribute must be above the route attribute: attributes are expanded from top to bottom"
            .to_owned(),
        "move `#[cross_origin(…)]` above the route attribute; from a catcher remove it: a catcher cannot have a policy"
            .to_owned(),
    )
}

/// The attribute stands on a function that is not a route handler.
#[must_use]
pub fn missing_route_attribute() -> Finding {
    finding(
        &rules::MISSING_ROUTE_ATTRIBUTE,
        "the `cross_origin` attribute needs a route attribute on the same function".to_owned(),
        "add one below it, such as `#[get(\"/\")]`, or remove the `cross_origin` attribute; on axum, write it on a unit struct, and \
         put the `layer()` of that around the handler"
            .to_owned(),
    )
}

/// The attribute stands on a catcher.
#[must_use]
pub fn policy_on_catcher() -> Finding {
    finding(
        &rules::MISSING_ROUTE_ATTRIBUTE,
        "a catcher cannot have a policy: its answers have the headers of the route that failed".to_owned(),
        "remove the `cross_origin` attribute; `CrossOrigin::fairing().fallback(…)` is for requests that no route matched"
            .to_owned(),
    )
}

/// The attribute stands on a function whose other attribute `written` may be meant as a route attribute of Rocket, or be
/// one under another name.
#[must_use]
pub fn almost_route_attribute(written: &str, routes: &[&str]) -> Finding {
    let near = nearest(&written.chars().take(64).collect::<String>(), routes.iter().map(|&name| name.to_owned()));
    finding(
        &rules::MISSING_ROUTE_ATTRIBUTE,
        format!("`{}` is not the name of a route attribute of Rocket", shown(written)),
        format!("write the name that it has in Rocket, such as `#[rocket::{}(…)]`", near.as_deref().unwrap_or("get")),
    )
}

/// The attribute stands on an item that cannot have a policy.
#[must_use]
pub fn unsupported_item() -> Finding {
    finding(
        &rules::MISSING_ROUTE_ATTRIBUTE,
        "the `cross_origin` attribute needs a handler, an inline module or a unit struct".to_owned(),
        "put it on the functions that have a route attribute, or on the module around them".to_owned(),
    )
}

/// The attribute stands on a module in which no handler is.
#[must_use]
pub fn module_without_handlers(name: &str) -> Finding {
    finding(
        &rules::MODULE_WITHOUT_HANDLERS,
        format!("the module {} has no handlers, so the policy has no effect", code(name)),
        "remove the attribute, or put it on the module in which the handlers are".to_owned(),
    )
}

/// The attribute on a module cannot put its policy on this.
pub(super) fn unseen_item(index: usize, item: &UnseenItem) -> Finding {
    let (message, help) = match item {
        UnseenItem::Macro(name) => {
            let name = code(&format!("{name}!"));
            (
                format!(
                    "the `cross_origin` attribute cannot see what {name} makes: handlers that come out of it get no policy"
                ),
                "write the handlers out, or write `#[cross_origin(…)]` above them in the macro; if there are none, \
                 move it out of the module; if all have a policy, add `allow(unseen_items)`"
                    .to_owned(),
            )
        }
        UnseenItem::HandlerInFunction => (
            "a handler inside a function does not get the policy of the module".to_owned(),
            "write `#[cross_origin(…)]` above it, or move it out of the function".to_owned(),
        ),
    };
    Finding { place: Place::UnseenItem(index), ..finding(&rules::UNSEEN_ITEMS, message, help) }
}

/// The attribute is applied a second time.
#[must_use]
pub fn duplicate_attribute() -> Finding {
    finding(
        &rules::DUPLICATE_ATTRIBUTE,
        "the `cross_origin` attribute is applied twice".to_owned(),
        "merge the two attributes into one".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meant_options() {
        for (key, meant) in [
            ("origin", "origins"),
            ("allow_origins", "origins"),
            ("allowedOrigins", "origins"),
            ("orgins", "origins"),
            ("allow_credentials", "credentials"),
            ("supports_credentials", "credentials"),
            ("credential", "credentials"),
            ("exposed_headers", "expose_headers"),
            ("maxAge", "max_age"),
            ("max-age", "max_age"),
            ("allow_header", "allow_headers"),
            ("debug_origin", "debug_origins"),
        ] {
            assert_eq!(unknown_option(key).help, format!("did you mean `{meant}`?"), "{key}");
        }
        assert!(unknown_option("methods").help.contains("route attribute"));
        assert!(unknown_option("vary").help.starts_with("the options are `origins`, "));
        assert!(unknown_option(&"x".repeat(1 << 20)).message.len() < 200);
    }
}
