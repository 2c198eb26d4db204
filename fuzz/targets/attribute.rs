//! The attribute on any text: it does not panic, the item is in the output unless there is an error about it, and a policy
//! of literals is accepted exactly if the builder accepts it, by the same rules.
//!
//! The first line is what stands in the parentheses, and the rest is the item.
#![no_main]

extern crate proc_macro;

#[path = "../../cors-macros/src/attribute.rs"]
mod attribute;
#[path = "../../cors-macros/src/check.rs"]
mod check;
#[path = "../../cors-macros/src/expand/mod.rs"]
mod expand;
#[path = "../../cors-macros/src/inherit.rs"]
mod inherit;
mod literals;
#[path = "../../cors-macros/src/parse/mod.rs"]
mod parse;
#[path = "../../cors-macros/src/report.rs"]
mod report;
#[path = "../../cors-macros/src/runtime_path.rs"]
mod runtime_path;

use attribute::{Place, expand_at};
use libfuzzer_sys::fuzz_target;
use literals::{Literals, rules_of};
use proc_macro2::TokenStream;

fuzz_target!(|text: &str| {
    // The compiler does not nest deeper: it has limits of its own before it calls a macro.
    if text.bytes().filter(|byte| b"([{<".contains(byte)).count() > 64 {
        return;
    }
    let (arguments, item) = text.split_once('\n').unwrap_or((text, "#[get(\"/\")] fn f() {}"));
    let (Ok(arguments), Ok(item)) = (arguments.parse::<TokenStream>(), item.parse::<TokenStream>()) else { return };
    let name = {
        let mut words = item.clone().into_iter().map(|token| token.to_string());
        words.find(|word| word == "fn" || word == "mod" || word == "struct").and_then(|_| words.next())
    };
    let _ = expand::rocket::signature_only(&item);
    let mut is_accepted = false;
    for place in [Place::Anywhere, Place::DirectlyAbove] {
        let output = expand_at(place, arguments.clone(), &item).to_string();
        if let Some(name) = &name {
            assert!(output.contains(&**name), "the item is gone: {output}");
        }
        let is_sound = !output.contains("compile_error");
        if is_sound && syn::parse2::<syn::ItemFn>(item.clone()).is_ok() {
            syn::parse_str::<syn::File>(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
            is_accepted = place == Place::DirectlyAbove;
        }
    }
    // On a struct, nothing but the policy can be wrong.
    let Some(literals) = Literals::read(&arguments) else { return };
    let rules = rules_of(expand_at(
        Place::Anywhere,
        arguments,
        &quote::quote!(
            struct Api;
        ),
    ));
    // What a route needs, and the policy alone does not.
    let of_routes = |rule: &String| rule == "unused-allow";
    assert!(!is_accepted || rules.iter().all(of_routes), "accepted on a handler, and not on a struct: {rules:?}");
    if let Some(findings) = literals.findings() {
        assert_eq!(rules, findings, "by the attribute, and by the builder: {literals:?}");
    }
});
