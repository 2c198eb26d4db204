//! What developers learn about their application: the report of its policies, and the explanation of a request.
//!
//! `logs.rs` and `events.rs` are separate tests: a process has one logger and one subscriber.

mod diff;
mod explain;
mod handed_on;
mod report;
mod several;
mod testing;
