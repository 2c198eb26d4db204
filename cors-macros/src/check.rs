//! Check: everything that is wrong with the item and its policy, each at the tokens that cause it.
//!
//! After this phase nothing is reported.

use cors_rules::attribute::{
    almost_route_attribute, attribute_order, duplicate_attribute, duplicate_source, missing_route_attribute,
    module_without_handlers, option_type_mismatch, policy_on_catcher, unsupported_item,
};
use cors_rules::{
    Checked, Compiled, ContentType, Declared, Element, Finding, Place, Rule, Scope, Unread, check, rules,
};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Path};

use crate::parse::Item;
use crate::parse::arguments::{Arguments, OuterModule};
use crate::parse::handler::Handler;
use crate::parse::module::{Module, handlers};
use crate::parse::route::{ROUTE_ATTRIBUTES, content_type, handles_options, has_path, is_catch, is_of_catcher};
use crate::parse::unit_struct::UnitStruct;
use crate::parse::unseen::{Unseen, may_have_handlers, unseen};
use crate::parse::value::{ElementKind, LIST, List, ListElement};
use crate::report::Report;

/// The policy that is in effect where an attribute stands.
pub(crate) enum EffectivePolicy<'a> {
    /// `none`: shared with nobody, so that other origins are turned away as by any policy that does not name them; and
    /// `enforce`, where it is given.
    Nothing(Option<bool>),
    /// `policy = path`.
    Named(&'a Path),
    /// The arguments, and their valid part, ready for use.
    Stated(&'a Arguments, Compiled<'a>),
}

/// Checks the item and its policy. `united` are the arguments in effect.
pub(crate) fn item<'a>(
    arguments: &Arguments,
    united: &'a Arguments,
    item: &Item,
    report: &mut Report,
) -> EffectivePolicy<'a> {
    match item {
        Item::Handler(handler) => self::handler(arguments, united, handler, report),
        Item::Module(module) => self::module(arguments, united, module, report),
        Item::Struct(unit) => unit_struct(arguments, united, unit, report),
        Item::Other => {
            report.finding(TokenStream::new(), &unsupported_item());
            EffectivePolicy::Nothing(None)
        }
    }
}

fn handler<'a>(
    arguments: &Arguments,
    united: &'a Arguments,
    handler: &Handler,
    report: &mut Report,
) -> EffectivePolicy<'a> {
    if let Some(second) = handler.duplicates.first() {
        report.finding(second, &duplicate_attribute());
    }
    if let Some(receiver) = handler.sig.receiver() {
        report.error(
            receiver,
            "a handler cannot take `self`: it must be a free function",
            "move it out of the `impl` block",
        );
        return EffectivePolicy::Nothing(None);
    }
    if arguments.from_module && handler.routes.is_empty() {
        return EffectivePolicy::Nothing(None);
    }
    for second in handler.routes.iter().skip(1) {
        let help = "write a second handler for the other route, and call this one from it";
        report.error(second, "a handler can have only one route attribute", help);
    }
    let policy = policy(arguments, united, &Routes::of_handler(handler), &[], report);
    if handler.routes.is_empty() {
        let (at, finding) = without_route_attribute(handler);
        report.finding(at, &finding);
    }
    policy
}

/// What is wrong with a function that has no route attribute, and where.
fn without_route_attribute(handler: &Handler) -> (TokenStream, Finding) {
    if let Some(catch) = handler.attrs.iter().find(|attribute| is_catch(attribute)) {
        return (catch.to_token_stream(), policy_on_catcher());
    }
    let almost = handler.attrs.iter().find(|attribute| has_path(attribute));
    match almost.and_then(|attribute| Some((attribute, attribute.path().segments.last()?.ident.to_string()))) {
        Some((attribute, name)) => {
            (attribute.path().to_token_stream(), almost_route_attribute(&name, &ROUTE_ATTRIBUTES))
        }
        None if handler.is_reemitted() && is_of_catcher(&handler.sig) => (TokenStream::new(), policy_on_catcher()),
        None if handler.is_reemitted() => (TokenStream::new(), attribute_order()),
        None => (TokenStream::new(), missing_route_attribute()),
    }
}

fn module<'a>(
    arguments: &Arguments,
    united: &'a Arguments,
    module: &Module,
    report: &mut Report,
) -> EffectivePolicy<'a> {
    let Some(items) = &module.items else {
        let name = &module.ident;
        report.error(
            TokenStream::new(),
            "the `cross_origin` attribute cannot see into a module in another file",
            &format!("write `use cors_runtime::cross_origin;` and a named policy in `{name}`, and put `#[cross_origin(policy = …)]` on its handlers; or write the module inline: `mod {name} {{ … }}`"),
        );
        return EffectivePolicy::Nothing(None);
    };
    if arguments.is_below_broken() {
        return EffectivePolicy::Nothing(None);
    }
    let unseen = unseen(items.stream());
    if !arguments.from_module && unseen.is_empty() && !may_have_handlers(items.stream()) {
        report.finding(TokenStream::new(), &module_without_handlers(&module.ident.to_string()));
    }
    if let Some(second) = module.duplicates.first() {
        report.finding(second, &duplicate_attribute());
    }
    policy(arguments, united, &Routes::of_module(items.stream()), &unseen, report)
}

fn unit_struct<'a>(
    arguments: &Arguments,
    united: &'a Arguments,
    unit: &UnitStruct,
    report: &mut Report,
) -> EffectivePolicy<'a> {
    let UnitStruct { ident, generics, fields } = unit;
    let help = format!("write `struct {ident};`");
    if !generics.params.is_empty() {
        report.error(generics, "the struct of a named policy cannot have generic parameters", &help);
    } else if !fields.is_empty() {
        report.error(fields, "the struct of a named policy cannot have fields", &help);
    }
    if let Some(path) = &arguments.policy {
        let message = "a named policy cannot be defined by another named policy";
        report.error(path, message, "write the arguments here, or use the other policy instead of this one");
    }
    policy(arguments, united, &Routes::default(), &[], report)
}

/// What the rules have to know about the routes that get the policy, with the attributes that say so.
#[derive(Default)]
struct Routes {
    options: Option<Attribute>,
    body: Option<Attribute>,
    content_type: ContentType,
}

impl Routes {
    fn of_handler(handler: &Handler) -> Self {
        let Some(route) = handler.route() else { return Routes::default() };
        let content_type = content_type(route, &handler.sig);
        Routes {
            options: handles_options(route).then(|| route.clone()),
            body: (content_type != ContentType::Simple).then(|| route.clone()),
            content_type,
        }
    }

    /// The first of each kind among the handlers that would get the policy of a module.
    fn of_module(items: TokenStream) -> Self {
        let mut routes = Routes::default();
        for handler in handlers(items) {
            let Routes { options, body, content_type } = Routes::of_handler(&handler);
            routes.options = routes.options.or(options);
            if content_type > routes.content_type {
                (routes.body, routes.content_type) = (body, content_type);
            }
        }
        routes
    }

    /// The attribute that a finding of this rule is about.
    fn attribute(&self, rule: &Rule) -> Option<&Attribute> {
        let body = *rule == rules::CONTENT_TYPE_NOT_ALLOWED;
        if body { self.body.as_ref() } else { self.options.as_ref() }
    }
}

/// Checks the policy by the rules.
fn policy<'a>(
    arguments: &Arguments,
    united: &'a Arguments,
    routes: &Routes,
    unseen: &[Unseen],
    report: &mut Report,
) -> EffectivePolicy<'a> {
    if let (None, Some(inherit)) = (&arguments.module, &arguments.inherit) {
        report.error(
            inherit,
            "`inherit` is valid only inside a module that also has `#[cross_origin]`",
            "write the whole policy here, or put the attribute on the surrounding inline module too",
        );
    }
    let runtime_origins = has_runtime_origins(united);
    let (options_route, content_type) = (routes.options.is_some(), routes.content_type);
    let scope = match (&united.policy, &arguments.inherit) {
        // A policy that shares nothing has nothing to report, even on an OPTIONS route.
        (None, _) if united.none.is_some() => Scope::NamedPolicyOnRoute { options_route: false },
        (None, _) => Scope::Attribute { runtime_origins, options_route, content_type },
        (Some(_), inherit) => {
            // Beside a policy of its own, it has been reported.
            if let Some(inherit) = inherit.as_ref().filter(|_| arguments.policy.is_none()) {
                let message = "`inherit` cannot add to a named policy: its arguments are not known here";
                report.error(inherit, message, "remove `inherit`, and write the whole policy here");
            }
            Scope::NamedPolicyOnRoute { options_route }
        }
    };
    let unread = match (united.allow_unread, report.is_empty()) {
        (true, _) => Unread::Allow,
        (false, false) => Unread::Something,
        (false, true) => Unread::Nothing,
    };
    let unseen_items = unseen.iter().map(|unseen| unseen.item.clone()).collect();
    let Checked { findings, policy } = check(&Declared { unseen_items, ..declared(united, unread) }, scope);
    for finding in findings.iter().filter(|finding| !is_about_inherited_allow(united, finding)) {
        if let Place::UnseenItem(index) = finding.place {
            report.finding(unseen.get(index).map(|unseen| &unseen.tokens), finding);
        } else {
            report_one(arguments, united, routes, finding, report);
        }
    }
    for (at, source) in united.origins.iter().flat_map(duplicate_sources) {
        report.finding_of(at, &duplicate_source(&source), combined(arguments));
    }
    // For headers the word may stand beside `authorization`, so a list of one is as good there.
    for (key, list) in [("origins", &arguments.origins), ("debug_origins", &arguments.debug_origins)] {
        let alone = list.as_ref().filter(|list| findings.is_empty() && list.is_any_in_brackets());
        if let Some(list) = alone {
            report.finding(&list.tokens, &option_type_mismatch(key, LIST, &format!("{key} = any")));
        }
    }
    match &united.policy {
        _ if united.none.is_some() => EffectivePolicy::Nothing(united.enforce),
        Some(path) => EffectivePolicy::Named(path),
        None => EffectivePolicy::Stated(united, policy),
    }
}

/// Whether an `allow` of the module around is not needed here: another handler there may need it.
///
/// Everything else that the module passes on is checked again, since somebody could have written its words by hand.
fn is_about_inherited_allow(united: &Arguments, finding: &Finding) -> bool {
    match finding.place {
        Place::Allow(index) => united.allow.get(index).is_some_and(|name| name.inherited),
        _ => false,
    }
}

fn report_one(arguments: &Arguments, united: &Arguments, routes: &Routes, finding: &Finding, report: &mut Report) {
    let found = tokens_of(united, routes.attribute(finding.rule), finding.place);
    let both = combined(arguments).filter(|_| finding.place != Place::Route);
    match (&arguments.inherit, found) {
        // Nothing of that stands here.
        (Some(inherit), None | Some((_, true))) => report.finding_of(inherit, finding, both),
        (_, found) => report.finding_of(found.map(|(tokens, _)| tokens), finding, both),
    }
}

/// That the policy is one of two attributes, if it is.
fn combined(arguments: &Arguments) -> Option<String> {
    let OuterModule { name, .. } = arguments.inherit.as_ref().and(arguments.module.as_deref())?;
    Some(format!("`inherit` combines this policy with the policy of module `{name}`"))
}

/// The arguments as the rules read them.
fn declared(arguments: &Arguments, unread: Unread) -> Declared<'_> {
    Declared {
        origins: arguments.origins.as_ref().map(elements),
        debug_origins: arguments.debug_origins.as_ref().map(elements).unwrap_or_default(),
        credentials: arguments.credentials.unwrap_or_default(),
        enforce: arguments.enforce.unwrap_or_default(),
        allow_headers: arguments.allow_headers.as_ref().map(elements).unwrap_or_default(),
        expose_headers: arguments.expose_headers.as_ref().map(elements).unwrap_or_default(),
        max_age: arguments.max_age.as_ref().map(|max_age| max_age.value),
        allow: arguments.allow.iter().map(|name| &*name.text).collect(),
        unread,
        unseen_items: Vec::new(),
    }
}

fn has_runtime_origins(arguments: &Arguments) -> bool {
    arguments.origins.as_ref().is_some_and(|list| list.elements.iter().any(is_dynamic))
}

/// The elements that name a list or a check again, each with its text.
fn duplicate_sources(list: &List) -> Vec<(&TokenStream, String)> {
    let mut seen = Vec::new();
    let mut duplicates = Vec::new();
    for element in &list.elements {
        let source = match &element.kind {
            ElementKind::Config(name) => (format!("config({name:?})"), false),
            // In the module around, the path may be that of another function.
            ElementKind::Check(check) => (format!("check({})", check.name), element.inherited),
            ElementKind::Any | ElementKind::Text(_) => continue,
        };
        // What the module around says twice has been reported there.
        if seen.contains(&source) && !element.inherited {
            duplicates.push((&element.tokens, source.0));
        } else {
            seen.push(source);
        }
    }
    duplicates
}

/// Whether the element is known at run time only.
fn is_dynamic(element: &ListElement) -> bool {
    matches!(element.kind, ElementKind::Config(_) | ElementKind::Check(_))
}

/// The elements that can be checked now.
fn elements(list: &List) -> Vec<Element<'_>> {
    let now = list.elements.iter().filter_map(|element| match &element.kind {
        ElementKind::Any => Some(Element::Any),
        ElementKind::Text(text) => Some(Element::Text(text)),
        ElementKind::Config(_) | ElementKind::Check(_) => None,
    });
    now.collect()
}

/// The tokens that an error about this place underlines, and whether they stand on the module around.
fn tokens_of(arguments: &Arguments, route: Option<&Attribute>, place: Place) -> Option<(TokenStream, bool)> {
    let whole = |list: &Option<List>| {
        let list = list.as_ref()?;
        Some((list.tokens.clone(), list.elements.iter().any(|element| element.inherited)))
    };
    let one = |list: &Option<List>, index: usize| {
        let element = list.as_ref()?.elements.iter().filter(|element| !is_dynamic(element)).nth(index)?;
        Some((element.tokens.clone(), element.inherited))
    };
    match place {
        Place::Policy | Place::UnseenItem(_) => None,
        Place::Origins => whole(&arguments.origins),
        Place::Origin(index) => one(&arguments.origins, index),
        Place::DebugOrigin(index) => one(&arguments.debug_origins, index),
        Place::AllowHeaders => whole(&arguments.allow_headers),
        Place::AllowHeader(index) => one(&arguments.allow_headers, index),
        Place::ExposeHeaders => whole(&arguments.expose_headers),
        Place::ExposeHeader(index) => one(&arguments.expose_headers, index),
        Place::MaxAge => arguments.max_age.as_ref().map(|max_age| (max_age.tokens.clone(), false)),
        Place::Allow(index) => arguments.allow.get(index).map(|name| (name.ident.to_token_stream(), false)),
        Place::Route => route.map(|route| (route.to_token_stream(), false)),
    }
}
