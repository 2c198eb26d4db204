//! What a report lacks: an empty answer would look like a good one.

use std::collections::BTreeSet;

use cors_runtime::Report;

/// Where a report is from.
pub(crate) enum Source<'a> {
    /// A file, by its path as it is shown.
    File(&'a str),
    Application,
}

/// What is said about an application without routes.
pub(crate) fn routes(report: &Report) -> &'static str {
    let is_empty = report.shared.is_empty() && report.unshared.is_empty();
    if is_empty { "no routes are mounted, and no layers are named\n" } else { "" }
}

/// What is said if a difference leaves out lists that policies name, and what to type; `wanted` is false if the command was
/// told to leave them out.
pub(crate) fn lists(reports: [(&Report, &Source<'_>); 2], wanted: bool) -> Option<String> {
    let of_routes = |report: &Report| report.shared.iter().map(|route| route.policy.lists.clone()).collect::<Vec<_>>();
    let of_errors = |report: &Report| report.fallbacks.iter().map(|one| one.policy.lists.clone()).collect::<Vec<_>>();
    let names = reports.iter().flat_map(|(report, _)| [of_routes(report), of_errors(report)]).flatten().flatten();
    let names: BTreeSet<_> = names.map(|name| format!("config({name:?})")).collect();
    let mut help = Vec::from_iter((!wanted).then(|| "leave out `--without-lists`".to_owned()));
    help.extend(reports.iter().filter(|(report, _)| report.lists.is_none()).filter_map(|(_, from)| match from {
        Source::File(path) => Some(format!("save {path} again by `cargo cors report --json > {path}`")),
        Source::Application => None,
    }));
    // Both may be the same file.
    help.dedup();
    let names = Vec::from_iter(names).join(", ");
    let is_complete = help.is_empty() || names.is_empty();
    (!is_complete).then(|| format!("what is in {names} was not compared: {}", help.join(", and ")))
}

/// What is said if `debug_origins = any` stands in the place of the origins of a release build, which a report of a debug build
/// does not have.
pub(crate) fn origins(reports: [&Report; 2]) -> Option<String> {
    let hidden = |report: &Report| {
        let routes = report.shared.iter().map(|one| (format!("{} {}", one.method, one.path), &one.policy));
        let errors = report.fallbacks.iter().map(|one| (format!("errors below {}", one.base), &one.policy));
        let all = routes.chain(errors).filter(|(_, policy)| policy.debug_origins.iter().any(|origin| origin == "any"));
        all.map(|(name, _)| name).collect::<Vec<_>>()
    };
    let names: BTreeSet<_> = reports.into_iter().flat_map(hidden).collect();
    let names = Vec::from_iter(names).join(", ");
    (!names.is_empty()).then(|| {
        format!(
            "`origins` of {names} was not compared, since `debug_origins = any` stands in its place: compare release builds \
             too, with `--release --features cors-runtime/cargo-cors`"
        )
    })
}
