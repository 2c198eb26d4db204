//! What an editor shows for an argument of the attribute: its row of the table in README.md.
//!
//! The attribute's output names these by the words that were written. Nothing else uses them.

/// The origins of the pages that may call the handler.
///
/// Type: list of origins, or `any`. There is no default: every policy needs it.
pub mod origins {}

/// Additional origins, only if `cfg(debug_assertions)` holds.
///
/// Type: list of origins, or `any`. Default: `[]`.
pub mod debug_origins {}

/// Cookies, HTTP authentication and client certificates may be used.
///
/// Type: `bool`. Default: `false`.
pub mod credentials {}

/// Request headers that pages may send, in addition to those that browsers always let pass.
///
/// Type: list of names, `any`, or `[any, "authorization"]`. Default: `[]`.
pub mod allow_headers {}

/// Response headers that pages may read, in addition to the
/// [seven](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name) that they can always read.
///
/// Type: list of names, or `any`. Default: `[]`.
pub mod expose_headers {}

/// For how many seconds a browser may reuse the answer to a preflight.
///
/// Type: whole number, 0 to 86400. Default: not sent: browsers use 5.
pub mod max_age {}

/// Which requests from origins that the policy does not allow are rejected with 403 before the handler runs. Unset:
/// all except GET, HEAD and OPTIONS. `enforce`: those too. `enforce = false`: none.
///
/// Type: `bool`. Default: unset.
pub mod enforce {}

/// Accepts what the named lints find.
///
/// Type: names of lints. Default: none.
pub mod allow {}

/// Uses the policy of that struct, which says all of the above.
///
/// Type: path of a unit struct. Default: none.
pub mod policy {}

/// Inside an annotated module: adds to the module's policy instead of replacing it.
///
/// Type: no value. Default: not set.
pub mod inherit {}

/// Shares with nobody: only the server's own pages may read the responses and write. It can be combined with
/// `enforce` and `allow` only.
///
/// Type: no value. Default: not set.
pub mod none {}
