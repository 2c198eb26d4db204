//! Rocket's route attributes, as far as they have to be read.

use cors_rules::{ContentType, fetch};
use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprLit, FnArg, GenericArgument, Ident, Lit, MetaNameValue, Pat, PathArguments, Signature, Type,
};

/// Rocket's route attributes. They are known by the last segment of their path: `get` and `rocket::get`.
pub(crate) const ROUTE_ATTRIBUTES: [&str; 8] = ["get", "put", "post", "delete", "head", "options", "patch", "route"];

pub(crate) fn is_named(attribute: &Attribute, names: &[&str]) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|segment| names.iter().any(|name| segment.ident == name))
}

pub(crate) fn is_route_attribute(attribute: &Attribute) -> bool {
    is_named(attribute, &ROUTE_ATTRIBUTES)
}

/// Whether this makes a catcher of a function.
pub(crate) fn is_catch(attribute: &Attribute) -> bool {
    is_named(attribute, &["catch"])
}

/// Whether this can be the signature of a catcher only. Rocket gives a catcher the request, last of all, and no handler.
pub(crate) fn is_of_catcher(sig: &Signature) -> bool {
    let Some(FnArg::Typed(last)) = sig.inputs.last() else { return false };
    let Type::Reference(request) = &*last.ty else { return false };
    matches!(&*request.elem, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Request"))
}

/// Whether an attribute that is not known has the path of a route in it, as `#[gett("/users")]` has.
pub(crate) fn has_path(attribute: &Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else { return false };
    let is_path = |token: TokenTree| matches!(token, TokenTree::Literal(text) if text.to_string().starts_with("\"/"));
    list.tokens.clone().into_iter().any(is_path)
}

/// The methods whose requests Rocket compares with `format` by their `content-type`. Rocket 0.6 leaves DELETE out.
const WITH_BODY: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];

/// The method of a route attribute: `#[post("/")]`, `#[route(POST, uri = "/")]`, and `#[route("/", method = POST)]` of
/// Rocket 0.6, where a route without one serves all methods.
fn method(attribute: &Attribute, arguments: &Arguments) -> Option<String> {
    if is_named(attribute, &["route"]) {
        return arguments.iter().find_map(|argument| match argument {
            Argument::Method(method) => Some(method.to_string()),
            Argument::Text(_) | Argument::Named(..) | Argument::Other => None,
        });
    }
    Some(attribute.path().segments.last()?.ident.to_string().to_ascii_uppercase())
}

/// Whether a route attribute is for OPTIONS.
pub(crate) fn handles_options(attribute: &Attribute) -> bool {
    method(attribute, &arguments(attribute)).is_some_and(|method| method == "OPTIONS")
}

/// Which `content-type` the route asks for. Rocket compares `format` with it if the method has a body.
pub(crate) fn content_type(attribute: &Attribute, sig: &Signature) -> ContentType {
    let arguments = arguments(attribute);
    let has_body = method(attribute, &arguments).is_some_and(|method| WITH_BODY.contains(&&*method));
    let value = |name: &str| {
        arguments.iter().find_map(|argument| match argument {
            Argument::Named(key, value) if key == name => Some(value.as_str()),
            _ => None,
        })
    };
    if !has_body {
        return ContentType::Simple;
    }
    let data = value("data").and_then(|data| data.strip_prefix('<')?.strip_suffix('>'));
    match value("format") {
        Some(format) if is_never_simple(format) => ContentType::Required,
        None if data.is_some_and(|name| reads_json(sig, name)) => ContentType::Expected,
        Some(_) | None => ContentType::Simple,
    }
}

/// The URI of a route attribute, if it has one.
pub(crate) fn uri(attribute: &Attribute) -> Option<String> {
    arguments(attribute).into_iter().find_map(|argument| match argument {
        Argument::Text(uri) => Some(uri),
        Argument::Named(key, uri) if key == "uri" => Some(uri),
        Argument::Method(_) | Argument::Named(..) | Argument::Other => None,
    })
}

type Arguments = Punctuated<Argument, syn::Token![,]>;

/// The arguments of a route attribute. None where Rocket cannot read them either.
fn arguments(attribute: &Attribute) -> Arguments {
    attribute.parse_args_with(Punctuated::parse_terminated).unwrap_or_default()
}

/// One argument of a route attribute.
enum Argument {
    /// `POST`, or `method = POST`
    Method(Ident),
    /// `format = "json"`
    Named(Ident, String),
    /// A URI.
    Text(String),
    /// Something that Rocket will refuse.
    Other,
}

impl syn::parse::Parse for Argument {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if !input.peek(Ident::peek_any) {
            let value = input.parse::<Expr>()?;
            return Ok(text(&value).map_or(Argument::Other, Argument::Text));
        }
        if !input.peek2(syn::Token![=]) {
            return Ok(Argument::Method(input.call(Ident::parse_any)?));
        }
        let MetaNameValue { path, value, .. } = input.parse()?;
        let Some(key) = path.get_ident() else { return Ok(Argument::Other) };
        if let (true, Expr::Path(method)) = (key == "method", &value) {
            return Ok(method.path.get_ident().cloned().map_or(Argument::Other, Argument::Method));
        }
        Ok(text(&value).map_or(Argument::Other, |text| Argument::Named(key.clone(), text)))
    }
}

/// The text of a literal, also where a `macro_rules!` fragment holds it.
fn text(value: &Expr) -> Option<String> {
    match value {
        Expr::Group(group) => text(&group.expr),
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// Whether no page of another origin may send a `content-type` of this format without asking. Rocket has short names for
/// some: <https://api.rocket.rs/v0.5/rocket/http/struct.MediaType#method.parse_flexible>.
fn is_never_simple(format: &str) -> bool {
    let short = ["binary", "bytes", "css", "html", "js", "json", "markdown", "md", "msgpack", "pdf", "xml"];
    let format = format.trim();
    short.iter().any(|name| name.eq_ignore_ascii_case(format))
        || format.contains('/') && !fetch::may_be_safelisted(format)
}

/// Whether the parameter reads JSON or `MessagePack`, as far as its type says so.
fn reads_json(sig: &Signature, parameter: &str) -> bool {
    sig.inputs.iter().any(|input| match input {
        FnArg::Typed(typed) => {
            matches!(&*typed.pat, Pat::Ident(pat) if pat.ident.unraw() == parameter) && is_json(&typed.ty)
        }
        FnArg::Receiver(_) => false,
    })
}

/// `Json<T>`, `MsgPack<T>`, and these where the handler sees the error: `Result<Json<T>, …>`, `Option<Json<T>>`.
fn is_json(ty: &Type) -> bool {
    let path = match ty {
        Type::Group(group) => return is_json(&group.elem),
        Type::Paren(paren) => return is_json(&paren.elem),
        Type::Path(path) => path,
        _ => return false,
    };
    let Some(last) = path.path.segments.last() else { return false };
    let first = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        }),
        _ => None,
    };
    match &*last.ident.to_string() {
        "Json" | "MsgPack" => true,
        "Result" | "Option" | "Capped" => first.is_some_and(is_json),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use cors_rules::ContentType;
    use syn::{Attribute, parse_quote};

    use super::{content_type, handles_options, uri};

    #[test]
    fn both_spellings_of_a_method_are_read() {
        let sig = parse_quote!(fn handler());
        let options: [Attribute; 3] = [
            parse_quote!(#[options("/a")]),
            parse_quote!(#[route(OPTIONS, uri = "/a")]),
            parse_quote!(#[rocket::route("/a", method = OPTIONS)]),
        ];
        let posts: [Attribute; 3] = [
            parse_quote!(#[post("/a", format = "json")]),
            parse_quote!(#[route(POST, format = "json", uri = "/a")]),
            parse_quote!(#[route("/a", method = POST, format = "json")]),
        ];
        for (is_options, attribute) in options.iter().map(|it| (true, it)).chain(posts.iter().map(|it| (false, it))) {
            assert_eq!(handles_options(attribute), is_options);
            assert_eq!(content_type(attribute, &sig) == ContentType::Required, !is_options);
            assert_eq!(uri(attribute).as_deref(), Some("/a"));
        }
        assert!(!handles_options(&parse_quote!(#[route("/a")])));
    }
}
