//! The sources in `expansions/` compile as they stand there, but for the one that shows the errors.
#![allow(dead_code, unreachable_pub, clippy::pedantic)]

#[path = "../expansions/credentials.rs"]
mod credentials;
#[path = "../expansions/debug_origins.rs"]
mod debug_origins;
#[path = "../expansions/guards.rs"]
mod guards;
#[path = "../expansions/lifetimes.rs"]
mod lifetimes;
#[path = "../expansions/plain.rs"]
mod plain;

#[test]
fn they_can_be_mounted() {
    assert_eq!(rocket::routes![credentials::clear].len(), 1);
}
