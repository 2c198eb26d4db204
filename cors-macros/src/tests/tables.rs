//! The tables of policies in `tests/cases/`, spelled as a user would and put through the whole attribute.

use cors_rules::rules;
use proc_macro2::TokenStream;
use quote::quote;

use super::outputs::errors;
use super::{in_workspace, tsv};
use crate::attribute::{Place, expand_at};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/");

/// The names of the rules that the attribute with these arguments breaks.
fn broken(arguments: TokenStream) -> Vec<String> {
    let item = quote!(
        #[get("/")]
        fn handler() {}
    );
    let note = |error: String| {
        let line = error.lines().last().unwrap_or_default().to_owned();
        line.split('`').nth(1).unwrap_or(&error).to_owned()
    };
    errors(expand_at(Place::Anywhere, arguments, &item)).into_iter().map(|error| note(error.text)).collect()
}

/// The elements of a list: `any` for a lone star, else a string literal.
fn elements(cell: &[Vec<u8>]) -> TokenStream {
    let elements = cell.iter().map(|text| match String::from_utf8(text.clone()).expect("UTF-8") {
        star if star == "*" => quote!(any),
        text => quote!(#text),
    });
    quote!([#(#elements),*])
}

/// The arguments that a row stands for.
fn arguments(field: &str, row: &tsv::Row, column: &str) -> TokenStream {
    let credentials = (row.raw("credentials") == "1").then(|| quote!(credentials,));
    let origins = quote!(origins = ["https://app.example.com"],);
    match field {
        "origins" => {
            let list = elements(&row.list(column));
            quote!(#credentials origins = #list)
        }
        "max_age" => {
            let value: TokenStream = row.text(column).and_then(|text| text.parse().ok()).expect("Rust");
            quote!(#origins #credentials max_age = #value)
        }
        field => {
            let list = elements(&row.list(column));
            let key = quote::format_ident!("{field}");
            quote!(#origins #credentials #key = #list)
        }
    }
}

/// What is wrong with the answer to one row, if something is.
fn disagreement(row: &tsv::Row, arguments: &TokenStream) -> Option<String> {
    let broken = broken(arguments.clone());
    let allowable = |name: &String| rules::by_name(name).expect("a rule").is_allowable();
    let expected = row.raw("reason").split(':').next().unwrap_or_default();
    let agrees = match row.raw("expect") {
        "ok" => broken.is_empty(),
        "error" => broken.iter().any(|name| name == expected) && !broken.iter().all(allowable),
        "allowable" => {
            let names = broken.iter().map(|name| quote::format_ident!("{}", name.replace('-', "_")));
            let silenced = self::broken(quote!(#arguments, allow(#(#names),*)));
            broken.iter().all(allowable) && broken.iter().any(|name| name == expected) && silenced.is_empty()
        }
        other => panic!("expect is {other}"),
    };
    let (id, expect) = (row.raw("id"), row.raw("expect"));
    (!agrees).then(|| format!("{id}: expected {expect} ({expected}), found {broken:?} for {arguments}"))
}

#[test]
fn origins() {
    if !in_workspace("tables::origins") {
        return;
    }
    let rows = tsv::read(&format!("{CASES}origins.tsv"));
    assert!(rows.len() >= 280, "only {} rows", rows.len());
    let arguments = |row: &tsv::Row| arguments("origins", row, "origin_or_pattern");
    let wrong: Vec<_> = rows.iter().filter_map(|row| disagreement(row, &arguments(row))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The methods are those of the route attribute: a `methods` argument is an error in each row.
#[test]
fn headers_max_age_and_methods() {
    if !in_workspace("tables::headers_max_age_and_methods") {
        return;
    }
    let rows = tsv::read(&format!("{CASES}headers.tsv"));
    assert!(rows.len() >= 120, "only {} rows", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let field = row.raw("field");
        let arguments = arguments(field, row, "value");
        if field == "methods" {
            assert_eq!(broken(arguments), ["unknown-option"]);
        } else {
            wrong.extend(disagreement(row, &arguments));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
