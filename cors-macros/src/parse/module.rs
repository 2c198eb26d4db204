//! The items of a module, told apart by their first tokens and otherwise left alone.
//!
//! They are not parsed: a body that does not compile is the compiler's business, and macros may stand for items.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Attribute;
use syn::parse::{ParseStream, Parser};

use crate::parse::handler::{handles_options, is_named, is_route_attribute};

/// What goes onto the handlers and modules among the items.
pub(crate) struct Passing {
    /// A further argument for what has the attribute itself.
    pub(crate) beside_own: TokenStream,
    /// An attribute for what has none; `None` to leave it without.
    pub(crate) alone: Option<TokenStream>,
}

/// One item.
struct Item {
    attributes: Vec<Outer>,
    tokens: Vec<TokenTree>,
    kind: Kind,
}

/// An outer attribute: a `#` and a group.
struct Outer {
    tokens: TokenStream,
    /// `None` for what the compiler will not take either.
    parsed: Option<Attribute>,
}

impl Outer {
    fn new(tokens: TokenStream) -> Self {
        Outer { parsed: parse(&tokens), tokens }
    }

    fn is_own(&self) -> bool {
        self.parsed.as_ref().is_some_and(|attribute| is_named(attribute, &["cross_origin"]))
    }

    /// Whether this is a route attribute, or would be one under a condition.
    fn is_route(&self) -> bool {
        self.parsed.as_ref().is_some_and(|attribute| is_route_attribute(attribute) || condition(attribute).is_some())
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Function,
    Module,
    Other,
}

/// The items, with the attributes that `passing` gives them.
pub(crate) fn pass_on(items: TokenStream, passing: &Passing) -> TokenStream {
    let mut output = TokenStream::new();
    for Item { attributes, tokens, kind } in split(items) {
        let own = kind != Kind::Other && attributes.iter().any(Outer::is_own);
        let concerned = kind == Kind::Module || kind == Kind::Function && attributes.iter().any(Outer::is_route);
        if let Some(alone) = passing.alone.as_ref().filter(|_| concerned && !own) {
            let condition = attributes.iter().find_map(|attribute| condition(attribute.parsed.as_ref()?));
            output.extend(condition.map_or_else(|| alone.clone(), |condition| conditional(&condition, alone)));
        }
        for attribute in attributes {
            match &attribute.parsed {
                Some(parsed) if own && attribute.is_own() => output.extend(with_argument(parsed, &passing.beside_own)),
                _ => output.extend(attribute.tokens),
            }
        }
        output.extend(tokens);
    }
    output
}

/// The first route attribute for OPTIONS among the handlers that would get the module's policy.
pub(crate) fn options_route(items: TokenStream) -> Option<TokenStream> {
    let without_own = |item: &Item| item.kind == Kind::Function && !item.attributes.iter().any(Outer::is_own);
    let attributes = split(items).into_iter().filter(without_own).flat_map(|item| item.attributes);
    let mut options = attributes.filter_map(|attribute| attribute.parsed).filter(handles_options);
    options.next().map(ToTokens::into_token_stream)
}

fn parse(tokens: &TokenStream) -> Option<Attribute> {
    Attribute::parse_outer.parse2(tokens.clone()).ok()?.pop()
}

/// The condition of `#[cfg_attr(condition, get("/"))]`.
fn condition(attribute: &Attribute) -> Option<TokenStream> {
    if !attribute.path().is_ident("cfg_attr") {
        return None;
    }
    let parts = |input: ParseStream| {
        let condition = input.parse::<syn::Meta>()?;
        input.parse::<syn::Token![,]>()?;
        let rest = input.parse::<TokenStream>()?;
        Ok((condition, rest))
    };
    let (condition, rest) = attribute.parse_args_with(parts).ok()?;
    let attribute = parse(&quote!(#[#rest]))?;
    is_route_attribute(&attribute).then(|| condition.to_token_stream())
}

/// `#[attribute]` as `#[cfg_attr(condition, attribute)]`.
fn conditional(condition: &TokenStream, attribute: &TokenStream) -> TokenStream {
    match parse(attribute) {
        Some(attribute) => {
            let meta = &attribute.meta;
            quote!(#[cfg_attr(#condition, #meta)])
        }
        None => attribute.clone(),
    }
}

/// The attribute with a further argument.
fn with_argument(attribute: &Attribute, argument: &TokenStream) -> TokenStream {
    let path = attribute.path();
    let arguments = match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let comma = (!arguments.is_empty() && !ends_in_comma(&arguments)).then(|| quote!(,));
    let mut group = Group::new(Delimiter::Bracket, quote!(#path(#arguments #comma #argument)));
    group.set_span(attribute.bracket_token.span.join());
    let pound = &attribute.pound_token;
    quote!(#pound #group)
}

fn ends_in_comma(tokens: &TokenStream) -> bool {
    matches!(tokens.clone().into_iter().last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',')
}

/// Splits the items of a module. Inner attributes come out as an item of another kind.
fn split(tokens: TokenStream) -> Vec<Item> {
    let mut items = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while tokens.peek().is_some() {
        let mut item = Item { attributes: Vec::new(), tokens: Vec::new(), kind: Kind::Other };
        // Outer attributes: `#` and a bracketed group.
        while let Some(pound) = tokens.next_if(|token| is_punct(token, '#')) {
            match tokens.next() {
                Some(TokenTree::Group(group)) => {
                    item.attributes.push(Outer::new([pound, TokenTree::Group(group)].into_iter().collect()));
                }
                // `#!`: an inner attribute.
                Some(other) => {
                    item.tokens.extend([pound, other]);
                    item.tokens.extend(tokens.next());
                    break;
                }
                None => item.tokens.push(pound),
            }
        }
        if item.tokens.is_empty() {
            let mut ends = Ends::Unknown;
            for token in tokens.by_ref() {
                ends = ends.after(&token, &mut item.kind);
                let end = match &token {
                    TokenTree::Punct(punct) => punct.as_char() == ';',
                    TokenTree::Group(group) => ends == Ends::AtBrace && group.delimiter() == Delimiter::Brace,
                    _ => false,
                };
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

/// What an item ends at.
#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// Its keyword has not been seen.
    Unknown,
    /// A semicolon alone, as in `use a::{b, c};`.
    AtSemicolon,
    /// A group in braces, or a semicolon.
    AtBrace,
}

impl Ends {
    fn after(self, token: &TokenTree, kind: &mut Kind) -> Self {
        let TokenTree::Ident(ident) = token else {
            // `name! { … }`
            return if self == Ends::Unknown && is_punct(token, '!') { Ends::AtBrace } else { self };
        };
        match (self, &*ident.to_string()) {
            // `const` and `static` may turn out to open a function: `const fn`.
            (Ends::Unknown | Ends::AtSemicolon, "fn") => {
                *kind = Kind::Function;
                Ends::AtBrace
            }
            (Ends::Unknown, "mod") => {
                *kind = Kind::Module;
                Ends::AtBrace
            }
            (Ends::Unknown, "struct" | "enum" | "union" | "trait" | "impl" | "extern") => Ends::AtBrace,
            (Ends::Unknown, "use" | "type" | "const" | "static") => Ends::AtSemicolon,
            (ends, _) => ends,
        }
    }
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
