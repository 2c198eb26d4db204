//! Inherit: what is in effect where an attribute stands below that of a module.

use crate::parse::arguments::Arguments;
use crate::parse::value::{ElementKind, List};

/// The arguments in effect: `inherit` unites them with those of the module around.
pub(crate) fn effective(arguments: &Arguments) -> Arguments {
    let Some(module) = &arguments.module else {
        return arguments.clone();
    };
    if !arguments.from_module && arguments.inherit.is_none() {
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
    // A policy that is added to `none` replaces it.
    if arguments.states_a_policy() {
        united.none = None;
    }
    united.allow.iter_mut().for_each(|name| name.inherited = true);
    for name in &arguments.allow {
        if !united.allow.iter().any(|known| known.ident == name.ident) {
            united.allow.push(name.clone());
        }
    }
    united.allow_unread |= arguments.allow_unread;
    united
}

/// Adds a list to that of the module around. `any` absorbs a list, except the one header that it does not cover.
fn unite(inherited: &mut Option<List>, own: Option<&List>) {
    let Some(own) = own else { return };
    let Some(list) = inherited else {
        *inherited = Some(own.clone());
        return;
    };
    let is_any = |list: &List| list.elements.iter().any(|element| matches!(element.kind, ElementKind::Any));
    let absorbs = is_any(list) != is_any(own);
    list.elements.extend(own.elements.iter().cloned());
    if absorbs {
        list.elements.retain(|element| match &element.kind {
            ElementKind::Any => true,
            ElementKind::Text(text) => text.eq_ignore_ascii_case("authorization"),
            ElementKind::Config(_) | ElementKind::Check(_) => false,
        });
    }
}
