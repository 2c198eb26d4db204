//! What can be written in the attribute and below it, and what is said of the rest: `grammar.txt`. An error begins with what
//! the compiler underlines, if that is not the attribute as a whole.

use super::cases;
use super::outputs::errors;

#[test]
fn each_case_has_its_errors() {
    cases::each_comes_out_as_written("grammar.txt", |outputs| {
        let errors = outputs.into_iter().flat_map(errors);
        let lines = errors.flat_map(|error| {
            let at = error.at.map(|at| format!("`{}`:", at.split_whitespace().collect::<Vec<_>>().join(" ")));
            at.into_iter().chain(error.text.lines().map(ToOwned::to_owned)).collect::<Vec<_>>()
        });
        lines.collect()
    });
}
