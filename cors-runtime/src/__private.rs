//! What the output of `#[cross_origin]` names. Not part of the public interface.

pub use cors_rules::{Pattern, Port};

pub use crate::check_function::{CheckFunction, type_of};
pub use crate::policy::{AllowHeaders, Enforce, NamedPolicy, Origins, Policy, PolicyParts};
pub use crate::{
    __adapters as adapters, __handler as handler, __no_adapter as no_adapter, __rocket_adapter as rocket_adapter,
    __tower_adapter as tower_adapter, arguments, cross_origin,
};

/// A policy of parts that the attribute has checked.
#[must_use]
pub const fn policy(parts: PolicyParts) -> Policy {
    Policy::new(parts)
}

/// Proves at compile time that a path names a function, and not a constant that holds a pointer to one: each function
/// has its own type, which has no size.
///
/// # Panics
///
/// If it is not.
pub const fn is_function<T>(_: &T) {
    assert!(
        size_of::<T>() == 0,
        "`check(…)` takes the path of a function, not of a constant or static that holds one: two checks would be taken for one"
    );
}

/// What the output on a handler needs of Rocket.
#[cfg(feature = "rocket")]
pub mod rocket {
    pub use ::rocket::Route;

    pub use super::unseen;
    pub use cors_macros::{__beside as beside, __directly_above as directly_above, __uri_macro as uri_macro};

    pub use crate::rocket::NamedRoutePolicy;
    pub use crate::rocket::annotation::HandlerPlace;
    pub use crate::rocket::checks::Check;
    pub use crate::rocket::config::ReadLists;
    pub use crate::rocket::cover::{IntoRoutes, annotate, cover};
    pub use crate::rocket::sources::{RoutePolicy, Sources};
}

/// What the output on a unit struct needs of tower.
#[cfg(feature = "tower")]
pub mod tower {
    pub use crate::tower::checks::{Check, fits};
    pub use crate::tower::layer::{layer, layer_with_lists};

    /// A policy that has a layer.
    pub trait HasLayer {
        /// Names the method `layer`.
        const USED: ();
    }
}

/// Proves that Rocket has not turned functions of an annotated module into handlers without the attribute noticing.
#[cfg(feature = "rocket")]
pub mod unseen {
    /// A function that is not a handler has this method. A handler has its own function of this name, which wins.
    pub trait IntoRoute: Sized {
        #[must_use]
        fn into_route(self) -> NoRoute {
            NoRoute
        }
    }

    impl<T> IntoRoute for T {}

    /// Not a route.
    pub struct NoRoute;

    /// Everything in an annotated module that does not need a policy.
    #[diagnostic::on_unimplemented(
        message = "the `cross_origin` attribute on the module does not see that this is a handler, so it gets no policy",
        label = "a handler",
        note = "write its route attribute by the name that it has in Rocket, such as `#[rocket::post(…)]`, or add \
                `allow(unseen_items)` to the attribute on the module"
    )]
    pub trait NeedsNoPolicy {}

    impl NeedsNoPolicy for NoRoute {}

    /// Takes everything except routes.
    pub fn needs_no_policy<T: NeedsNoPolicy>(_: T) {}
}

/// A handler, and where its policy stands.
#[doc(hidden)]
#[macro_export]
macro_rules! __handler {
    ($name:ident) => {
        $crate::__private::handler!($name, ::core::line!())
    };
    ($name:ident, $line:expr) => {
        $crate::__private::rocket::HandlerPlace { name: ::core::stringify!($name), file: ::core::file!(), line: $line }
    };
}

/// Gives a named policy what each adapter has for it. With lists or checks, each adapter has its own way to ask them.
#[doc(hidden)]
#[macro_export]
macro_rules! __adapters {
    ($name:ident) => {
        $crate::__private::rocket_adapter! { $name, { $crate::__private::rocket::Sources::NONE } }
        $crate::__private::tower_adapter! { $name, false, { &[] } }
    };
    ($name:ident, lists: $lists:ident, rocket: $sources:tt, tower: $checks:tt) => {
        $crate::__private::rocket_adapter! { $name, $sources }
        $crate::__private::tower_adapter! { $name, $lists, $checks }
        $crate::__private::no_adapter! {}
    };
}

#[cfg(feature = "rocket")]
#[doc(hidden)]
#[macro_export]
macro_rules! __rocket_adapter {
    ($name:ident, $sources:expr) => {
        impl $crate::__private::rocket::NamedRoutePolicy for $name {
            const ROUTE_POLICY: $crate::__private::rocket::RoutePolicy = {
                // All code that uses the policy uses the method, so the compiler reports only unused policies.
                let _: fn(
                    $name,
                    ::std::vec::Vec<$crate::__private::rocket::Route>,
                ) -> ::std::vec::Vec<$crate::__private::rocket::Route> = $name::cover;
                $crate::__private::rocket::RoutePolicy {
                    policy: <$name as $crate::__private::NamedPolicy>::POLICY,
                    sources: &$sources,
                }
            };
        }

        impl $name {
            /// Puts this policy on routes that no attribute can be written on: those of a `FileServer`, of a GraphQL
            /// handler, of another crate. Their preflights are answered, and their responses get its headers.
            #[must_use]
            pub fn cover(
                self,
                routes: impl $crate::__private::rocket::IntoRoutes,
            ) -> ::std::vec::Vec<$crate::__private::rocket::Route> {
                $crate::__private::rocket::cover(
                    $crate::__private::rocket::IntoRoutes::into_routes(routes),
                    <$name as $crate::__private::rocket::NamedRoutePolicy>::ROUTE_POLICY,
                )
            }
        }
    };
}

#[cfg(not(feature = "rocket"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __rocket_adapter {
    ($($_:tt)*) => {};
}

#[cfg(feature = "tower")]
#[doc(hidden)]
#[macro_export]
macro_rules! __tower_adapter {
    ($name:ident, false, $checks:expr) => {
        impl $name {
            /// A layer that puts this policy on a service: on a router, on a part of it, or on any other service of
            /// requests.
            #[track_caller]
            pub fn layer(self) -> $crate::tower::CrossOriginLayer {
                const CHECKS: &[$crate::__private::tower::Check] = $checks;
                $crate::__private::tower::layer(
                    <$name as $crate::__private::NamedPolicy>::POLICY,
                    ::core::stringify!($name),
                    CHECKS,
                )
            }
        }

        impl $crate::__private::tower::HasLayer for $name {
            // The compiler reports only unused policies.
            const USED: () = {
                let _: fn($name) -> $crate::tower::CrossOriginLayer = $name::layer;
            };
        }
    };
    ($name:ident, true, $checks:expr) => {
        impl $name {
            /// A layer that puts this policy on a service: on a router, on a part of it, or on any other service of
            /// requests. The lists that it names are among these.
            ///
            /// # Errors
            /// Something is wrong with one of the lists, or it is missing.
            #[track_caller]
            pub fn layer(
                self,
                lists: &$crate::tower::OriginLists,
            ) -> ::core::result::Result<$crate::tower::CrossOriginLayer, $crate::tower::ListErrors> {
                const CHECKS: &[$crate::__private::tower::Check] = $checks;
                $crate::__private::tower::layer_with_lists(
                    <$name as $crate::__private::NamedPolicy>::POLICY,
                    ::core::stringify!($name),
                    CHECKS,
                    lists,
                )
            }
        }

        impl $crate::__private::tower::HasLayer for $name {
            // The compiler reports only unused policies.
            const USED: () = {
                let _: fn(
                    $name,
                    &$crate::tower::OriginLists,
                )
                    -> ::core::result::Result<$crate::tower::CrossOriginLayer, $crate::tower::ListErrors> =
                    $name::layer;
            };
        }
    };
}

#[cfg(not(feature = "tower"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __tower_adapter {
    ($($_:tt)*) => {};
}

#[cfg(any(feature = "rocket", feature = "tower"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __no_adapter {
    () => {};
}

/// Without an adapter, lists and checks are never asked. To ignore them silently would share less than the policy says.
///
/// ```
/// #[cors_runtime::cross_origin(origins = ["https://app.example.com"])]
/// pub struct Partners;
/// ```
///
/// ```compile_fail
/// #[cors_runtime::cross_origin(origins = ["https://app.example.com", config("partners")])]
/// pub struct Partners;
/// ```
#[cfg(not(any(feature = "rocket", feature = "tower")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __no_adapter {
    () => {
        ::core::compile_error!(
            "`config(…)` and `check(…)` need an adapter that asks them, and none is compiled in\n\
             = help: turn on the feature `rocket` or `tower` of `cors-runtime`, or name the origins as literals"
        );
    };
}
