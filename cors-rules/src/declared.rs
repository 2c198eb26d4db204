//! A policy as it was written, before any check.

/// One element of a list: the word `any`, or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element<'a> {
    /// The word `any`, without quotes.
    Any,
    /// A text: an origin, a pattern, or a header name.
    Text(&'a str),
}

/// The value of `max_age`, as far as it could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxAge {
    /// A whole number of seconds. A number above `u64` is given as `u64::MAX`.
    Seconds(u64),
    /// A negative number.
    Negative,
    /// Anything else, with the number of seconds that it seems to mean, where one can be read from it.
    NotAnInteger(Option<u64>),
}

/// How much of what was written could not be read. A finding about the gap would be a second error for one mistake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unread {
    /// Everything was read.
    #[default]
    Nothing,
    /// Something was not read, perhaps the origins, or what an `allow` is for.
    Something,
    /// `allow` was not read, so any lint may have been allowed.
    Allow,
}

/// Something in an annotated module that may hold handlers, and that the attribute cannot put the policy on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UnseenItem {
    /// Items that come out of a macro of this name.
    Macro(String),
    /// A handler inside a function.
    HandlerInFunction,
}

/// A policy as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared<'a> {
    /// `origins`; `None` if the argument is missing. `[Element::Any]` is what `origins = any` means.
    pub origins: Option<Vec<Element<'a>>>,
    /// `debug_origins`.
    pub debug_origins: Vec<Element<'a>>,
    /// `credentials`.
    pub credentials: bool,
    /// `enforce`, where it asks for more than writes.
    pub enforce: bool,
    /// `allow_headers`.
    pub allow_headers: Vec<Element<'a>>,
    /// `expose_headers`.
    pub expose_headers: Vec<Element<'a>>,
    /// `max_age`.
    pub max_age: Option<MaxAge>,
    /// `allow(…)`: the names as written, in either spelling (`trailing_slash` or `trailing-slash`).
    pub allow: Vec<&'a str>,
    /// What the attribute cannot see into, where the policy is that of a module.
    pub unseen_items: Vec<UnseenItem>,
    /// How much could not be read. The unreadable parts have been reported already.
    pub unread: Unread,
}
