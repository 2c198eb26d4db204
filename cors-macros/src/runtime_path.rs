//! The paths of the runtime crate that the output names. Nothing else writes them down.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use crate::parse::arguments::Arguments;

/// A name in the runtime's `__private` module. As tokens it is reached by `__cors`, which [`Runtime::import`] brings in.
pub(crate) struct Name(&'static [&'static str]);

/// One constant for each name: the list of what `__private` has to hold.
macro_rules! names {
    ($($constant:ident = $($segment:ident)::+;)*) => {
        $(pub(crate) const $constant: Name = Name(&[$(stringify!($segment)),+]);)*
    };
}

names! {
    CROSS_ORIGIN = cross_origin;
    ARGUMENTS = arguments;

    // A policy.
    POLICY = Policy;
    POLICY_OF_PARTS = policy;
    POLICY_PARTS = PolicyParts;
    NO_PARTS = PolicyParts::EMPTY;
    NAMED_POLICY = NamedPolicy;
    ORIGINS_ANY = Origins::Any;
    ORIGINS_LISTED = Origins::Listed;
    PATTERN = Pattern;
    PORT_DEFAULT = Port::Default;
    PORT_NUMBER = Port::Number;
    PORT_ANY = Port::Any;
    ALLOW_HEADERS_LISTED = AllowHeaders::Listed;
    ALLOW_HEADERS_ANY = AllowHeaders::Any;
    ALLOW_HEADERS_ANY_AND_AUTHORIZATION = AllowHeaders::AnyAndAuthorization;
    ENFORCE_ALL = Enforce::All;
    ENFORCE_NOTHING = Enforce::Nothing;

    // Macros, whose output depends on the features of the runtime crate.
    HANDLER = handler;
    ADAPTERS = adapters;

    // tower.
    TOWER_CHECK = tower::Check;
    TOWER_FITS = tower::fits;

    // Rocket.
    ROUTE = rocket::Route;
    ROUTE_POLICY = rocket::RoutePolicy;
    NAMED_ROUTE_POLICY = rocket::NamedRoutePolicy;
    SOURCES = rocket::Sources;
    READ_LISTS = rocket::ReadLists::BY_THE_RULES;
    CHECK = rocket::Check;
    FITS = rocket::fits;
    CHECK_FUNCTION = CheckFunction;
    TYPE_OF = type_of;
    IS_FUNCTION = is_function;
    ANNOTATE = rocket::annotate;
    BESIDE = rocket::beside;
    DIRECTLY_ABOVE = rocket::directly_above;
    SIGNATURE_ONLY = rocket::signature_only;
    INTO_INFO = rocket::refused::IntoInfo;
    INTO_ROUTE = rocket::unseen::IntoRoute;
    DROPPED_INTO_INFO = rocket::dropped::IntoInfo;
    HAS_POLICY = rocket::dropped::has_policy;
    NEEDS_NO_POLICY = rocket::unseen::needs_no_policy;
}

impl Name {
    /// The name at a span, for errors that have to land there.
    pub(crate) fn at(&self, span: Span) -> TokenStream {
        let tokens = self.to_token_stream().into_iter();
        tokens
            .map(|mut token: TokenTree| {
                token.set_span(span);
                token
            })
            .collect()
    }

    /// The segments, each with a path separator before it.
    fn segments(&self) -> TokenStream {
        let segments = self.0.iter().map(|segment| Ident::new(segment, Span::call_site()));
        quote!(#(::#segments)*)
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let segments = self.segments();
        tokens.extend(quote!(__cors #segments));
    }
}

/// The one path by which the output reaches the runtime crate's `__private` module.
pub(crate) struct Runtime {
    module: TokenStream,
}

impl Runtime {
    pub(crate) fn of(arguments: &Arguments) -> Self {
        let path = own_path(arguments).unwrap_or_else(|| quote!(::cors_runtime));
        Runtime { module: quote!(#path::__private) }
    }

    /// The whole path of a name, where nothing has been imported.
    pub(crate) fn path(&self, name: &Name) -> TokenStream {
        let (module, segments) = (&self.module, name.segments());
        quote!(#module #segments)
    }

    /// Brings in `__cors`: a name that does not hide one in a path of the user, such as that of a check.
    pub(crate) fn import(&self) -> TokenStream {
        let module = &self.module;
        quote!(use #module as __cors;)
    }
}

fn own_path(arguments: &Arguments) -> Option<TokenStream> {
    let outer = || own_path(&arguments.module.as_ref()?.arguments);
    arguments.krate.as_ref().map(ToTokens::to_token_stream).or_else(outer)
}
