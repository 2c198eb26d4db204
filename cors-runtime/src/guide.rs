//! The guide: what most applications need, and below it a page for each further question.
//!
// The files are written by the test `pages` from those in docs/, and their examples are tested there.
#![doc = include_str!("guide/guide.md")]

#[doc = include_str!("guide/arguments.md")]
pub mod arguments {}

#[doc = include_str!("guide/lists.md")]
pub mod lists {}

#[doc = include_str!("guide/requests.md")]
pub mod requests {}

#[doc = include_str!("guide/launch.md")]
pub mod launch {}

#[doc = include_str!("guide/protect.md")]
pub mod protect {}

#[doc = include_str!("guide/troubleshooting.md")]
pub mod troubleshooting {}

#[doc = include_str!("guide/limits.md")]
pub mod limits {}

#[doc = include_str!("guide/rules.md")]
pub mod rules {}

#[doc = include_str!("guide/without_rocket.md")]
pub mod without_rocket {}
