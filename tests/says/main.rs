//! What developers are told about their application: the report of its policies, and what is explained about a request.
//!
//! `logs.rs` and `events.rs` are separate tests: a process has one logger and one subscriber.

mod explain;
mod report;
