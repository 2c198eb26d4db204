//! A policy in the form that requests are decided by: nothing in it needs parsing.

use crate::pattern::Pattern;
use crate::table::{OF_CONSTANTS, table};

/// A policy ready for use, as [`check`](crate::check()) makes it. It borrows the texts of the policy as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled<'a> {
    /// The origins of a release build: `origins`.
    pub release: Origins<'a>,
    /// The origins of a debug build: `origins` and `debug_origins` together.
    pub debug: Origins<'a>,
    /// `credentials`.
    pub credentials: bool,
    /// `allow_headers`.
    pub allow_headers: AllowHeaders,
    /// `expose_headers`.
    pub expose_headers: ExposeHeaders,
    /// `max_age`, in seconds.
    pub max_age: Option<u32>,
}

/// The origins of a policy, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins<'a> {
    /// Every origin.
    Any,
    /// Those that are listed.
    Listed {
        /// Exact origins, each once, in the order of their lengths and then of their bytes.
        exact: Vec<&'a str>,
        /// Patterns, each once, as ordered.
        patterns: Vec<Pattern<'a>>,
    },
}

impl Origins<'_> {
    /// Nobody.
    pub(crate) const fn none() -> Self {
        Origins::Listed { exact: Vec::new(), patterns: Vec::new() }
    }

    /// The [table](crate::table) of the exact origins, for a constant: with the seed [`OF_CONSTANTS`].
    #[must_use]
    pub fn table(&self) -> Vec<u32> {
        match self {
            Origins::Any => Vec::new(),
            Origins::Listed { exact, .. } => table(exact, OF_CONSTANTS),
        }
    }
}

/// The request headers that a policy allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowHeaders {
    /// Those that are listed: in lower case, each once, as ordered.
    Listed(Vec<String>),
    /// Every name except `authorization`.
    Any,
    /// Every name.
    AnyAndAuthorization,
}

/// The response headers that a policy lets scripts read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExposeHeaders {
    /// Those that are listed: in lower case, each once, as ordered.
    Listed(Vec<String>),
    /// Every name.
    Any,
}
