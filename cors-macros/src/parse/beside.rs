//! What the other arguments leave possible, looked up before they are read: a help about one names nothing that they refuse.

use cors_rules::{Beside, rules};
use proc_macro2::{TokenStream, TokenTree};

use super::argument::is_comma;
use super::module::is_punct;

/// What the arguments say, each with its tokens. The argument `outer` holds those of the module around.
pub(super) fn beside(arguments: &[Vec<TokenTree>], outer: &str) -> Beside {
    let mut found = Found::default();
    found.take(arguments, outer);
    let allows = |rule: &cors_rules::Rule| found.allow.iter().any(|name| *name == rule.allow_name());
    Beside {
        credentials: found.credentials.unwrap_or_default(),
        enforce: found.enforce.unwrap_or_default() && !allows(&rules::ENFORCE_WITH_ANY),
        every_header: allows(&rules::WILDCARD_ALLOW_HEADERS_WITH_CREDENTIALS),
        every_port: allows(&rules::ANY_PORT_WITH_CREDENTIALS),
        any_origin: found.any_origin,
        debug_origins: found.debug_origins,
    }
}

#[derive(Default)]
struct Found {
    credentials: Option<bool>,
    enforce: Option<bool>,
    allow: Vec<String>,
    any_origin: bool,
    debug_origins: bool,
}

impl Found {
    fn take(&mut self, arguments: &[Vec<TokenTree>], outer: &str) {
        let mut module = None;
        let mut inherits = false;
        for argument in arguments {
            let [TokenTree::Ident(key), value @ ..] = argument.as_slice() else { continue };
            match (&*key.to_string(), value) {
                ("credentials", value) => self.credentials = flag(value),
                ("enforce", value) => self.enforce = flag(value),
                ("allow", [TokenTree::Group(names)]) => {
                    self.allow.extend(names.stream().into_iter().map(|name| name.to_string()));
                }
                ("origins", [_, TokenTree::Ident(any)]) => self.any_origin |= any == "any",
                ("debug_origins", [_, TokenTree::Group(list)]) => self.debug_origins |= !list.stream().is_empty(),
                ("debug_origins", [_, ..]) => self.debug_origins = true,
                ("inherit", []) => inherits = true,
                (key, [TokenTree::Group(arguments)]) if key == outer => module = Some(arguments.stream()),
                _ => {}
            }
        }
        // The name of the module comes first.
        if let Some(arguments) = module.filter(|_| inherits) {
            let mut module = Found::default();
            module.take(split(arguments).get(1..).unwrap_or_default(), outer);
            self.credentials = self.credentials.or(module.credentials);
            self.enforce = self.enforce.or(module.enforce);
            self.allow.append(&mut module.allow);
            self.any_origin |= module.any_origin;
            self.debug_origins |= module.debug_origins;
        }
    }
}

fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    tokens.split(is_comma).map(<[TokenTree]>::to_vec).collect()
}

/// The value of a flag, as far as it is one.
fn flag(value: &[TokenTree]) -> Option<bool> {
    match value {
        [] => Some(true),
        [equals, value] if is_punct(equals, '=') => value.to_string().parse().ok(),
        _ => None,
    }
}
