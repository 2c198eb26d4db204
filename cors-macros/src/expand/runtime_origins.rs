//! The origins that are known at run time only: lists of the configuration, and checks.

use quote::ToTokens;
use syn::Path;

use crate::parse::arguments::Arguments;
use crate::parse::value::{ElementKind, ListElement};

/// What `origins` names beside texts.
pub(super) struct RuntimeOrigins<'a> {
    /// The names of lists.
    pub(super) lists: Vec<&'a str>,
    /// The paths of functions.
    pub(super) checks: Vec<&'a Path>,
}

impl<'a> RuntimeOrigins<'a> {
    pub(super) fn of(arguments: &'a Arguments) -> Self {
        let elements: &[ListElement] = arguments.origins.as_ref().map_or(&[], |list| &list.elements);
        let (mut lists, mut checks) = (Vec::new(), Vec::new());
        for element in elements {
            match &element.kind {
                ElementKind::Config(name) => lists.push(&**name),
                ElementKind::Check(path) => checks.push(path),
                ElementKind::Any | ElementKind::Text(_) => {}
            }
        }
        RuntimeOrigins { lists, checks }
    }
}

/// A path as it is written.
pub(super) fn path_name(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
