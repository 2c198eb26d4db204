//! From arguments to `cors-rules` and back: each finding finds its tokens again.

use cors_rules::{Declared, Element, Finding, Lowered, Place, check, lower};
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use crate::parse::arguments::{Arguments, Module};
use crate::parse::value::{self, Kind, List};
use crate::report::Report;

/// The policy that is in effect where an attribute stands.
pub(crate) enum Policy {
    /// `none`: shared with nobody, so that other origins are turned away as by any policy that does not name them.
    Nothing,
    /// `policy = path`.
    Named(syn::Path),
    /// The arguments, united with those of the module around where they say `inherit`.
    Stated(Box<Arguments>, Lowered),
}

/// Checks the policy of an attribute, and reports what stands against it.
///
/// `options_route` is the route attribute, if it is for OPTIONS.
pub(crate) fn checked(arguments: &Arguments, options_route: Option<&dyn ToTokens>, report: &mut Report) -> Policy {
    if arguments.module.is_none() {
        for word in [&arguments.inherit, &arguments.none].into_iter().flatten() {
            report.error(
                word,
                &format!("`{word}` has a meaning only inside a module that has `#[cross_origin]` too"),
                "write the policy out, or put the attribute on the inline module around",
            );
        }
    }
    if arguments.none.is_some() {
        return Policy::Nothing;
    }
    let effective = effective(arguments);
    if let Some(path) = &effective.policy {
        if let Some(inherit) = &arguments.inherit {
            let message = "`inherit` cannot add to a named policy, which is not known here";
            report.error(inherit, message, "remove `inherit`, and write the policy out");
        }
        only_the_route(&effective, options_route, report);
        return Policy::Named(path.clone());
    }
    let names = Names::of(&effective);
    let declared = names.declared(&effective, options_route.is_some());
    // An argument that could not be read leaves a gap, and what is said of a gap is no second mistake.
    let complete = report.is_empty();
    let known = inherited_findings(arguments);
    for finding in check(&declared) {
        let of_a_gap = !complete && matches!(finding.rule.name, "missing-origins" | "unused-allow")
            || effective.allow_unread && finding.rule.is_allowable();
        if !of_a_gap && !known.iter().any(|other| same(other, &finding)) {
            report_one(arguments, &effective, options_route, &finding, report);
        }
    }
    let lowered = lower(&declared);
    Policy::Stated(Box::new(effective), lowered)
}

/// What is known of the policy of the module around has been said there.
fn inherited_findings(arguments: &Arguments) -> Vec<Finding> {
    match &arguments.module {
        Some(module) if arguments.distributed || arguments.inherit.is_some() => {
            let effective = effective(&module.arguments);
            check(&Names::of(&effective).declared(&effective, false))
        }
        _ => Vec::new(),
    }
}

fn same(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && a.message == b.message
}

fn report_one(
    arguments: &Arguments,
    effective: &Arguments,
    options_route: Option<&dyn ToTokens>,
    finding: &Finding,
    report: &mut Report,
) {
    let found = tokens(effective, options_route, finding.place);
    let inherit = arguments.inherit.as_ref().zip(arguments.module.as_deref());
    let Some((inherit, Module { name, .. })) = inherit.filter(|_| finding.place != Place::Route) else {
        return report.finding(found.map_or_else(attribute, |(tokens, _)| tokens), finding);
    };
    let at = found.filter(|(_, inherited)| !inherited).map_or_else(|| inherit.to_token_stream(), |(tokens, _)| tokens);
    report.finding_of(at, finding, &format!("the policy is that of module `{name}` and this one together"));
}

/// Reports what an OPTIONS route has to say for itself, under a policy that is checked elsewhere.
fn only_the_route(arguments: &Arguments, options_route: Option<&dyn ToTokens>, report: &mut Report) {
    let allow: Vec<_> = arguments.allow.iter().map(ToString::to_string).collect();
    let declared = Declared {
        origins: Some(vec![Element::Text("https://app.example.com")]),
        allow: allow.iter().map(String::as_str).collect(),
        on_options_route: options_route.is_some(),
        ..Declared::default()
    };
    for finding in check(&declared) {
        let found = tokens(arguments, options_route, finding.place);
        report.finding(found.map_or_else(attribute, |(tokens, _)| tokens), &finding);
    }
}

/// The arguments in effect: `inherit` unites them with those of the module around.
fn effective(arguments: &Arguments) -> Arguments {
    let Some(module) = &arguments.module else {
        return arguments.clone();
    };
    if !arguments.distributed && arguments.inherit.is_none() {
        return arguments.clone();
    }
    let mut united = effective(&module.arguments);
    for list in [&mut united.origins, &mut united.debug_origins, &mut united.allow_headers, &mut united.expose_headers]
        .into_iter()
        .flatten()
    {
        list.elements.iter_mut().for_each(|element| element.inherited = true);
    }
    unite(&mut united.origins, arguments.origins.as_ref());
    unite(&mut united.debug_origins, arguments.debug_origins.as_ref());
    unite(&mut united.allow_headers, arguments.allow_headers.as_ref());
    unite(&mut united.expose_headers, arguments.expose_headers.as_ref());
    united.credentials = arguments.credentials.or(united.credentials);
    united.enforce = arguments.enforce.or(united.enforce);
    united.max_age = arguments.max_age.clone().or(united.max_age);
    united.krate = arguments.krate.clone().or(united.krate);
    united.policy = arguments.policy.clone().or(united.policy);
    for name in &arguments.allow {
        if !united.allow.contains(name) {
            united.allow.push(name.clone());
        }
    }
    united
}

/// Adds a list to that of the module around. `any` absorbs a list, but for the one header that it does not cover.
fn unite(inherited: &mut Option<List>, own: Option<&List>) {
    let Some(own) = own else { return };
    let Some(list) = inherited else {
        *inherited = Some(own.clone());
        return;
    };
    let is_any = |list: &List| list.elements.iter().any(|element| matches!(element.kind, Kind::Any));
    let absorbs = is_any(list) != is_any(own);
    list.elements.extend(own.elements.iter().cloned());
    if absorbs {
        list.elements.retain(|element| match &element.kind {
            Kind::Any => true,
            Kind::Text(text) => text.eq_ignore_ascii_case("authorization"),
            Kind::Config(_) | Kind::Check(_) => false,
        });
    }
}

/// The names of the lints, as text that a [`Declared`] can borrow.
struct Names(Vec<String>);

impl Names {
    fn of(arguments: &Arguments) -> Self {
        Names(arguments.allow.iter().map(ToString::to_string).collect())
    }

    fn declared<'a>(&'a self, arguments: &'a Arguments, on_options_route: bool) -> Declared<'a> {
        let origins = arguments.origins.as_ref().map(elements);
        Declared {
            more_origins: arguments.origins.as_ref().is_some_and(|list| list.elements.iter().any(is_dynamic)),
            origins,
            debug_origins: arguments.debug_origins.as_ref().map(elements).unwrap_or_default(),
            credentials: arguments.credentials.unwrap_or_default(),
            allow_headers: arguments.allow_headers.as_ref().map(elements).unwrap_or_default(),
            expose_headers: arguments.expose_headers.as_ref().map(elements).unwrap_or_default(),
            max_age: arguments.max_age.as_ref().map(|max_age| max_age.value),
            allow: self.0.iter().map(String::as_str).collect(),
            on_options_route,
        }
    }
}

/// Whether the element is known at run time only.
fn is_dynamic(element: &value::Element) -> bool {
    matches!(element.kind, Kind::Config(_) | Kind::Check(_))
}

/// The elements that can be checked now.
fn elements(list: &List) -> Vec<Element<'_>> {
    let now = list.elements.iter().filter_map(|element| match &element.kind {
        Kind::Any => Some(Element::Any),
        Kind::Text(text) => Some(Element::Text(text)),
        Kind::Config(_) | Kind::Check(_) => None,
    });
    now.collect()
}

/// The tokens that an error about this place underlines, and whether they stand on the module around.
fn tokens(arguments: &Arguments, options_route: Option<&dyn ToTokens>, place: Place) -> Option<(TokenStream, bool)> {
    let whole = |list: &Option<List>| {
        let list = list.as_ref()?;
        Some((list.tokens.clone(), list.elements.iter().any(|element| element.inherited)))
    };
    let one = |list: &Option<List>, index: usize| {
        let element = list.as_ref()?.elements.iter().filter(|element| !is_dynamic(element)).nth(index)?;
        Some((element.tokens.clone(), element.inherited))
    };
    match place {
        Place::Policy => None,
        Place::Origins => whole(&arguments.origins),
        Place::Origin(index) => one(&arguments.origins, index),
        Place::DebugOrigin(index) => one(&arguments.debug_origins, index),
        Place::AllowHeaders => whole(&arguments.allow_headers),
        Place::AllowHeader(index) => one(&arguments.allow_headers, index),
        Place::ExposeHeaders => whole(&arguments.expose_headers),
        Place::ExposeHeader(index) => one(&arguments.expose_headers, index),
        Place::MaxAge => arguments.max_age.as_ref().map(|max_age| (max_age.tokens.clone(), false)),
        Place::Allow(index) => arguments.allow.get(index).map(|name| (name.to_token_stream(), false)),
        Place::Route => options_route.map(|route| (route.to_token_stream(), false)),
    }
}

/// The attribute as a whole.
fn attribute() -> TokenStream {
    quote::quote_spanned!(Span::call_site()=> cross_origin)
}
