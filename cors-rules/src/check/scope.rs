//! Where a policy stands: something that is wrong in one place may be right in another.

/// Which `content-type` a route asks for. A page of another origin may send some without asking:
/// see [`fetch::SAFELISTED_CONTENT_TYPES`](crate::fetch::SAFELISTED_CONTENT_TYPES).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentType {
    /// One of those, or nothing is known.
    #[default]
    Simple,
    /// The handler reads a format that pages announce by another one, and takes every one.
    Expected,
    /// The route takes only others.
    Required,
}

/// Where a policy stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Written out, in an attribute or in code.
    Attribute {
        /// Whether `origins` names more than the elements that are known now: lists of the configuration, or checks. A
        /// list without elements is right then, and an `allow` may be for elements that are not seen here.
        runtime_origins: bool,
        /// Whether the policy is that of a route that handles OPTIONS.
        options_route: bool,
        /// Which `content-type` the route asks for.
        content_type: ContentType,
    },
    /// Named on a route, and checked where it is written out. Only `allow` is read, for the rules about the
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
        Scope::Attribute { runtime_origins: false, options_route: false, content_type: ContentType::Simple }
    }
}

impl Scope {
    pub(super) fn has_runtime_origins(self) -> bool {
        matches!(self, Scope::Attribute { runtime_origins: true, .. })
    }

    pub(super) fn content_type(self) -> ContentType {
        match self {
            Scope::Attribute { content_type, .. } => content_type,
            Scope::NamedPolicyOnRoute { .. } | Scope::ConfiguredList => ContentType::Simple,
        }
    }

    pub(super) fn is_options_route(self) -> bool {
        matches!(self, Scope::Attribute { options_route: true, .. } | Scope::NamedPolicyOnRoute { options_route: true })
    }
}
