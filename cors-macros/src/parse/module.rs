//! A module, and its items, told apart by their first tokens and otherwise left alone.
//!
//! They are not parsed: the compiler reports a body that does not compile, and macros may stand for items.

use std::collections::VecDeque;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Visibility};

use super::handler::Handler;
use super::route::{is_catch, is_named, is_route_attribute};

/// A module.
pub(crate) struct Module {
    /// Those that stay on the module.
    pub(crate) attrs: Vec<Attribute>,
    /// Further `#[cross_origin(…)]`.
    pub(crate) duplicates: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) unsafety: Option<syn::Token![unsafe]>,
    pub(crate) token: syn::Token![mod],
    pub(crate) ident: Ident,
    /// `None` for `mod name;`, whose items are in another file.
    pub(crate) items: Option<Group>,
}

impl Parse for Module {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (duplicates, attrs) = attrs.into_iter().partition(|attribute| is_named(attribute, &["cross_origin"]));
        Ok(Module {
            attrs,
            duplicates,
            vis: input.parse()?,
            unsafety: input.parse()?,
            token: input.parse()?,
            ident: input.parse()?,
            items: if input.peek(syn::Token![;]) {
                input.parse::<syn::Token![;]>()?;
                None
            } else {
                Some(input.parse()?)
            },
        })
    }
}

/// One item.
pub(crate) struct ModuleItem {
    pub(crate) attributes: Vec<OuterAttribute>,
    pub(crate) tokens: Vec<TokenTree>,
    pub(crate) kind: ItemKind,
}

/// An outer attribute: a `#` and a group.
pub(crate) struct OuterAttribute {
    pub(crate) tokens: TokenStream,
    /// `None` if the compiler will not accept it either.
    pub(crate) parsed: Option<Attribute>,
}

impl OuterAttribute {
    pub(super) fn new(tokens: TokenStream) -> Self {
        OuterAttribute { parsed: parse_attribute(&tokens), tokens }
    }

    pub(crate) fn is_own(&self) -> bool {
        self.parsed.as_ref().is_some_and(|attribute| is_named(attribute, &["cross_origin"]))
    }

    /// Whether this is an attribute of the language that no handler comes from: a comment, a lint, a condition, a hint.
    ///
    /// The compiler refuses imports under these names, where they are used. `test` is not one of them.
    pub(crate) fn is_plain(&self) -> bool {
        const PLAIN: [&str; 12] = [
            "allow",
            "cfg",
            "cold",
            "deny",
            "deprecated",
            "doc",
            "expect",
            "forbid",
            "inline",
            "must_use",
            "no_mangle",
            "warn",
        ];
        self.parsed.as_ref().is_some_and(|attribute| PLAIN.iter().any(|plain| attribute.path().is_ident(plain)))
    }

    /// Whether a handler may come from this attribute: not from one of the language, and not from `catch`, also where they
    /// stand under a condition.
    pub(super) fn may_make_handler(&self) -> bool {
        if self.is_plain() {
            return false;
        }
        let Some(attribute) = &self.parsed else { return true };
        if attribute.path().is_ident("cfg_attr") {
            let inside = conditional(attribute).into_iter();
            return inside.map(ToTokens::into_token_stream).map(Self::new).any(|it| it.may_make_handler());
        }
        !is_catch(attribute)
    }

    /// Whether this is a route attribute, or would be one under a condition.
    pub(crate) fn is_route(&self) -> bool {
        self.parsed.as_ref().is_some_and(|attribute| is_route_attribute(attribute) || is_conditional_route(attribute))
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ItemKind {
    Function,
    Module,
    /// `name! { … }`
    Macro,
    Other,
}

/// The handlers that would get the module's policy, at any depth. Those that do not parse are left to the compiler.
pub(crate) fn handlers(items: TokenStream) -> Vec<Handler> {
    let mut handlers = Vec::new();
    for item in split(items).into_iter().filter(|item| !item.attributes.iter().any(OuterAttribute::is_own)) {
        match item.kind {
            ItemKind::Function if item.attributes.iter().any(OuterAttribute::is_route) => {
                let attributes = item.attributes.into_iter().map(|attribute| attribute.tokens);
                let tokens = attributes.chain(item.tokens.into_iter().map(TokenStream::from)).collect();
                handlers.extend(syn::parse2::<Handler>(tokens));
            }
            ItemKind::Module => handlers.extend(inside(&item.tokens).into_iter().flat_map(handlers_of)),
            ItemKind::Function | ItemKind::Macro | ItemKind::Other => {}
        }
    }
    handlers
}

fn handlers_of(items: &Group) -> Vec<Handler> {
    handlers(items.stream())
}

/// The items of an inline module.
pub(super) fn inside(tokens: &[TokenTree]) -> Option<&Group> {
    match tokens.last() {
        Some(TokenTree::Group(items)) => Some(items),
        _ => None,
    }
}

pub(crate) fn parse_attribute(tokens: &TokenStream) -> Option<Attribute> {
    Attribute::parse_outer.parse2(tokens.clone()).ok()?.pop()
}

/// Whether this is `#[cfg_attr(…)]` with a route attribute in it, which may be one of several and in another `cfg_attr`.
fn is_conditional_route(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg_attr")
        && conditional(attribute).iter().any(|inside| is_route_attribute(inside) || is_conditional_route(inside))
}

/// The attributes in a `cfg_attr`.
fn conditional(attribute: &Attribute) -> Vec<Attribute> {
    let parts = attribute.parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated).unwrap_or_default();
    parts.iter().skip(1).filter_map(|meta| parse_attribute(&quote!(#[#meta]))).collect()
}

/// Splits the items of a module. Inner attributes come out as an item of another kind.
pub(crate) fn split(tokens: TokenStream) -> Vec<ModuleItem> {
    let mut items = Vec::new();
    let mut tokens: VecDeque<_> = tokens.into_iter().collect();
    while !tokens.is_empty() {
        open_fragments(&mut tokens);
        let mut item = ModuleItem { attributes: Vec::new(), tokens: Vec::new(), kind: ItemKind::Other };
        // Outer attributes: `#` and a bracketed group.
        while let Some(pound) = take_pound(&mut tokens) {
            match tokens.pop_front() {
                Some(TokenTree::Group(group)) => {
                    item.attributes.push(OuterAttribute::new([pound, TokenTree::Group(group)].into_iter().collect()));
                }
                // `#!`: an inner attribute.
                Some(other) => {
                    item.tokens.extend([pound, other]);
                    item.tokens.extend(tokens.pop_front());
                    break;
                }
                None => item.tokens.push(pound),
            }
            open_fragments(&mut tokens);
        }
        if item.tokens.is_empty() {
            let mut ends = Ends::Unknown;
            let mut angles = Angles::default();
            while let Some(token) = tokens.pop_front() {
                ends = ends.after(&token, &mut item.kind);
                angles.count(&token);
                let at_brace = matches!(ends, Ends::AtBrace | Ends::AtBraceOfExtern) && angles.depth == 0;
                let end = is_punct(&token, ';') || at_brace && is_in_braces(&token);
                item.tokens.push(token);
                if end {
                    break;
                }
            }
        }
        items.push(item);
    }
    items
}

fn take_pound(tokens: &mut VecDeque<TokenTree>) -> Option<TokenTree> {
    tokens.front().is_some_and(|token| is_punct(token, '#')).then(|| tokens.pop_front()).flatten()
}

/// Takes the tokens of an `item` or `vis` fragment out of the group without delimiters that the compiler puts around them.
fn open_fragments(tokens: &mut VecDeque<TokenTree>) {
    while let Some(TokenTree::Group(group)) = tokens.front()
        && group.delimiter() == Delimiter::None
    {
        let inner: Vec<_> = group.stream().into_iter().collect();
        tokens.pop_front();
        inner.into_iter().rev().for_each(|token| tokens.push_front(token));
    }
}

/// Whether this is a group in braces, which may be a `block` fragment.
fn is_in_braces(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    match group.delimiter() {
        Delimiter::Brace => true,
        Delimiter::None => group.stream().into_iter().all(|token| is_in_braces(&token)) && !group.stream().is_empty(),
        Delimiter::Parenthesis | Delimiter::Bracket => false,
    }
}

/// The angle brackets around a token. The braces in `Table<{ 2 * N }>` are not the end of an item.
#[derive(Default)]
struct Angles {
    depth: usize,
    /// The token before was the first sign of `->`.
    arrow: bool,
}

impl Angles {
    fn count(&mut self, token: &TokenTree) {
        if is_punct(token, '<') {
            self.depth += 1;
        } else if is_punct(token, '>') && !self.arrow {
            self.depth = self.depth.saturating_sub(1);
        }
        self.arrow = is_punct(token, '-');
    }
}

/// Where an item ends.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// Its keyword has not been seen.
    Unknown,
    /// A semicolon alone, as in `use a::{b, c};`.
    AtSemicolon,
    /// The same, if `const` does not open a function, as in `const fn`.
    AtSemicolonOfConst,
    /// A group in braces, or a semicolon.
    AtBrace,
    /// The same, and `extern` may open a function: `extern "C" fn`.
    AtBraceOfExtern,
}

impl Ends {
    fn after(self, token: &TokenTree, kind: &mut ItemKind) -> Self {
        let TokenTree::Ident(ident) = token else {
            return match self {
                Ends::Unknown if is_punct(token, '!') => {
                    *kind = ItemKind::Macro;
                    Ends::AtBrace
                }
                // In the type of a constant, `fn` is not the keyword of an item.
                Ends::AtSemicolonOfConst if is_punct(token, ':') => Ends::AtSemicolon,
                ends => ends,
            };
        };
        match (self, &*ident.to_string()) {
            (Ends::Unknown | Ends::AtSemicolonOfConst | Ends::AtBraceOfExtern, "fn") => {
                *kind = ItemKind::Function;
                Ends::AtBrace
            }
            (Ends::Unknown, "mod") => {
                *kind = ItemKind::Module;
                Ends::AtBrace
            }
            (Ends::Unknown, "const") => Ends::AtSemicolonOfConst,
            (Ends::Unknown, "extern") => Ends::AtBraceOfExtern,
            (Ends::Unknown, "struct" | "enum" | "union" | "trait" | "impl") => Ends::AtBrace,
            (Ends::Unknown, "use" | "type" | "static") => Ends::AtSemicolon,
            (ends, _) => ends,
        }
    }
}

pub(super) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
