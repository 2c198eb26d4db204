//! What the output of `#[cross_origin]` names. Not part of the public interface.

pub use cors_rules::{Pattern, Port};

pub use crate::policy::{AllowHeaders, Enforce, NamedPolicy, Origins, Policy, PolicyParts};
pub use crate::{__adapters as adapters, __handler as handler, arguments, cross_origin};

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

    pub use super::{refused, unseen};
    pub use cors_macros::{__beside as beside, __directly_above as directly_above, __signature_only as signature_only};

    pub use crate::rocket::NamedRoutePolicy;
    pub use crate::rocket::annotation::HandlerPlace;
    pub use crate::rocket::checks::{Check, CheckFunction, type_of};
    pub use crate::rocket::config::ReadLists;
    pub use crate::rocket::cover::{IntoRoutes, annotate, cover};
    pub use crate::rocket::sources::{RoutePolicy, Sources};
}

/// A handler that Rocket has refused: its error is the only one.
#[cfg(feature = "rocket")]
pub mod refused {
    use ::rocket::route::StaticInfo;

    /// What Rocket generates for a handler has its own function of this name, which wins.
    pub trait IntoInfo: Sized {
        /// Nothing that compiles has this.
        #[must_use]
        fn into_info(self) -> StaticInfo {
            const { panic!("the route attribute of this handler is not Rocket's, so there is no route for its policy") }
        }
    }

    impl<T> IntoInfo for T {}
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

/// Gives a named policy what each adapter has for it. With lists or checks, `$sources` says how they are asked.
#[cfg(feature = "rocket")]
#[doc(hidden)]
#[macro_export]
macro_rules! __adapters {
    ($name:ident) => {
        $crate::__private::adapters! { $name, $crate::__private::rocket::Sources::NONE }
    };
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
#[cfg(not(feature = "rocket"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __adapters {
    ($name:ident) => {};
    ($name:ident, $sources:expr) => {
        ::core::compile_error!(
            "`config(…)` and `check(…)` need an adapter that asks them, and none is compiled in\n\
             = help: turn on the feature `rocket` of `cors-runtime`, or name the origins as literals"
        );
    };
}
