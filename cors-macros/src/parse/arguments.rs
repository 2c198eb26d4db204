//! The arguments of the attribute, each with the tokens that an error about it underlines.
//!
//! An argument that cannot be read does not hide what is wrong with the next.

use cors_rules::attribute::{OPTIONS, any_alone, duplicate_option, option_type_mismatch, unknown_option};
use cors_rules::{Beside, Rule, rules};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::Path;
use syn::parse::Parser;
use syn::punctuated::Punctuated;

use super::argument::{Argument, Value, is_written, read, shown, split_at_commas};
use super::beside::beside;
use super::max_age::{MaxAgeValue, max_age};
use super::value::{self, List};
use crate::report::Report;

#[derive(Clone, Default)]
pub(crate) struct Arguments {
    pub(crate) origins: Option<List>,
    pub(crate) debug_origins: Option<List>,
    pub(crate) credentials: Option<bool>,
    pub(crate) allow_headers: Option<List>,
    pub(crate) expose_headers: Option<List>,
    pub(crate) max_age: Option<MaxAgeValue>,
    /// `None` where the argument is not given.
    pub(crate) enforce: Option<bool>,
    /// The lints that `allow(…)` names.
    pub(crate) allow: Vec<LintName>,
    /// There is an `allow` that could not be read.
    pub(crate) allow_unread: bool,
    pub(crate) krate: Option<Path>,
    /// `policy = path`: a named policy.
    pub(crate) policy: Option<Path>,
    pub(crate) inherit: Option<Ident>,
    pub(crate) none: Option<Ident>,
    /// The keys that were written, as far as they are known, for editors.
    pub(crate) keys: Vec<Ident>,
    /// The module around, where it has the attribute too.
    pub(crate) module: Option<Box<OuterModule>>,
    /// The attribute was not written here: the one on the module put it here.
    pub(crate) from_module: bool,
    /// These are the arguments of a module in which something is wrong, which has been reported there.
    broken: bool,
}

/// The name of a lint in `allow(…)`.
#[derive(Clone)]
pub(crate) struct LintName {
    pub(crate) text: String,
    pub(crate) ident: Ident,
    /// The name comes from the module around, and not from the attribute that is being expanded.
    pub(crate) inherited: bool,
}

/// The attribute of the module around a handler. Its arguments have been checked where they stand.
#[derive(Clone)]
pub(crate) struct OuterModule {
    pub(crate) name: Ident,
    pub(crate) arguments: Arguments,
    /// Both as they were passed on.
    pub(crate) tokens: TokenStream,
}

/// How the attribute on a module passes its arguments on: to items that have the attribute themselves, and to the
/// others.
pub(crate) const MODULE: &str = "__module";
pub(crate) const FROM_MODULE: &str = "__from_module";
/// Passed on instead of arguments in which something is wrong.
pub(crate) const BROKEN: &str = "__broken";

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream, report: &mut Report) -> Self {
        let mut arguments = Arguments::default();
        let mut seen: Vec<Ident> = Vec::new();
        let all = split_at_commas(tokens, report);
        let beside = beside(&all, MODULE);
        let keys: Vec<_> = all.iter().filter_map(|tokens| Some(tokens.first()?.to_string())).collect();
        for tokens in all {
            let Some(argument) = read(tokens, &keys, beside, report) else {
                continue;
            };
            let key = argument.key.to_string();
            if seen.contains(&argument.key) {
                report.finding(&argument.key, &duplicate_option(&key));
            } else {
                arguments.take(&key, &argument, beside, report);
                seen.push(argument.key);
            }
        }
        arguments.stand_alone(&seen, report);
        // `crate` is not a name that a path may end in.
        seen.retain(|key| key != "crate" && OPTIONS.iter().any(|option| key == option));
        arguments.keys = seen;
        arguments
    }

    fn take(&mut self, key: &str, argument: &Argument, beside: Beside, report: &mut Report) {
        match key {
            "origins" => self.origins = value::list(argument, beside, report),
            "debug_origins" => self.debug_origins = value::list(argument, beside, report),
            "allow_headers" => self.allow_headers = value::list(argument, beside, report),
            "expose_headers" => self.expose_headers = value::list(argument, beside, report),
            "credentials" => self.credentials = value::flag(argument, report),
            "enforce" => self.enforce = value::flag(argument, report),
            "max_age" => self.max_age = Some(max_age(argument)),
            "allow" => match lints(argument, report) {
                Some(lints) => self.allow = lints,
                None => self.allow_unread = true,
            },
            "crate" => self.krate = krate(argument, report),
            "policy" => self.policy = named(argument, report),
            "inherit" => self.inherit = Some(word(argument, report)),
            "none" => self.none = Some(word(argument, report)),
            MODULE | FROM_MODULE if !is_written(&argument.key) => {
                self.module = module(argument, report);
                self.from_module = key == FROM_MODULE;
            }
            BROKEN if !is_written(&argument.key) => self.broken = true,
            "any" => report.finding(&argument.key, &any_alone(beside)),
            key => report.finding(&argument.key, &unknown_option(key)),
        }
    }

    /// Whether `allow` names this lint.
    pub(crate) fn allows(&self, rule: &Rule) -> bool {
        self.allow.iter().any(|name| rules::by_name(&name.text).is_some_and(|named| named == rule))
    }

    /// Whether the policy depends on a module in which something is wrong. Then there is no policy.
    pub(crate) fn is_below_broken(&self) -> bool {
        let outer = self.module.as_ref().filter(|_| self.from_module || self.inherit.is_some());
        outer.is_some_and(|outer| outer.arguments.broken || outer.arguments.is_below_broken())
    }

    /// Whether there is an argument that says with whom to share, or what.
    pub(crate) fn states_a_policy(&self) -> bool {
        let lists = [&self.origins, &self.debug_origins, &self.allow_headers, &self.expose_headers];
        lists.into_iter().any(Option::is_some)
            || self.credentials.is_some()
            || self.max_age.is_some()
            || self.policy.is_some()
    }

    /// `policy` and `none` say all that there is to say.
    fn stand_alone(&self, seen: &[Ident], report: &mut Report) {
        let (alone, beside): (_, &[&str]) = match (&self.none, &self.policy) {
            // `enforce = false` lets forms of other sites run, and `enforce` turns away their reads too.
            (Some(_), _) => ("none", &["none", "enforce", "allow", "crate", MODULE, FROM_MODULE]),
            // An OPTIONS route needs its `allow` whatever policy it has.
            (None, Some(_)) => ("policy", &["policy", "crate", "allow", MODULE]),
            (None, None) => return,
        };
        for key in seen.iter().filter(|key| !beside.iter().any(|other| *key == other)) {
            report.error(
                key,
                &format!("`{key}` cannot be combined with `{alone}`, which sets the whole policy"),
                &format!("remove `{key}`, or replace `{alone}` with a full policy"),
            );
        }
    }
}

fn lints(argument: &Argument, report: &mut Report) -> Option<Vec<LintName>> {
    let tokens = match &argument.value {
        Value::Parenthesized(tokens) | Value::Assigned(tokens) => tokens.clone(),
        Value::None => TokenStream::new(),
    };
    let parsed = Punctuated::<Ident, syn::Token![,]>::parse_terminated.parse2(tokens.clone());
    match (&argument.value, parsed) {
        (Value::Parenthesized(_), Ok(lints)) if !lints.is_empty() => {
            let name = |ident: Ident| LintName { text: ident.to_string(), ident, inherited: false };
            return Some(lints.into_iter().map(name).collect());
        }
        _ => {}
    }
    if tokens.is_empty() {
        report.error(
            &argument.key,
            "`allow` needs the name of a lint",
            "write the name in parentheses, or remove `allow`",
        );
        return None;
    }
    // `allow("shadowed-origin")`, `allow = shadowed_origin`, `allow = ["…"]`.
    let signs = |c: char| matches!(c, '"' | '[' | ']' | '(' | ')' | '\'');
    let names = shown(&tokens).replace(signs, "").replace(" - ", "_").replace('-', "_").replace("::", ", ");
    let fixed = format!("allow({names})");
    report.finding(&tokens, &option_type_mismatch("allow", "lint names in parentheses", &fixed));
    None
}

/// The value, if it is a path.
fn path(argument: &Argument) -> Option<Path> {
    match &argument.value {
        Value::Assigned(tokens) => syn::parse2(tokens.clone()).ok(),
        Value::None | Value::Parenthesized(_) => None,
    }
}

fn krate(argument: &Argument, report: &mut Report) -> Option<Path> {
    // A relative path would mean something else in each module that the handler's output reaches.
    let absolute = path(argument).filter(is_absolute);
    if absolute.is_none() {
        let expected = "the absolute path of the crate `cors_runtime`";
        report.finding(argument.value_tokens(), &option_type_mismatch("crate", expected, "crate = ::cors_runtime"));
    }
    absolute
}

/// Whether the path means the same in every module.
pub(crate) fn is_absolute(path: &Path) -> bool {
    path.leading_colon.is_some()
        || path.segments.first().is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
}

/// Reads `policy = path`.
fn named(argument: &Argument, report: &mut Report) -> Option<Path> {
    let path = path(argument);
    if path.is_none() {
        let finding = option_type_mismatch("policy", "the path of a named policy", "policy = path::Name");
        report.finding(argument.value_tokens(), &finding);
    }
    path
}

/// Reads an argument that is a word and nothing else.
fn word(argument: &Argument, report: &mut Report) -> Ident {
    if !matches!(argument.value, Value::None) {
        let key = argument.key.to_string();
        report.finding(argument.value_tokens(), &option_type_mismatch(&key, "no value", &key));
    }
    argument.key.clone()
}

/// Reads `name, arguments…`, as the attribute on a module writes it.
fn module(argument: &Argument, report: &mut Report) -> Option<Box<OuterModule>> {
    let Value::Parenthesized(tokens) = &argument.value else {
        return None;
    };
    let passed = tokens.clone();
    let mut tokens = tokens.clone().into_iter();
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return None;
    };
    // The comma after the name.
    tokens.next();
    let arguments = Arguments::parse(tokens.collect(), report);
    Some(Box::new(OuterModule { name, arguments, tokens: passed }))
}
