//! Items of an annotated module that may hold handlers which the attribute cannot put its policy on.

use cors_rules::UnseenItem;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::module::{ItemKind, ModuleItem, OuterAttribute, inside, is_punct, split};

/// One such item, and the tokens that an error about it underlines.
pub(crate) struct Unseen {
    pub(crate) item: UnseenItem,
    pub(crate) tokens: TokenStream,
}

/// All of them, at any depth of modules without their own attribute.
pub(crate) fn unseen(items: TokenStream) -> Vec<Unseen> {
    let mut found = Vec::new();
    for item in split(items) {
        match item.kind {
            ItemKind::Macro => match unseen_macro(&item) {
                Some(unseen) => found.push(unseen),
                None => handlers_in(item.tokens, &mut found),
            },
            ItemKind::Module if item.attributes.iter().any(OuterAttribute::is_own) => {}
            ItemKind::Module => found.extend(inside(&item.tokens).into_iter().flat_map(|items| unseen(items.stream()))),
            ItemKind::Function | ItemKind::Other => handlers_in(item.tokens, &mut found),
        }
    }
    found
}

/// Whether a handler may be among the items, at any depth: a macro, a module in another file and an attribute that is not
/// known here may hide one. A catcher is no handler.
pub(crate) fn may_have_handlers(items: TokenStream) -> bool {
    split(items).into_iter().any(|item| match item.kind {
        ItemKind::Function => item.attributes.iter().any(OuterAttribute::may_make_handler),
        ItemKind::Module => inside(&item.tokens).is_none_or(|items| may_have_handlers(items.stream())),
        ItemKind::Macro => unseen_macro(&item).is_some(),
        ItemKind::Other => is_reexport(&item.tokens),
    })
}

/// `pub use`, which may bring handlers of another module in.
fn is_reexport(tokens: &[TokenTree]) -> bool {
    let has = |word: &str| tokens.iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == word));
    has("pub") && has("use")
}

/// A macro that may make handlers.
fn unseen_macro(item: &ModuleItem) -> Option<Unseen> {
    let path: Vec<_> = item.tokens.iter().take_while(|token| !is_punct(token, '!')).collect();
    let Some(TokenTree::Ident(name)) = path.last() else { return None };
    let name = name.to_string();
    // The first defines a macro; the others are the compiler's and make no functions.
    if matches!(&*name, "macro_rules" | "thread_local" | "compile_error" | "global_asm") {
        return None;
    }
    let tokens = item.tokens.iter().take(path.len() + 1).cloned().collect();
    Some(Unseen { item: UnseenItem::Macro(name), tokens })
}

/// Handlers between the tokens of another item, which is mostly the body of a function.
fn handlers_in(tokens: impl IntoIterator<Item = TokenTree>, found: &mut Vec<Unseen>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut attributes: Vec<OuterAttribute> = Vec::new();
    let mut rest = tokens.as_slice();
    while let [token, after @ ..] = rest {
        rest = after;
        if let [TokenTree::Group(group), behind @ ..] = after
            && is_punct(token, '#')
            && group.delimiter() == Delimiter::Bracket
        {
            attributes.push(OuterAttribute::new([token.clone(), group.clone().into()].into_iter().collect()));
            rest = behind;
            continue;
        }
        let attributes = std::mem::take(&mut attributes);
        let route = attributes.iter().find(|attribute| attribute.is_route());
        if let Some(route) = route
            && begins_function(token, after)
            && !attributes.iter().any(OuterAttribute::is_own)
        {
            found.push(Unseen { item: UnseenItem::HandlerInFunction, tokens: route.tokens.clone() });
        }
        match (token, after) {
            // The text of a macro's definition is not code yet.
            (TokenTree::Ident(ident), [bang, TokenTree::Ident(_), TokenTree::Group(_), behind @ ..])
                if ident == "macro_rules" && is_punct(bang, '!') =>
            {
                rest = behind;
            }
            (TokenTree::Group(group), _) => handlers_in(group.stream(), found),
            _ => {}
        }
    }
}

/// Whether these tokens, behind attributes, open a function: `fn`, `pub async fn`, `pub(crate) fn`, `extern "C" fn`.
fn begins_function(first: &TokenTree, rest: &[TokenTree]) -> bool {
    for token in [first].into_iter().chain(rest) {
        match token {
            TokenTree::Ident(ident) if ident == "fn" => return true,
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                if !matches!(&*word, "pub" | "async" | "const" | "unsafe" | "safe" | "extern" | "default") {
                    return false;
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {}
            // What a `vis` fragment leaves behind.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {}
            TokenTree::Literal(_) => {}
            _ => return false,
        }
    }
    false
}
