//! Every path into the runtime crate that the output names.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// The runtime crate, as the user's crate knows it: `::cors_runtime`, or what `crate = …` says.
pub(crate) struct Paths {
    private: TokenStream,
}

macro_rules! paths {
    ($($name:ident => $path:ident),* $(,)?) => {
        impl Paths {
            $(pub(crate) fn $name(&self) -> TokenStream {
                let private = &self.private;
                quote!(#private::$path)
            })*
        }
    };
}

paths! {
    allow_headers => AllowHeaders,
    annotate => annotate,
    attached => Attached,
    enforce => Enforce,
    origins => Origins,
    pattern => Pattern,
    policy => Policy,
    port => Port,
    route => Route,
}

impl Paths {
    pub(crate) fn new(krate: Option<&Path>) -> Self {
        Paths {
            private: krate.map_or_else(
                || quote!(::cors_runtime::__private),
                |path| quote!(#path::__private),
            ),
        }
    }
}
