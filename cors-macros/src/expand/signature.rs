//! The signature of a handler as Rocket's route attribute reads it in a function body.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, FnArg, Pat, Signature, Type};

use super::unique;

/// The signature, and what it needs outside of the body.
pub(super) struct AsRocketReadsIt {
    pub(super) signature: Signature,
    /// Another name for the type of the handler's name, where the signature has it: in the body that would be another
    /// type, and the compiler would report the difference too. Mostly a type is meant that begins with a capital letter.
    pub(super) alias: Option<TokenStream>,
}

impl AsRocketReadsIt {
    pub(super) fn of(written: &Signature, route: &Attribute) -> Self {
        let mut signature = written.clone();
        let name = &written.ident;
        let alias = unique::name("type", name, route);
        let mut has_alias = false;
        let mut adapt = |ty: &mut Type| {
            let mut found = false;
            let tokens = renamed(ty.to_token_stream(), name, &alias, &mut found);
            has_alias |= found;
            *ty = if found { Type::Verbatim(tokens) } else { with_hygiene_of(route.pound_token.span, ty) };
        };
        for (index, input) in signature.inputs.iter_mut().enumerate() {
            let FnArg::Typed(typed) = input else { continue };
            if !matches!(&*typed.pat, Pat::Ident(_)) {
                // `_: Guard`: Rocket wants a name, and the handler need not have one.
                let name = format_ident!("__cross_origin_{index}");
                typed.pat = syn::parse_quote!(#name);
            }
            adapt(&mut typed.ty);
        }
        if let syn::ReturnType::Type(_, output) = &mut signature.output {
            adapt(output);
        }
        let alias = has_alias.then(|| quote!(type #alias = #name;));
        AsRocketReadsIt { signature, alias }
    }
}

/// A type with another name for one that is not in a path, and not that of a lifetime. `found` becomes `true` if it is
/// there.
fn renamed(ty: TokenStream, from: &Ident, to: &Ident, found: &mut bool) -> TokenStream {
    let mut after = ' ';
    let token = |mut token: TokenTree| {
        match &mut token {
            TokenTree::Ident(ident) if ident == from && !matches!(after, ':' | '\'') => {
                *found = true;
                *ident = Ident::new(&to.to_string(), ident.span());
            }
            TokenTree::Group(group) => {
                let mut inside = Group::new(group.delimiter(), renamed(group.stream(), from, to, found));
                inside.set_span(group.span());
                *group = inside;
            }
            _ => {}
        }
        after = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        token
    };
    ty.into_iter().map(token).collect()
}

/// A type, beginning with a token that is resolved where the route attribute stands, if it is a whole fragment of a
/// macro, as `$t:ty` is.
///
/// Rocket takes the hygiene of the names that it adds from the first token of a type. The compiler passes a
/// fragment on as a group without delimiters, and drops that group when it is written out again. The first token is
/// then one from the macro's caller, where the names of the route attribute are unknown.
fn with_hygiene_of(route: Span, ty: &Type) -> Type {
    match ty {
        Type::Group(group) => Type::Verbatim(own_first_token(group.elem.to_token_stream(), route)),
        ty => ty.clone(),
    }
}

fn own_first_token(tokens: TokenStream, route: Span) -> TokenStream {
    let mut tokens = tokens.into_iter();
    let Some(first) = tokens.next() else { return TokenStream::new() };
    match first {
        // A fragment that went through several macros.
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            own_first_token(group.stream(), route).into_iter().chain(tokens).collect()
        }
        // It means the crate of the macro that wrote it, so it stays as it is. Other types get no parentheses: where
        // `uri!` repeats them, the compiler calls them unnecessary.
        TokenTree::Ident(first) if first == "$crate" => {
            let span = Span::call_site().located_at(first.span());
            let whole = [TokenTree::Ident(first)].into_iter().chain(tokens).collect();
            let mut parentheses = Group::new(Delimiter::Parenthesis, whole);
            parentheses.set_span(span);
            parentheses.into_token_stream()
        }
        _ => {
            // All signs that are one token for the compiler, such as `::`.
            let mut is_first = true;
            let tokens = [first].into_iter().chain(tokens).map(|mut token| {
                if is_first {
                    token.set_span(token.span().resolved_at(route));
                    is_first = matches!(&token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint);
                }
                token
            });
            tokens.collect()
        }
    }
}
