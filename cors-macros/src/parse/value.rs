//! The value of a list or a flag.

use cors_rules::attribute::{everything_of_another_kind, name_of_a_setting, non_literal_value, option_type_mismatch};
use cors_rules::own::SETTINGS;
use cors_rules::{Beside, Finding, example};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, Path};

use super::argument::{Argument, Value, is_written, shown};
use crate::report::Report;

/// A list of texts, or `any`.
#[derive(Clone)]
pub(crate) struct List {
    /// The whole value.
    pub(crate) tokens: TokenStream,
    pub(crate) elements: Vec<ListElement>,
}

#[derive(Clone)]
pub(crate) struct ListElement {
    pub(crate) kind: ElementKind,
    pub(crate) tokens: TokenStream,
    /// The element comes from the module around, and not from the attribute that is being expanded.
    pub(crate) inherited: bool,
}

#[derive(Clone)]
pub(crate) enum ElementKind {
    /// The word `any`.
    Any,
    Text(String),
    /// `config("name")`: a list of the application's configuration.
    Config(String),
    /// `check(path)`: a function that is asked at request time.
    Check(Check),
}

#[derive(Clone)]
pub(crate) struct Check {
    pub(crate) path: Path,
    /// The path as people wrote it, who know no other: the attribute on a module hands on one of its own.
    pub(crate) name: String,
}

impl List {
    /// Whether this is `[any]`, where the word has to stand alone.
    pub(crate) fn is_any_in_brackets(&self) -> bool {
        match &*self.elements {
            [ListElement { kind: ElementKind::Any, tokens, .. }] => tokens.to_string() != self.tokens.to_string(),
            _ => false,
        }
    }
}

/// What a list takes, in words.
pub(crate) const LIST: &str = "a list of string literals, or `any`";

impl ListElement {
    fn new(kind: ElementKind, tokens: TokenStream) -> Self {
        ListElement { kind, tokens, inherited: false }
    }
}

/// What stands at the place of one element.
enum Read {
    Element(ElementKind),
    /// A literal of another type.
    Literal,
    /// `config(…)` or `check(…)` with something else between the parentheses than it takes.
    Malformed(&'static str),
    /// `config("a.b")`: not the name of a list.
    Unnamed(String),
    /// `config("own_origins")`: the name of a setting.
    Setting(String),
    /// A constant, a macro, a call: something whose value no macro can see.
    Expression,
}

fn read(expr: &Expr) -> Read {
    match expr {
        // What a `macro_rules!` fragment leaves behind.
        Expr::Group(group) => read(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Read::Element(ElementKind::Text(text.value())),
        Expr::Lit(_) => Read::Literal,
        Expr::Path(path) if path.path.is_ident("any") => Read::Element(ElementKind::Any),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) if path.path.is_ident("config") => match call.args.first().map(read) {
                Some(Read::Element(ElementKind::Text(name))) if call.args.len() == 1 => {
                    if !is_key(&name) {
                        Read::Unnamed(name)
                    } else if SETTINGS.contains(&&*name.to_ascii_lowercase()) {
                        Read::Setting(name)
                    } else {
                        Read::Element(ElementKind::Config(name))
                    }
                }
                _ => Read::Malformed("config(\"partners\")"),
            },
            Expr::Path(path) if path.path.is_ident("check") => {
                check(&call.args).map_or(Read::Malformed("check(path::to::function)"), Read::Element)
            }
            _ => Read::Expression,
        },
        _ => Read::Expression,
    }
}

/// Reads what stands in `check(…)`: a path, and its name if the attribute on a module wrote it.
fn check(arguments: &Punctuated<Expr, syn::Token![,]>) -> Option<ElementKind> {
    let mut arguments = arguments.iter().cloned().map(without_groups);
    let (path, name) = match (arguments.next(), arguments.next(), arguments.next()) {
        (Some(Expr::Path(path)), name, None) if path.qself.is_none() => (path.path, name),
        _ => return None,
    };
    let name = match name {
        None => path.to_token_stream().to_string().replace(' ', ""),
        Some(Expr::Lit(ExprLit { lit: Lit::Str(name), .. })) if !is_written(&name.token()) => name.value(),
        Some(_) => return None,
    };
    Some(ElementKind::Check(Check { path, name }))
}

/// The nearest name that a list of the configuration can have.
fn near_key(name: &str) -> String {
    let bare = name.trim().trim_start_matches("cors.");
    let sign = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let key: String = bare.chars().map(sign).take(64).collect();
    if key.is_empty() { "partners".to_owned() } else { key }
}

/// Whether a list of the configuration can have this name: `cors.name` is a path of keys, so it has no dots.
fn is_key(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// The expressions of anything that looks like a list: `[…]`, `(…)`, `&[…]`, `vec![…]`.
fn elements_of(expr: &Expr) -> Option<Vec<Expr>> {
    match expr {
        Expr::Array(array) => Some(array.elems.iter().cloned().collect()),
        Expr::Tuple(tuple) => Some(tuple.elems.iter().cloned().collect()),
        Expr::Reference(reference) => elements_of(&reference.expr),
        Expr::Group(group) => elements_of(&group.expr),
        Expr::Paren(paren) => Some(vec![(*paren.expr).clone()]),
        Expr::Macro(call) if call.mac.path.is_ident("vec") => {
            let elements = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
            elements.parse2(call.mac.tokens.clone()).ok().map(|elements| elements.into_iter().collect())
        }
        _ => None,
    }
}

/// Reads `key = [ … ]` or `key = any`. The elements of a list that is written in another way are read too, so that what is
/// wrong with them is said at once.
pub(crate) fn list(argument: &Argument, beside: Beside, report: &mut Report) -> Option<List> {
    let key = argument.key.to_string();
    let example = example(&key);
    let mismatch = |fixed: &str| option_type_mismatch(&key, LIST, &format!("{key} = {fixed}"));
    let everything = || everything_of_another_kind(&key, LIST, beside);
    let is_everything = |text: &str| matches!(text, "*" | "any" | "\"*\"" | "\"any\"");
    let listed = |elements: &[Expr]| {
        let texts: Vec<_> = elements.iter().map(|element| shown(&element.to_token_stream())).collect();
        let inner = texts.join(", ");
        if is_everything(&inner) { everything() } else { mismatch(&format!("[{inner}]")) }
    };
    let tokens = match &argument.value {
        // `origins = *`, `origins = [*]`
        Value::Assigned(tokens) if matches!(&*tokens.to_string(), "*" | "[*]") => {
            report.finding(tokens, &everything());
            return None;
        }
        Value::Assigned(tokens) if !tokens.is_empty() => tokens,
        Value::Parenthesized(tokens) => {
            let inner = shown(tokens);
            let finding = if is_everything(&inner) { everything() } else { mismatch(&format!("[{inner}]")) };
            report.finding(&argument.key, &finding);
            let parser = Punctuated::<Expr, syn::Token![,]>::parse_terminated;
            let elements = parser.parse2(tokens.clone()).ok().filter(|_| !is_everything(&inner))?;
            return Some(read_elements(&key, tokens, elements, report));
        }
        Value::None | Value::Assigned(_) => {
            report.finding(&argument.key, &mismatch(&format!("[\"{example}\"]")));
            return None;
        }
    };
    let expr = match syn::parse2::<Expr>(tokens.clone()) {
        Ok(expr) => without_groups(expr),
        Err(error) => {
            report.syntax(&error);
            return None;
        }
    };
    let elements = match (&expr, read(&expr)) {
        (_, Read::Element(ElementKind::Any)) => {
            let element = ListElement::new(ElementKind::Any, tokens.clone());
            return Some(List { tokens: tokens.clone(), elements: vec![element] });
        }
        (Expr::Array(array), _) => array.elems.iter().cloned().collect(),
        (_, Read::Element(ElementKind::Text(text))) => {
            if matches!(&*text, "*" | "any") {
                report.finding(tokens, &everything());
                return None;
            }
            report.finding(tokens, &mismatch(&format!("[{text:?}]")));
            vec![expr]
        }
        (_, Read::Literal) => {
            report.finding(tokens, &mismatch(&format!("[\"{example}\"]")));
            return None;
        }
        (_, read) => {
            let Some(elements) = elements_of(&expr) else {
                reject(&read, &key, tokens, report);
                return None;
            };
            report.finding(tokens, &listed(&elements));
            if matches!(&*elements, [only] if is_everything(&shown(&only.to_token_stream()))) {
                return None;
            }
            elements
        }
    };
    Some(read_elements(&key, tokens, elements, report))
}

/// Reads each element, and reports those that cannot be.
fn read_elements(
    key: &str,
    tokens: &TokenStream,
    elements: impl IntoIterator<Item = Expr>,
    report: &mut Report,
) -> List {
    let mut read_elements = Vec::new();
    for expr in elements {
        let tokens = expr.to_token_stream();
        match read(&expr) {
            Read::Element(ElementKind::Config(_) | ElementKind::Check(_)) if key != "origins" => {
                let fixed = format!("{key} = [\"{}\"]", example(key));
                report.finding(tokens, &option_type_mismatch(key, LIST, &fixed));
            }
            Read::Element(kind) => read_elements.push(ListElement::new(kind, tokens)),
            read => reject(&read, key, &tokens, report),
        }
    }
    List { tokens: tokens.clone(), elements: read_elements }
}

/// The expression that a fragment of a macro is, as `$origins:expr`.
fn without_groups(mut expr: Expr) -> Expr {
    while let Expr::Group(group) = expr {
        expr = *group.expr;
    }
    expr
}

fn reject(read: &Read, key: &str, tokens: &TokenStream, report: &mut Report) {
    match read {
        Read::Malformed(fixed) => {
            let expected = "`config(…)` with the name of one list, or `check(…)` with the path of one function";
            report.finding(tokens, &option_type_mismatch(key, expected, &format!("{key} = [{fixed}]")));
        }
        Read::Unnamed(name) => {
            let expected = "a name of ASCII letters, digits, `_` and `-`: the list is `cors.name` in the configuration";
            let fixed = format!("config({:?})", near_key(name));
            report.finding(tokens, &option_type_mismatch("config", expected, &fixed));
        }
        Read::Setting(name) => report.finding(tokens, &name_of_a_setting(name)),
        Read::Literal => {
            let fixed = format!("{key} = [{:?}]", meant_text(key, tokens));
            report.finding(tokens, &option_type_mismatch(key, "string literals", &fixed));
        }
        // `origins = config("name")`, without brackets.
        Read::Element(_) => {
            let fixed = format!("{key} = [{}]", shown(tokens));
            report.finding(tokens, &option_type_mismatch(key, "a list, or `any`", &fixed));
        }
        Read::Expression => report.finding(tokens, &non_literal_value(key, &shown(tokens))),
    }
}

/// The text that a literal of another type was meant to be.
fn meant_text(key: &str, tokens: &TokenStream) -> String {
    let text = match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::ByteStr(bytes)) => String::from_utf8(bytes.value()).ok(),
        Ok(Lit::CStr(text)) => text.value().into_string().ok(),
        Ok(Lit::Int(port)) if key.ends_with("origins") => Some(format!("http://localhost:{port}")),
        _ => None,
    };
    text.unwrap_or_else(|| example(key).to_owned())
}

/// Reads `key`, `key = true` or `key = false`.
pub(crate) fn flag(argument: &Argument, report: &mut Report) -> Option<bool> {
    let key = &argument.key.to_string();
    let inner = match &argument.value {
        Value::None => return Some(true),
        Value::Assigned(tokens) | Value::Parenthesized(tokens) => tokens,
    };
    if let (Value::Assigned(_), Ok(Lit::Bool(flag))) = (&argument.value, syn::parse2::<Lit>(inner.clone())) {
        return Some(flag.value);
    }
    let meant = inner.to_string().trim_matches('"').to_ascii_lowercase();
    let fixed = match &*meant {
        "true" | "1" | "yes" | "on" | "include" | "" => key.clone(),
        "false" | "0" | "no" | "off" | "omit" => format!("{key} = false"),
        // A constant: its value cannot be seen.
        _ => {
            let help = format!("write `{key}` for `true`, or `{key} = false`");
            let finding = Finding { help, ..option_type_mismatch(key, "a literal `true` or `false`", key) };
            report.finding(argument.value_tokens(), &finding);
            return None;
        }
    };
    report.finding(argument.value_tokens(), &option_type_mismatch(key, "`true`, `false` or no value", &fixed));
    None
}
