//! The origins that are known at run time only: lists of the configuration, and checks.

use crate::parse::arguments::Arguments;
use crate::parse::value::{Check, ElementKind, ListElement};

/// What `origins` names beside texts.
pub(super) struct RuntimeOrigins<'a> {
    /// The names of lists.
    pub(super) lists: Vec<&'a str>,
    /// Functions.
    pub(super) checks: Vec<&'a Check>,
}

impl<'a> RuntimeOrigins<'a> {
    pub(super) fn of(arguments: &'a Arguments) -> Self {
        let elements: &[ListElement] = arguments.origins.as_ref().map_or(&[], |list| &list.elements);
        let (mut lists, mut checks) = (Vec::new(), Vec::new());
        for element in elements {
            match &element.kind {
                ElementKind::Config(name) => lists.push(&**name),
                ElementKind::Check(check) => checks.push(check),
                ElementKind::Any | ElementKind::Text(_) => {}
            }
        }
        RuntimeOrigins { lists, checks }
    }
}
