//! The arguments of the attribute, each with the tokens that an error about it underlines.
//!
//! An argument that cannot be read does not hide what is wrong with the next.

use cors_rules::attribute::{duplicate_option, option_type_mismatch, unknown_option};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Path;
use syn::parse::Parser;
use syn::punctuated::Punctuated;

use crate::report::Report;
use crate::value::{self, List, MaxAgeValue};

/// Arguments that the grammar has and that this version does not build.
const NOT_BUILT: [&str; 3] = ["policy", "inherit", "none"];

#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) origins: Option<List>,
    pub(crate) debug_origins: Option<List>,
    pub(crate) credentials: bool,
    pub(crate) allow_headers: Option<List>,
    pub(crate) expose_headers: Option<List>,
    pub(crate) max_age: Option<MaxAgeValue>,
    /// `None` where the argument is not given.
    pub(crate) enforce: Option<bool>,
    /// The lints that `allow(…)` names.
    pub(crate) allow: Vec<Ident>,
    pub(crate) krate: Option<Path>,
}

/// One argument: `key`, `key = value` or `key(value)`.
pub(crate) struct Argument {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Assigned(TokenStream),
    Parenthesized(TokenStream),
}

impl Argument {
    /// All tokens of the value, or the key if there is none: what an error about the value underlines.
    pub(crate) fn value_tokens(&self) -> TokenStream {
        match &self.value {
            Value::Assigned(tokens) if !tokens.is_empty() => tokens.clone(),
            _ => self.key.to_token_stream(),
        }
    }
}

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream, report: &mut Report) -> Self {
        let mut arguments = Arguments::default();
        let mut seen: Vec<String> = Vec::new();
        for tokens in split_at_commas(tokens) {
            let Some(argument) = read(tokens, report) else {
                continue;
            };
            let key = argument.key.to_string();
            if seen.contains(&key) {
                report.finding(&argument.key, &duplicate_option(&key));
            } else {
                arguments.take(&key, &argument, report);
                seen.push(key);
            }
        }
        arguments
    }

    fn take(&mut self, key: &str, argument: &Argument, report: &mut Report) {
        match key {
            "origins" => self.origins = value::list(argument, report),
            "debug_origins" => self.debug_origins = value::list(argument, report),
            "allow_headers" => self.allow_headers = value::list(argument, report),
            "expose_headers" => self.expose_headers = value::list(argument, report),
            "credentials" => self.credentials = value::flag(argument, report).unwrap_or_default(),
            "enforce" => self.enforce = value::flag(argument, report),
            "max_age" => self.max_age = Some(value::max_age(argument)),
            "allow" => self.allow = lints(argument, report),
            "crate" => self.krate = krate(argument, report),
            key if NOT_BUILT.contains(&key) => report.error(
                &argument.key,
                &format!("`{key}` is part of the grammar, but not built yet"),
                "write the policy out on each handler",
            ),
            key => report.finding(&argument.key, &unknown_option(key)),
        }
    }
}

/// The arguments between the top-level commas. A comma at the end is allowed.
fn split_at_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut arguments = vec![Vec::new()];
    for token in tokens {
        match (&token, arguments.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => arguments.push(Vec::new()),
            (_, Some(argument)) => argument.push(token),
            (_, None) => {}
        }
    }
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

fn read(tokens: Vec<TokenTree>, report: &mut Report) -> Option<Argument> {
    let all: TokenStream = tokens.iter().cloned().collect();
    let mut tokens = tokens.into_iter();
    let Some(TokenTree::Ident(key)) = tokens.next() else {
        let value = all.to_string();
        report.error(
            &all,
            "an argument of the `cross_origin` attribute starts with its name",
            &if value.starts_with('"') {
                format!("write `origins = [{value}]`")
            } else {
                "write `origins = […]`".to_owned()
            },
        );
        return None;
    };
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => Value::Assigned(tokens.by_ref().collect()),
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            Value::Parenthesized(group.stream())
        }
        Some(_) => {
            report.error(&all, &format!("expected `=` or a comma after `{key}`"), &format!("write `{key} = …`"));
            return None;
        }
    };
    if let Some(rest) = tokens.next() {
        report.error(rest, "expected a comma here", "separate the arguments by commas");
    }
    Some(Argument { key, value })
}

fn lints(argument: &Argument, report: &mut Report) -> Vec<Ident> {
    let parsed = match &argument.value {
        Value::Parenthesized(tokens) => {
            Punctuated::<Ident, syn::Token![,]>::parse_terminated.parse2(tokens.clone()).ok()
        }
        Value::None | Value::Assigned(_) => None,
    };
    if let Some(lints) = parsed.filter(|lints| !lints.is_empty()) {
        return lints.into_iter().collect();
    }
    let tokens = match &argument.value {
        Value::Parenthesized(tokens) if !tokens.is_empty() => tokens.clone(),
        _ => argument.value_tokens(),
    };
    let fixed = "allow(insecure_origin_with_credentials)";
    report.finding(tokens, &option_type_mismatch("allow", "the names of lints in parentheses", fixed));
    Vec::new()
}

fn krate(argument: &Argument, report: &mut Report) -> Option<Path> {
    let path = match &argument.value {
        Value::Assigned(tokens) => syn::parse2::<Path>(tokens.clone()).ok(),
        Value::None | Value::Parenthesized(_) => None,
    };
    // A relative path would mean something else in each module that the handler's output reaches.
    let absolute = path.filter(|path| {
        path.leading_colon.is_some()
            || path.segments.first().is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
    });
    if absolute.is_none() {
        let expected = "the absolute path of the crate `cors_runtime`";
        report.finding(argument.value_tokens(), &option_type_mismatch("crate", expected, "crate = ::cors_runtime"));
    }
    absolute
}
