//! Files of cases: the arguments of an attribute, the item on the next lines if it is not a plain handler, and indented what
//! comes of it. A paragraph is a case.
//!
//! `fragment(…)` is what a fragment of a `macro_rules!` macro leaves behind, and `again { … }` a body that another macro has
//! read and written out again. `UPDATE_EXPANSIONS=1 cargo test -p cors-macros`
//! writes what comes of a case; it has to be read then, since it may be wrong.

use std::fs;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::in_workspace;
use super::outputs::outputs;
use crate::attribute::{Place, expand_at};

/// Each case of a file comes out as the file says. `told` makes lines of what the attribute writes: for its item, and for
/// what it puts itself on there.
pub(super) fn each_comes_out_as_written(name: &str, told: impl Fn(Vec<TokenStream>) -> Vec<String>) {
    if !in_workspace(name) {
        return;
    }
    let file = format!("{}/src/tests/{name}", env!("CARGO_MANIFEST_DIR"));
    let written = fs::read_to_string(&file).expect("the cases");
    let right = written.split("\n\n").map(|case| {
        let source: Vec<_> = case.lines().filter(|line| !line.starts_with("    ")).collect();
        // The first paragraph is about the file.
        if source.first().is_none_or(|line| line.starts_with("# ")) {
            return case.trim_end().to_owned() + "\n";
        }
        let lines = told(expanded(&source)).into_iter().map(|line| format!("    {line}\n"));
        lines.fold(source.join("\n") + "\n", |case, line| case + &line)
    });
    let right = right.collect::<Vec<_>>().join("\n");
    if std::env::var_os("UPDATE_EXPANSIONS").is_some() {
        return fs::write(&file, &right).expect("written");
    }
    for (written, right) in written.split("\n\n").zip(right.split("\n\n")) {
        assert_eq!(written.trim_end(), right.trim_end());
    }
}

fn expanded(source: &[&str]) -> Vec<TokenStream> {
    let (arguments, item) = source.split_first().expect("arguments");
    let item = match item {
        [] => quote!(
            #[get("/")]
            fn handler() {}
        ),
        item => tokens(&item.join("\n")),
    };
    let output = expand_at(Place::Anywhere, tokens(arguments), &item);
    [output.clone()].into_iter().chain(outputs(output)).collect()
}

/// The tokens of a source, with its fragments.
fn tokens(source: &str) -> TokenStream {
    with_fragments(source.parse().unwrap_or_else(|error| panic!("{source}: {error}")))
}

fn with_fragments(tokens: TokenStream) -> TokenStream {
    let mut output = TokenStream::new();
    let mut mark = None;
    for token in tokens {
        let token = match token {
            TokenTree::Ident(ident) if ident == "fragment" || ident == "again" => {
                mark = Some(ident);
                continue;
            }
            TokenTree::Group(group) => {
                let mark = mark.take();
                let is_fragment = mark.as_ref().is_some_and(|mark| mark == "fragment");
                let delimiter = if is_fragment { Delimiter::None } else { group.delimiter() };
                let mut inside = Group::new(delimiter, with_fragments(group.stream()));
                if mark.is_none_or(|_| is_fragment) {
                    inside.set_span(group.span());
                }
                TokenTree::Group(inside)
            }
            token => token,
        };
        output.extend([token]);
    }
    output
}
