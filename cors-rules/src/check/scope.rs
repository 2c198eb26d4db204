//! Where a policy stands: what is wrong in one place is right in another.

/// Where a policy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Written out, in an attribute or in code.
    Attribute {
        /// Whether `origins` names more than the elements that are known now: lists of the configuration, or checks. A
        /// list without elements is right then, and an `allow` may be for what is not seen here.
        runtime_origins: bool,
        /// Whether the policy is that of a route that handles OPTIONS.
        options_route: bool,
    },
    /// Named on a route, and checked where it is written out. Only `allow` is read: it is for what the rules say of the
    /// route.
    NamedPolicyOnRoute {
        /// Whether the route handles OPTIONS.
        options_route: bool,
    },
    /// A list of origins in the configuration, with the `credentials` and the `allow` of a policy that names it. It may
    /// be empty, and does not have to need every `allow`.
    ConfiguredList,
}

/// In an attribute, of a policy that is wholly known now, and not on an OPTIONS route.
impl Default for Scope {
    fn default() -> Self {
        Scope::Attribute { runtime_origins: false, options_route: false }
    }
}

impl Scope {
    pub(super) fn has_runtime_origins(self) -> bool {
        matches!(self, Scope::Attribute { runtime_origins: true, .. })
    }

    pub(super) fn is_options_route(self) -> bool {
        matches!(self, Scope::Attribute { options_route: true, .. } | Scope::NamedPolicyOnRoute { options_route: true })
    }
}
