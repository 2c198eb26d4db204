//! probe
#[doc = include_str!("../../docs/migration/spring.md")]
mod spring {}
