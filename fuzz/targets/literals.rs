//! A policy of literals, read from the arguments of the attribute without its parser, and made by the builder.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::time::Duration;

use cors_runtime::{Enforce, Policy};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, Meta, Token};

/// The hashes of those that have been made. Policies stay for ever, so that each is made once, and no more than these.
static MADE: Mutex<BTreeSet<u64>> = Mutex::new(BTreeSet::new());
const MADE_AT_MOST: usize = 1_000_000;

#[derive(Debug, Default, Hash)]
pub(crate) struct Literals {
    origins: Option<Vec<Element>>,
    allow_headers: Vec<Element>,
    expose_headers: Vec<Element>,
    credentials: bool,
    enforce: Enforce,
    max_age: Option<u64>,
    allow: Vec<String>,
}

#[derive(Debug, Hash, PartialEq)]
enum Element {
    Any,
    Text(String),
}

impl Literals {
    /// `None` if there is anything but literals, or what cannot be combined.
    pub(crate) fn read(arguments: &TokenStream) -> Option<Self> {
        let arguments = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(arguments.clone()).ok()?;
        let (mut read, mut seen) = (Literals::default(), HashSet::new());
        for argument in arguments {
            let key = argument.path().get_ident()?.to_string();
            match (&*key, &argument) {
                ("origins", Meta::NameValue(pair)) => read.origins = Some(list(&pair.value)?),
                ("allow_headers", Meta::NameValue(pair)) => read.allow_headers = list(&pair.value)?,
                ("expose_headers", Meta::NameValue(pair)) => read.expose_headers = list(&pair.value)?,
                ("credentials", flag) => read.credentials = self::flag(flag)?,
                ("enforce", flag) => {
                    read.enforce = if self::flag(flag)? { Enforce::All } else { Enforce::Nothing };
                }
                ("max_age", Meta::NameValue(pair)) => read.max_age = Some(seconds(&pair.value)?),
                ("allow", Meta::List(list)) if matches!(list.delimiter, syn::MacroDelimiter::Paren(_)) => {
                    let names = list.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated).ok()?;
                    read.allow = names.iter().map(ToString::to_string).collect();
                    if names.is_empty() {
                        return None;
                    }
                }
                _ => return None,
            }
            if !seen.insert(key) {
                return None;
            }
        }
        Some(read)
    }

    /// Makes the policy by the builder: the names of the rules that find something in it, or `None` if it has been made.
    pub(crate) fn findings(&self) -> Option<BTreeSet<String>> {
        let mut made = MADE.lock().expect("a lock");
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        if made.len() == MADE_AT_MOST || !made.insert(hasher.finish()) {
            return None;
        }
        match self.make() {
            Err(findings) => Some(findings.iter().map(|finding| finding.rule.name.to_owned()).collect()),
            Ok(policy) => {
                self.is_shown_by(&policy);
                Some(BTreeSet::new())
            }
        }
    }

    fn make(&self) -> Result<Policy, cors_runtime::Findings> {
        let mut builder = Policy::builder().credentials(self.credentials).enforce(self.enforce);
        if let Some(origins) = &self.origins {
            builder = builder.origins(texts(origins));
            if origins.contains(&Element::Any) {
                builder = builder.any_origin();
            }
        }
        builder = builder.allow_headers(texts(&self.allow_headers)).expose_headers(texts(&self.expose_headers));
        if self.allow_headers.contains(&Element::Any) {
            builder = builder.allow_any_header();
        }
        if self.expose_headers.contains(&Element::Any) {
            builder = builder.expose_any_header();
        }
        if let Some(max_age) = self.max_age {
            builder = builder.max_age(Duration::from_secs(max_age));
        }
        builder.allow(self.allow.iter().map(|name| &**name)).leak()
    }

    /// The line about the policy names what was written.
    fn is_shown_by(&self, policy: &Policy) {
        let shown = policy.to_string();
        let names = shown.strip_suffix(" with credentials");
        assert_eq!(names.is_some(), self.credentials, "{shown}");
        let names = names.unwrap_or(&shown);
        let origins = self.origins.as_deref().unwrap_or_default();
        if origins.contains(&Element::Any) {
            return assert_eq!(names, "any origin");
        }
        let written: BTreeSet<_> = texts(origins).collect();
        let (named, more) = match names.rsplit_once(" and ") {
            Some((named, more)) => {
                (named, more.strip_suffix(" more").and_then(|more| more.parse().ok()).expect("a number"))
            }
            None => (names, 0),
        };
        let named: BTreeSet<_> = named.split(", ").filter(|name| *name != "nobody").collect();
        assert!(named.is_subset(&written) && named.len() + more == written.len(), "{shown}: {written:?}");
        assert!(more == 0 || written.len() > 3, "{shown}");
    }
}

fn texts(elements: &[Element]) -> impl Iterator<Item = &str> {
    elements.iter().filter_map(|element| match element {
        Element::Any => None,
        Element::Text(text) => Some(&**text),
    })
}

fn list(value: &Expr) -> Option<Vec<Element>> {
    match value {
        Expr::Array(array) if array.attrs.is_empty() => array.elems.iter().map(element).collect(),
        any => element(any).filter(|element| *element == Element::Any).map(|any| vec![any]),
    }
}

fn element(value: &Expr) -> Option<Element> {
    match value {
        Expr::Path(path) if path.attrs.is_empty() && path.path.is_ident("any") => Some(Element::Any),
        Expr::Lit(ExprLit { attrs, lit: Lit::Str(text) }) if attrs.is_empty() && text.suffix().is_empty() => {
            Some(Element::Text(text.value()))
        }
        _ => None,
    }
}

fn flag(argument: &Meta) -> Option<bool> {
    match argument {
        Meta::Path(_) => Some(true),
        Meta::NameValue(pair) => match &pair.value {
            Expr::Lit(ExprLit { attrs, lit: Lit::Bool(flag) }) if attrs.is_empty() => Some(flag.value),
            _ => None,
        },
        Meta::List(_) => None,
    }
}

fn seconds(value: &Expr) -> Option<u64> {
    match value {
        Expr::Lit(ExprLit { attrs, lit: Lit::Int(seconds) }) if attrs.is_empty() && seconds.suffix().is_empty() => {
            seconds.base10_parse().ok()
        }
        _ => None,
    }
}

/// The rules that the attribute's output names in its errors: the last line of each says which. An error that no rule has
/// found is the empty name.
pub(crate) fn rules_of(output: TokenStream) -> BTreeSet<String> {
    let mut tokens = output.into_iter();
    let mut rules = BTreeSet::new();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(name) = token else { continue };
        if name != "compile_error" {
            continue;
        }
        let Some(TokenTree::Group(group)) = tokens.nth(1) else { panic!("an error without a message") };
        let message = syn::parse2::<LitStr>(group.stream()).expect("a message").value();
        let note = message.rsplit_once("\n= note: ").map_or("", |(_, note)| note);
        let rule = note.strip_prefix("rule `").or(note.strip_prefix("lint `")).and_then(|rest| rest.split('`').next());
        rules.insert(rule.unwrap_or_default().to_owned());
    }
    rules
}
