//! A policy in the form that requests are decided by: nothing in it needs parsing.

use std::fmt;

use cors_rules::Pattern;

/// Who may call a resource from a browser, and what they may send and read.
///
/// `#[cross_origin]` makes one as a constant; [`Policy::builder`] makes one at run time, by the same rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(crate) parts: PolicyParts,
}

/// What a [`Policy`] is made of: plain data, the same with every feature.
///
/// A policy says *that* a list or a check is asked, by name. An adapter knows how to ask it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyParts {
    /// The origins that are known while compiling.
    pub origins: Origins,
    /// Where the exact ones among them are found, if there are many: see [`cors_rules::table`].
    pub table: &'static [u32],
    /// Those among the origins that `debug_origins` names, as they are written: empty in a build without them.
    pub debug_origins: &'static [&'static str],
    /// The names of the lists of the application's configuration that name more origins.
    pub lists: &'static [&'static str],
    /// The paths of the functions that name more origins at request time, as they are written in the attribute.
    pub checks: &'static [&'static str],
    /// The lints that are allowed, in the lists too.
    pub allow: &'static [&'static str],
    /// Whether cookies, HTTP authentication and client certificates may be used.
    pub credentials: bool,
    /// The request headers that pages may send.
    pub allow_headers: AllowHeaders,
    /// The value of `Access-Control-Expose-Headers`; empty for none.
    pub expose_headers: &'static str,
    /// The value of `Access-Control-Max-Age`, in seconds; empty for none.
    pub max_age: &'static str,
    /// Which requests of other origins are turned away.
    pub enforce: Enforce,
}

/// The origins that a policy names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every origin, by the literal `*`.
    Any,
    /// Those that are listed.
    Listed {
        /// In the order of their lengths, and then of their bytes.
        exact: &'static [&'static str],
        /// Subdomain and port patterns.
        patterns: &'static [Pattern<'static>],
    },
}

/// The request headers that a policy allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowHeaders {
    /// The value of `Access-Control-Allow-Headers`: lower-case names joined by `, `; empty for none.
    Listed(&'static str),
    /// Every name except `authorization`.
    Any,
    /// Every name.
    AnyAndAuthorization,
}

/// Which requests of other pages are turned away before the handler runs, if the policy does not let them.
///
/// Those are requests from origins that the policy does not name; requests that the browser calls cross-site and sends
/// without `Origin`; and under a policy without `credentials` those that carry the user's cookies.
///
/// The browser prevents *reading* in each case; this is about what the handler *does*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "json", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "json", serde(rename_all = "lowercase"))]
pub enum Enforce {
    /// All except GET, HEAD and OPTIONS: those that can change something. Also handshakes for `WebSocket`s.
    #[default]
    Writes,
    /// All of them: images, frames, links and forms of other sites too.
    All,
    /// None: the handler runs, and the browser withholds the response from the page.
    Nothing,
}

/// A unit struct with `#[cross_origin(…)]` on it: a policy that has a name.
///
/// The attribute implements this. `#[cross_origin(policy = path::Name)]` on handlers and modules refers to it. An
/// implementation by hand does no harm: a [`Policy`] is made by the attribute or by [`Policy::builder`] alone, so the rules
/// have seen it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a named policy",
    label = "not a named policy",
    note = "a named policy is a unit struct with `#[cross_origin(…)]` on it"
)]
pub trait NamedPolicy {
    /// The policy.
    const POLICY: &'static Policy;
}

impl PolicyParts {
    /// The parts of a policy that names nobody, the base for struct update.
    pub const EMPTY: PolicyParts = PolicyParts {
        origins: Origins::Listed { exact: &[], patterns: &[] },
        table: &[],
        debug_origins: &[],
        lists: &[],
        checks: &[],
        allow: &[],
        credentials: false,
        allow_headers: AllowHeaders::Listed(""),
        expose_headers: "",
        max_age: "",
        enforce: Enforce::Writes,
    };

    /// Whether no origin can ever be named.
    pub(crate) fn names_nobody(&self) -> bool {
        let constants = matches!(self.origins, Origins::Listed { exact: [], patterns: [] });
        constants && self.lists.is_empty() && self.checks.is_empty()
    }

    /// The origins and patterns, the lists and the checks, as the attribute spells them. `any` is not among them.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        let (exact, patterns) = match &self.origins {
            Origins::Any => (&[][..], &[][..]),
            Origins::Listed { exact, patterns } => (*exact, *patterns),
        };
        let literals = exact.iter().map(ToString::to_string).chain(patterns.iter().map(ToString::to_string));
        let lists = self.lists.iter().map(|name| format!("config({name:?})"));
        literals.chain(lists).chain(self.checks.iter().map(|name| format!("check({name})")))
    }
}

impl Policy {
    /// Makes a policy of its parts. They are not checked: the attribute and [`Policy::builder`] have done that.
    pub(crate) const fn new(parts: PolicyParts) -> Self {
        Policy { parts }
    }
}

/// One line for people: `https://app.example.com with credentials`.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts.origins == Origins::Any {
            f.write_str("any origin")?;
        } else {
            let names: Vec<_> = self.parts.names().collect();
            match names.len() {
                0 => f.write_str("nobody")?,
                1..=3 => f.write_str(&names.join(", "))?,
                more => write!(f, "{} and {} more", names[..2].join(", "), more - 2)?,
            }
        }
        f.write_str(if self.parts.credentials { " with credentials" } else { "" })
    }
}

impl Enforce {
    /// As the attribute spells it: `None` for the default.
    pub(crate) fn spelled(self) -> Option<&'static str> {
        match self {
            Enforce::Writes => None,
            Enforce::All => Some("enforce"),
            Enforce::Nothing => Some("enforce = false"),
        }
    }
}
