//! Tests of the attribute as a function on tokens. What the compiler makes of the output is tested in `tests/`.

mod expansions;
mod grammar;
mod messages;
mod signature;
mod tables;
mod tsv;

use std::io::{self, Write as _};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Item};

/// Whether the test can read files of the workspace. In the published package, which is without them, a line says that it
/// is left out.
fn in_workspace(test: &str) -> bool {
    // Cargo adds this file to each package, and the workspace never has it.
    let is_package = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml.orig")).exists();
    if is_package {
        // The harness withholds what is printed. Nobody is there to be told where this fails.
        let _ =
            io::stderr().write_all(format!("{test} was LEFT OUT: its files are in the repository only\n").as_bytes());
    }
    !is_package
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

/// The texts of the `compile_error!` invocations in some output.
fn errors(output: TokenStream) -> Vec<String> {
    let mut errors = Vec::new();
    let mut tokens = output.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if matches!(&token, TokenTree::Ident(ident) if ident == "compile_error") {
            let text = tokens.find_map(|token| match token {
                TokenTree::Group(group) => syn::parse2::<syn::LitStr>(group.stream()).ok(),
                _ => None,
            });
            errors.extend(text.map(|text| text.value()));
        }
    }
    errors
}
