//! Every rule, once: one constant a rule, and the whole list in the order of the documentation.

use crate::rule::Rule;

/// Writes down rules, and lists them in the order given.
macro_rules! rules {
    ($( $id:ident $name:literal $kind:ident $level:ident { $why:literal } $title:literal @ $url:literal )*) => {
        $(
            #[doc = $why]
            pub static $id: Rule = Rule {
                name: $name,
                kind: Kind::$kind,
                level: Level::$level,
                why: $why,
                source: ($title, $url),
            };
        )*
        pub(super) const LIST: &[&Rule] = &[$(&$id),*];
    };
}

mod attribute;
mod headers;
mod origins;

pub use attribute::*;
pub use headers::*;
pub use origins::*;

const GROUPS: [&[&Rule]; 3] = [origins::LIST, headers::LIST, attribute::LIST];

const COUNT: usize = GROUPS[0].len() + GROUPS[1].len() + GROUPS[2].len();

static EVERY: [&Rule; COUNT] = {
    let mut every = [GROUPS[0][0]; COUNT];
    let (mut i, mut group, mut rule) = (0, 0, 0);
    while i < COUNT {
        if rule == GROUPS[group].len() {
            (group, rule) = (group + 1, 0);
        } else {
            every[i] = GROUPS[group][rule];
            (i, rule) = (i + 1, rule + 1);
        }
    }
    every
};

/// All rules, in the order of the documentation.
pub static ALL: &[&Rule] = &EVERY;

/// Whether the rule is about origins, so that a list of origins can break it.
pub(crate) fn is_about_origins(rule: &Rule) -> bool {
    origins::LIST.contains(&rule)
}

/// The rule of that name, in either spelling: `trailing-slash` or `trailing_slash`.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| same_name(rule.name, name))
}

/// Whether `written` spells the rule name `name`, in `kebab-case` or in `snake_case`.
pub(crate) fn same_name(name: &str, written: &str) -> bool {
    let snake = || name.bytes().map(|byte| if byte == b'-' { b'_' } else { byte });
    name.len() == written.len() && (name == written || snake().eq(written.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_distinct_names() {
        assert_eq!(ALL.len(), 86);
        assert_eq!(ALL.iter().filter(|rule| rule.is_allowable()).count(), 22);
        for (i, rule) in ALL.iter().enumerate() {
            assert!(rule.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            assert!(ALL[..i].iter().all(|other| other.name != rule.name), "{}", rule.name);
            assert_eq!(by_name(rule.name), Some(*rule));
            assert_eq!(by_name(&rule.allow_name()), Some(*rule));
            assert!(rule.why.ends_with('.') && rule.source.1.starts_with("https://"), "{}", rule.name);
        }
        assert_eq!(by_name("no_such-rule"), None);
        assert_eq!(by_name("trailing_slash-"), None);
    }
}
