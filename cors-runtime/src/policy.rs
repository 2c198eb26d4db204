//! A policy in the form that requests are decided by: nothing in it needs parsing.

use std::fmt;

use cors_rules::{Checked, Compiled, Declared, ExposeHeaders, Finding, Pattern, Scope, check};

/// Who may call a resource from a browser, and what they may send and read.
///
/// `#[cross_origin]` makes one as a constant; [`Policy::new`] makes one at run time, from the same rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    #[doc(hidden)]
    pub origins: Origins,
    /// The names of the lists of the application's configuration that name further origins.
    #[doc(hidden)]
    pub lists: &'static [&'static str],
    /// How the lists are read, if there are any.
    #[cfg(feature = "rocket")]
    #[doc(hidden)]
    pub read_list: Option<crate::rocket::ReadList>,
    /// The lints that are allowed, in the lists too.
    #[doc(hidden)]
    pub allow: &'static [&'static str],
    /// The functions that are asked at request time.
    #[cfg(feature = "rocket")]
    #[doc(hidden)]
    pub checks: &'static [crate::rocket::Check],
    #[doc(hidden)]
    pub credentials: bool,
    #[doc(hidden)]
    pub allow_headers: AllowHeaders,
    /// The value of `Access-Control-Expose-Headers`; empty for none.
    #[doc(hidden)]
    pub expose_headers: &'static str,
    /// The value of `Access-Control-Max-Age`, in seconds; empty for none.
    #[doc(hidden)]
    pub max_age: &'static str,
    #[doc(hidden)]
    pub enforce: Enforce,
}

/// The origins that a policy names.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Every origin, by the literal `*`.
    Any,
    /// Those that are listed.
    Listed {
        /// Sorted by length, then by bytes, so that a binary search seldom has to look at the bytes.
        exact: &'static [&'static str],
        /// Subdomain and port patterns.
        patterns: &'static [Pattern<'static>],
    },
}

/// The request headers that a policy allows.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowHeaders {
    /// The value of `Access-Control-Allow-Headers`: lower-case names joined by `, `; empty for none.
    Listed(&'static str),
    /// Every name but `authorization`.
    Any,
    /// Every name.
    AnyAndAuthorization,
}

/// Which requests from origins that the policy does not name are turned away before the handler runs.
///
/// Reading is prevented by the browser in each case; this is about what the handler *does*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Enforce {
    /// All but GET, HEAD and OPTIONS: those that can change something.
    #[default]
    Writes,
    /// All of them.
    All,
    /// None: the handler runs, and the browser withholds the response from the page.
    Nothing,
}

/// A unit struct with `#[cross_origin(…)]` on it: a policy that has a name.
///
/// The attribute implements this. `#[cross_origin(policy = path::Name)]` on handlers and modules refers to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no named policy",
    label = "no named policy",
    note = "a named policy is a unit struct with `#[cross_origin(…)]` on it"
)]
pub trait NamedPolicy {
    /// The policy.
    const POLICY: &'static Policy;
}

impl Policy {
    /// The policy that shares with nobody and says nothing: what the others are made from.
    #[doc(hidden)]
    pub const NOTHING: Policy = Policy {
        origins: Origins::Listed { exact: &[], patterns: &[] },
        lists: &[],
        #[cfg(feature = "rocket")]
        read_list: None,
        allow: &[],
        #[cfg(feature = "rocket")]
        checks: &[],
        credentials: false,
        allow_headers: AllowHeaders::Listed(""),
        expose_headers: "",
        max_age: "",
        enforce: Enforce::Writes,
    };

    /// Checks a policy by the same rules as the `cross_origin` attribute, and makes it ready for requests. Its
    /// `debug_origins` count, in release builds too: who makes a policy at run time can leave them out.
    ///
    /// Like a constant of the attribute, the policy stays: its memory (some hundred bytes) is never given back.
    ///
    /// # Errors
    /// Every finding that stands against the policy.
    ///
    /// ```
    /// use cors_runtime::{Declared, Element, Enforce, Policy};
    ///
    /// let mut declared = Declared { origins: Some(vec![Element::Text("https://app.example.com")]), ..Declared::default() };
    /// assert!(Policy::new(&declared, Enforce::Writes).is_ok());
    ///
    /// declared.origins = Some(vec![Element::Text("https://app.example.com/")]);
    /// let findings = Policy::new(&declared, Enforce::Writes).unwrap_err();
    /// assert_eq!(findings[0].rule.name, "trailing-slash");
    /// ```
    pub fn new(declared: &Declared<'_>, enforce: Enforce) -> Result<Self, Vec<Finding>> {
        let Checked { findings, policy } = check(declared, Scope::default());
        if !findings.is_empty() {
            return Err(findings);
        }
        let Compiled { debug, credentials, allow_headers, expose_headers, max_age, .. } = policy;
        let leak = |text: String| -> &'static str { text.leak() };
        let join = |names: Vec<String>| leak(names.join(", "));
        let text = |text: &str| leak(text.to_owned());
        let pattern = |Pattern { scheme, host, subdomains, port }: Pattern<'_>| -> Pattern<'static> {
            Pattern { scheme: text(scheme), host: text(host), subdomains, port }
        };
        Ok(Policy {
            origins: match debug {
                cors_rules::Origins::Any => Origins::Any,
                cors_rules::Origins::Listed { exact, patterns } => Origins::Listed {
                    exact: exact.into_iter().map(text).collect::<Vec<_>>().leak(),
                    patterns: patterns.into_iter().map(pattern).collect::<Vec<_>>().leak(),
                },
            },
            credentials,
            allow_headers: match allow_headers {
                cors_rules::AllowHeaders::Any => AllowHeaders::Any,
                cors_rules::AllowHeaders::AnyAndAuthorization => AllowHeaders::AnyAndAuthorization,
                cors_rules::AllowHeaders::Listed(names) => AllowHeaders::Listed(join(names)),
            },
            expose_headers: match expose_headers {
                ExposeHeaders::Listed(names) => join(names),
                ExposeHeaders::Any => "*",
            },
            max_age: max_age.map_or("", |seconds| leak(seconds.to_string())),
            enforce,
            ..Policy::NOTHING
        })
    }

    /// Whether a request of this method from an origin that the policy does not name is turned away
    /// before the handler runs.
    #[must_use]
    pub fn enforces(&self, method: &str) -> bool {
        match self.enforce {
            Enforce::Writes => !matches!(method, "GET" | "HEAD" | "OPTIONS"),
            Enforce::All => true,
            Enforce::Nothing => false,
        }
    }
}

/// One line for people: `https://app.example.com with credentials`.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origins {
            Origins::Any => f.write_str("any origin")?,
            Origins::Listed { exact, patterns } => {
                let names = exact.iter().map(ToString::to_string).chain(patterns.iter().map(ToString::to_string));
                let lists = self.lists.iter().map(|name| format!("config({name:?})"));
                let names = names.chain(lists);
                #[cfg(feature = "rocket")]
                let names = names.chain(self.checks.iter().map(|check| format!("check({})", check.name)));
                let names: Vec<_> = names.collect();
                match names.len() {
                    0 => f.write_str("nobody")?,
                    1..=3 => f.write_str(&names.join(", "))?,
                    more => write!(f, "{} and {} more", names[..2].join(", "), more - 2)?,
                }
            }
        }
        f.write_str(if self.credentials { " with credentials" } else { "" })
    }
}
