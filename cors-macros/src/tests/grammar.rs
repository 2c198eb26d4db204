//! What can be written in the attribute and below it, and what is said of the rest: `grammar.txt`, one case after the other.
//!
//! A case is the arguments, the item on the next lines if it is not a plain handler, and indented what the attribute says.
//! `fragment(…)` is what a fragment of a `macro_rules!` macro leaves behind. `UPDATE_EXPANSIONS=1 cargo test -p cors-macros`
//! writes what is said; it has to be read then, since it may be wrong.

use std::fs;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::{errors, in_workspace};
use crate::attribute::{Place, expand_at};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/grammar.txt");

/// The tokens of a source, with its fragments.
fn tokens(source: &str) -> TokenStream {
    fn with_fragments(tokens: TokenStream) -> TokenStream {
        let mut output = TokenStream::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let is_mark = matches!(&token, TokenTree::Ident(ident) if ident == "fragment");
            output.extend([match (token, tokens.peek()) {
                (_, Some(TokenTree::Group(group))) if is_mark => {
                    let fragment = Group::new(Delimiter::None, with_fragments(group.stream()));
                    tokens.next();
                    TokenTree::Group(fragment)
                }
                (TokenTree::Group(group), _) => {
                    TokenTree::Group(Group::new(group.delimiter(), with_fragments(group.stream())))
                }
                (token, _) => token,
            }]);
        }
        output
    }
    with_fragments(source.parse().unwrap_or_else(|error| panic!("{source}: {error}")))
}

/// What the attribute says, in indented lines.
fn said(source: &[&str]) -> String {
    let (arguments, item) = source.split_first().expect("arguments");
    let item = match item {
        [] => quote!(
            #[get("/")]
            fn handler() {}
        ),
        item => tokens(&item.join("\n")),
    };
    let errors = errors(expand_at(Place::Anywhere, tokens(arguments), &item));
    errors.iter().flat_map(|error| error.lines()).fold(String::new(), |said, line| said + "    " + line + "\n")
}

#[test]
fn each_case_has_its_errors() {
    if !in_workspace("grammar::each_case_has_its_errors") {
        return;
    }
    let written = fs::read_to_string(FILE).expect("the cases");
    let right = written.split("\n\n").map(|case| {
        let source: Vec<_> = case.lines().filter(|line| !line.starts_with("    ")).collect();
        // The first paragraph is about the file.
        let is_case = !source.first().is_none_or(|line| line.starts_with("# "));
        if is_case { source.join("\n") + "\n" + &said(&source) } else { case.trim_end().to_owned() + "\n" }
    });
    let right = right.collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
        fs::write(FILE, &right).expect("written");
    }
    for (written, right) in written.split("\n\n").zip(right.split("\n\n")) {
        assert_eq!(written.trim_end(), right.trim_end());
    }
}
