//! What is wrong with lists of origins that are known at run time only.

use std::fmt;

/// Everything that is wrong with the lists of a configuration, at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListErrors {
    errors: Vec<ListError>,
}

/// One thing that is wrong with a list of origins in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListError {
    /// The key of the list: `cors.name` in a configuration of Rocket, and else the name.
    pub key: String,
    /// What is wrong, in the words that the compiler uses for a literal; or in the words of figment.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The name of the rule that is broken, if it is one.
    pub rule: Option<&'static str>,
    /// The profile and the source that figment reports: `profile debug, Rocket.toml TOML file`. Empty if the list was given by
    /// the application.
    pub source: String,
    /// The handlers, or the named policies, that name the list.
    pub used_by: Vec<String>,
}

impl ListErrors {
    /// The errors, in the order of the lists' names and of their elements.
    pub fn iter(&self) -> std::slice::Iter<'_, ListError> {
        self.errors.iter()
    }

    pub(crate) fn of(errors: Vec<ListError>) -> Self {
        ListErrors { errors }
    }

    /// Adds an error that the handler or the named policy `by` meets. Policies that a list breaks alike share an entry.
    pub(crate) fn add(&mut self, mut error: ListError, by: &str) {
        let is_same =
            |known: &ListError| known.key == error.key && known.message == error.message && known.help == error.help;
        match self.errors.iter_mut().find(|known| is_same(known)) {
            Some(known) if known.used_by.iter().any(|known| known == by) => {}
            Some(known) => known.used_by.push(by.to_owned()),
            None => {
                error.used_by.push(by.to_owned());
                self.errors.push(error);
            }
        }
    }

    /// This value, if there are no errors.
    ///
    /// # Errors
    /// There are some: by the name of their list.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Self> {
        self.errors.sort_by(|a, b| a.key.cmp(&b.key));
        if self.errors.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl<'a> IntoIterator for &'a ListErrors {
    type Item = &'a ListError;
    type IntoIter = std::slice::Iter<'a, ListError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.iter()
    }
}

impl fmt::Display for ListErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; help: {}", self.key, self.message, self.help)?;
        if let Some(rule) = self.rule {
            write!(f, "; rule `{rule}`")?;
        }
        if !self.source.is_empty() {
            write!(f, "; {}", self.source)?;
        }
        if self.used_by.is_empty() { Ok(()) } else { write!(f, "; used by {}", self.used_by.join(", ")) }
    }
}

impl std::error::Error for ListErrors {}
impl std::error::Error for ListError {}

#[cfg(test)]
mod tests {
    use super::{ListError, ListErrors};

    fn error(key: &str, message: &str, help: &str) -> ListError {
        ListError {
            key: key.to_owned(),
            message: message.to_owned(),
            help: help.to_owned(),
            rule: None,
            source: String::new(),
            used_by: Vec::new(),
        }
    }

    #[test]
    fn policies_that_a_list_breaks_alike_share_an_error() {
        let mut errors = ListErrors::of(Vec::new());
        for (key, message, help, by) in [
            ("cors.b", "wrong", "write it", "f"),
            ("cors.b", "wrong", "write it", "g"),
            ("cors.b", "wrong", "write it", "f"),
            ("cors.b", "odd", "write it", "f"),
            // One of them may not write what another one may.
            ("cors.b", "odd", "remove it", "g"),
            ("cors.a", "wrong", "write it", "h"),
        ] {
            errors.add(error(key, message, help), by);
        }
        let errors = errors.or(()).expect_err("four");
        let all: Vec<_> =
            errors.iter().map(|error| (&*error.key, &*error.message, &*error.help, error.used_by.join(" "))).collect();
        let expected = [
            ("cors.a", "wrong", "write it", "h"),
            ("cors.b", "wrong", "write it", "f g"),
            ("cors.b", "odd", "write it", "f"),
            ("cors.b", "odd", "remove it", "g"),
        ];
        assert_eq!(all, expected.map(|(key, message, help, by)| (key, message, help, by.to_owned())));
        assert_eq!((&errors).into_iter().count(), 4);
        let text = errors.to_string();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.starts_with("cors.a: wrong; help: write it; used by h\ncors.b: wrong"), "{text}");
    }

    #[test]
    fn errors_that_are_there_already_are_errors() {
        assert_eq!(ListErrors::of(vec![error("cors.a", "wrong", "write it")]).iter().count(), 1);
        assert!(ListErrors::of(Vec::new()).or(()).is_ok());
    }
}
