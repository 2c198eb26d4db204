//! What a rule is: its name, the kind of mistake, and why it exists.

/// Which kind of mistake a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The text is not in the grammar: of an origin, of a header name, of a number, or of the attribute. To guess what is
    /// meant would be to guess about security.
    Invalid,
    /// The text is in the grammar, but by the standards no browser sends or honours it.
    Forbidden,
    /// It is possible, and it trusts more than it seems to.
    Dangerous,
    /// It has no effect beside the rest of the policy, or not the effect that it seems to have.
    Redundant,
}

/// Whether a rule can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Always an error: there is no honest use, or a safer spelling for every honest use.
    Error,
    /// An error until `allow(…)` names it.
    Lint,
}

/// One rule that a policy can break.
///
/// Two rules are equal when their names are.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name in `kebab-case`, as the documentation spells it.
    pub name: &'static str,
    /// Which kind of mistake the rule names.
    pub kind: Kind,
    /// Whether the rule can be allowed.
    pub level: Level,
    /// Why the rule exists, in one or two sentences.
    pub why: &'static str,
    /// The section of a standard, or other public source, that the rule comes from: a title and an address.
    pub source: (&'static str, &'static str),
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

impl Rule {
    /// Whether `allow(…)` can silence the rule.
    #[must_use]
    pub const fn is_allowable(&self) -> bool {
        matches!(self.level, Level::Lint)
    }

    /// The name as `allow(…)` spells it, in `snake_case`.
    #[must_use]
    pub fn allow_name(&self) -> String {
        self.name.replace('-', "_")
    }
}
