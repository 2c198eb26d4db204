//! Policies that are made at run time, by the rules of the attribute.

use std::fmt;
use std::time::Duration;

use cors_rules::{Checked, Compiled, Declared, Element, ExposeHeaders, Finding, MaxAge, Pattern, Scope, check};

use crate::policy::{AllowHeaders, Enforce, Origins, Policy, PolicyParts};

/// Makes a [`Policy`] at run time: see [`Policy::builder`].
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until `leak` makes the policy"]
pub struct PolicyBuilder<'a> {
    declared: Declared<'a>,
    enforce: Enforce,
}

/// Everything that the rules find in a policy, at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Policy {
    /// Starts a policy that is made at run time. Each method is called like the argument of the attribute that it
    /// stands for, and is checked by the same rules.
    ///
    /// ```
    /// use cors_runtime::Policy;
    ///
    /// let policy = Policy::builder().origins(["https://app.example.com"]).credentials(true).leak();
    /// assert_eq!(policy.unwrap().to_string(), "https://app.example.com with credentials");
    ///
    /// let findings = Policy::builder().origins(["https://app.example.com/"]).leak().unwrap_err();
    /// assert_eq!(findings.iter().next().unwrap().rule.name, "trailing-slash");
    /// ```
    pub fn builder<'a>() -> PolicyBuilder<'a> {
        PolicyBuilder::default()
    }
}

impl<'a> PolicyBuilder<'a> {
    /// Names these origins and patterns, in addition to those that are named already.
    pub fn origins(mut self, origins: impl IntoIterator<Item = &'a str>) -> Self {
        let named = self.declared.origins.get_or_insert_default();
        named.extend(origins.into_iter().map(Element::Text));
        self
    }

    /// Names every origin: `origins = any`.
    pub fn any_origin(mut self) -> Self {
        self.declared.origins.get_or_insert_default().push(Element::Any);
        self
    }

    /// Whether cookies, HTTP authentication and client certificates may be used. Without this call they may not.
    pub fn credentials(mut self, credentials: bool) -> Self {
        self.declared.credentials = credentials;
        self
    }

    /// Allows these request headers, in addition to those that are allowed already.
    pub fn allow_headers(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.declared.allow_headers.extend(names.into_iter().map(Element::Text));
        self
    }

    /// Allows every request header except `authorization`, which has to be named: `allow_headers = any`.
    pub fn allow_any_header(mut self) -> Self {
        self.declared.allow_headers.push(Element::Any);
        self
    }

    /// Lets scripts read these response headers, in addition to those that they may read already.
    pub fn expose_headers(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.declared.expose_headers.extend(names.into_iter().map(Element::Text));
        self
    }

    /// Lets scripts read every response header: `expose_headers = any`.
    pub fn expose_any_header(mut self) -> Self {
        self.declared.expose_headers.push(Element::Any);
        self
    }

    /// How long a browser may remember a preflight: at most a day. Parts of a second are dropped.
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.declared.max_age = Some(MaxAge::Seconds(max_age.as_secs()));
        self
    }

    /// Which requests of other origins are turned away. Without this call: writes. [`Enforce::All`] has little
    /// to turn away beside [`any_origin`](Self::any_origin), so that needs an [`allow`](Self::allow).
    ///
    /// ```
    /// use cors_runtime::{Enforce, Policy};
    ///
    /// let findings = Policy::builder().any_origin().enforce(Enforce::All).leak().unwrap_err();
    /// assert_eq!(findings.iter().next().unwrap().rule.name, "enforce-with-any");
    /// ```
    pub fn enforce(mut self, enforce: Enforce) -> Self {
        self.enforce = enforce;
        self
    }

    /// Accepts what these lints find. Names are spelled as in the attribute's `allow(…)`.
    pub fn allow(mut self, lints: impl IntoIterator<Item = &'a str>) -> Self {
        self.declared.allow.extend(lints);
        self
    }

    /// Checks the policy and makes it. Like a constant, it stays: its memory (a few hundred bytes, and the texts) is
    /// never given back, so make a policy once and not for each request.
    ///
    /// # Errors
    /// Everything that the rules find in the policy.
    pub fn leak(self) -> Result<Policy, Findings> {
        let PolicyBuilder { declared, enforce } = &self;
        let declared = Declared { enforce: *enforce == Enforce::All, ..declared.clone() };
        let Checked { findings, policy } = check(&declared, Scope::default());
        if !findings.is_empty() {
            return Err(Findings(findings));
        }
        let Compiled { release, credentials, allow_headers, expose_headers, max_age, .. } = policy;
        let leak = |text: String| -> &'static str { text.leak() };
        let copy = |text: &str| leak(text.to_owned());
        let join = |names: Vec<String>| leak(names.join(", "));
        let pattern = |Pattern { scheme, host, subdomains, port }: Pattern<'_>| -> Pattern<'static> {
            Pattern { scheme: copy(scheme), host: copy(host), subdomains, port }
        };
        Ok(Policy::new(PolicyParts {
            table: release.table().leak(),
            origins: match release {
                cors_rules::Origins::Any => Origins::Any,
                cors_rules::Origins::Listed { exact, patterns } => Origins::Listed {
                    exact: exact.into_iter().map(copy).collect::<Vec<_>>().leak(),
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
                ExposeHeaders::Any => "*",
                ExposeHeaders::Listed(names) => join(names),
            },
            max_age: max_age.map_or("", |seconds| leak(seconds.to_string())),
            enforce: *enforce,
            ..PolicyParts::EMPTY
        }))
    }
}

impl Findings {
    /// The findings, in the order of the arguments.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// One line for each finding: what is wrong, and what to write instead.
impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, Finding { rule, message, help, .. }) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{message}; help: {help}; rule `{}`", rule.name)?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}
