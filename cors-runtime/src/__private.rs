//! What the output of `#[cross_origin]` names. Not part of the public interface.

#[cfg(feature = "rocket")]
pub use ::rocket::Route;
pub use cors_rules::{Pattern, Port};

pub use crate::policy::{AllowHeaders, Enforce, NamedPolicy, Origins, Policy};
#[cfg(feature = "rocket")]
pub use crate::rocket::{Attached, Check, HandlerPlace, ReadList, annotate, cover, type_of};
pub use crate::{__cover as cover, __handler as handler, cross_origin};

/// A handler, and where its policy stands.
#[doc(hidden)]
#[macro_export]
macro_rules! __handler {
    ($name:ident) => {
        $crate::__private::HandlerPlace {
            name: ::core::stringify!($name),
            file: ::core::file!(),
            line: ::core::line!(),
        }
    };
}

/// Gives a named policy the method that puts it on routes.
#[cfg(feature = "rocket")]
#[doc(hidden)]
#[macro_export]
macro_rules! __cover {
    ($name:ident) => {
        impl $name {
            /// Puts this policy on routes that no attribute can be written on: those of a `FileServer`, of a GraphQL
            /// handler, of another crate. Their preflights are answered, and their responses get its headers.
            #[allow(dead_code, unreachable_pub)]
            #[must_use]
            pub fn cover(
                self,
                routes: impl ::std::convert::Into<::std::vec::Vec<$crate::__private::Route>>,
            ) -> ::std::vec::Vec<$crate::__private::Route> {
                $crate::__private::cover(routes.into(), <$name as $crate::__private::NamedPolicy>::POLICY)
            }
        }
    };
}

/// Without Rocket there are no routes to cover.
#[cfg(not(feature = "rocket"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __cover {
    ($name:ident) => {};
}
