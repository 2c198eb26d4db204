//! `examples/expansions/`: what the attribute expands to, laid out for people, beside the source.
//!
//! `UPDATE_EXPANSIONS=1 cargo test -p cors-macros` writes the files again.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, File, Item, Meta};

use super::in_workspace;
use super::outputs::errors;
use crate::attribute::{Place, expand_at};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/expansions");

/// The arguments of `#[cross_origin]`, if that is what this is.
fn arguments(attribute: &Attribute) -> Option<TokenStream> {
    match &attribute.meta {
        meta if meta.path().segments.last()?.ident != "cross_origin" => None,
        Meta::List(list) => Some(list.tokens.clone()),
        _ => Some(TokenStream::new()),
    }
}

/// The attributes of an item, if the attribute may be among them.
fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    Some(match item {
        Item::Fn(item) => &mut item.attrs,
        Item::Mod(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Const(item) => &mut item.attrs,
        Item::Trait(item) => &mut item.attrs,
        _ => return None,
    })
}

/// The source with each attribute expanded, and the errors, as comments.
fn expanded(source: &str) -> String {
    // Generated names depend on where a token stands, and that of all sources that this thread has read.
    proc_macro2::extra::invalidate_current_thread_spans();
    let mut file: File = syn::parse_file(source).expect("the example is Rust");
    let mut output = TokenStream::new();
    let mut comments = String::new();
    for mut item in std::mem::take(&mut file.items) {
        let written = attributes(&mut item).and_then(|attributes| {
            let index = attributes.iter().position(|attribute| arguments(attribute).is_some())?;
            arguments(&attributes.remove(index))
        });
        let Some(arguments) = written else {
            item.to_tokens(&mut output);
            continue;
        };
        let tokens = expand_at(Place::Anywhere, arguments, &item.into_token_stream());
        for error in errors(tokens.clone()) {
            let lines = error.text.lines().map(|line| format!("//     {line}\n"));
            comments.extend(["// The compiler says:\n".to_owned()].into_iter().chain(lines));
        }
        tokens.to_tokens(&mut output);
    }
    // prettyplease prints the syntax tree of another major version of syn, so it goes there as text.
    let output = syn2::parse_file(&output.to_string()).expect("the output is Rust");
    let item = |item| prettyplease::unparse(&syn2::File { shebang: None, attrs: Vec::new(), items: vec![item] });
    // Imports stand together, all other items apart.
    let items = output.items.into_iter().flat_map(with_what_is_beside);
    let (imports, items): (Vec<_>, Vec<_>) = items.partition(|item| match item {
        syn2::Item::Use(item) => item.attrs.is_empty(),
        _ => false,
    });
    let imports: String = imports.into_iter().map(item).collect();
    let items: Vec<_> = items.into_iter().map(item).collect();
    let mut title = String::new();
    for line in source.lines().filter(|line| line.starts_with("//!")) {
        title += line;
        title.push('\n');
    }
    let note = "//!\n//! This is what `#[cross_origin]` generates for the file of the same name beside this one.\n";
    format!("{title}{note}{comments}\n{imports}\n{}", items.join("\n"))
}

/// An item, and after it the items in its attribute `beside`, which the compiler expands next.
fn with_what_is_beside(mut item: syn2::Item) -> Vec<syn2::Item> {
    let is_beside =
        |attribute: &syn2::Attribute| attribute.path().segments.last().is_some_and(|segment| segment.ident == "beside");
    let mut items = Vec::new();
    if let syn2::Item::Struct(of_handler) = &mut item
        && let Some(index) = of_handler.attrs.iter().position(is_beside)
    {
        let beside = of_handler.attrs.remove(index).parse_args::<syn2::File>().expect("items");
        items = beside.items;
    }
    items.insert(0, item);
    items
}

#[test]
fn the_examples_are_up_to_date() {
    if !in_workspace("expansions::the_examples_are_up_to_date") {
        return;
    }
    let mut count = 0;
    for entry in fs::read_dir(FOLDER).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".rs").filter(|stem| !stem.ends_with(".expanded")) else { continue };
        count += 1;
        let actual = expanded(&fs::read_to_string(&path).expect("a source"));
        let beside = Path::new(FOLDER).join(format!("{stem}.expanded.rs"));
        if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
            fs::write(&beside, &actual).expect("written");
        }
        let expected = fs::read_to_string(&beside).unwrap_or_default();
        let help = "`UPDATE_EXPANSIONS=1 cargo test -p cors-macros` updates it";
        assert!(expected == actual, "{} is out of date: {help}", beside.display());
    }
    assert!(count >= 6, "only {count} examples");
}
