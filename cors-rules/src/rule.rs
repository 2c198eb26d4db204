//! The registry of rules: their names, how firm they are, and why they exist.

/// How firm a rule is, and which kind of mistake it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// No browser ever sends or honours the value, so it is dead. No opt-out.
    Never,
    /// The value is not in the grammar, and to guess would be to guess about security. No opt-out.
    Malformed,
    /// The value repeats or defeats another part of the policy; the fix is to delete text. No opt-out.
    Contradiction,
    /// Possible, but a strictly safer spelling exists for every honest use. No opt-out.
    Unsafe,
    /// Dangerous, but possible: an error until `allow(…)` names it.
    AllowableUnsafe,
    /// Doubtful, but possible: an error until `allow(…)` names it.
    AllowableDubious,
}

/// One rule that a policy can break.
///
/// Two rules are equal when their names are.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name in `kebab-case`, as the documentation spells it.
    pub name: &'static str,
    /// How firm the rule is.
    pub class: Class,
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
        matches!(self.class, Class::AllowableUnsafe | Class::AllowableDubious)
    }

    /// The name as `allow(…)` spells it, in `snake_case`.
    #[must_use]
    pub fn allow_name(&self) -> String {
        self.name.replace('-', "_")
    }
}
