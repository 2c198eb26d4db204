//! Calls functions of the application, which may panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the function returns. `None` if it panics.
pub(crate) fn caught<T>(function: impl FnOnce() -> T) -> Option<T> {
    let payload = match catch_unwind(AssertUnwindSafe(function)) {
        Ok(returned) => return Some(returned),
        Err(payload) => payload,
    };
    // To drop what it panicked with may panic too, and so on: what that panics with is never dropped.
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
    None
}
