//! Rows that are marked `[either]`: other libraries answer them one way or the other, and both are safe. Here stands
//! which answer this library gives and why, so that it does not change unseen.

use crate::row::Row;

/// The answer that this library gives.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    /// The one of the row.
    Row,
    /// The other one, for this reason.
    Other(&'static str),
}

const SIDES: &[(&str, Side)] = &[
    // The part of a host that a pattern leaves open is made of letters, digits, `-` and `_`: no browser sends a comma.
    ("r177", Side::Row),
    // A safelisted method passes every preflight that is shared at all. So one that no handler serves is not shared.
    ("r363", Side::Row),
    ("r364", Side::Row),
    // Browsers sort the names and other clients need not.
    ("r401", Side::Row),
    ("r408", Side::Other("a name that is allowed may come many times: the work is linear and the answer short")),
    ("r409", Side::Other("empty elements of a list are ignored (RFC 9110, section 5.6.1.2)")),
    // The page that may read the answers of a handler may read that it failed.
    ("r434", Side::Row),
];

/// The side that has been chosen for a row. One that is not in the list is tried, and does not count.
pub(crate) fn side_of(row: &Row) -> Option<Side> {
    let chosen = SIDES.iter().find(|(id, _)| row.either && *id == row.id);
    chosen.map(|(_, side)| *side)
}
