// The pages of docs/ that people need who have only the crate, for rustdoc alone.
//
// The test `pages` writes the files from those in docs/, whose examples are doc tests of the package `cors-tests`.
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

#[doc = include_str!("guide/axum.md")]
pub mod axum {}

#[doc = include_str!("guide/without_rocket.md")]
pub mod without_rocket {}
