//! The pages in `docs/migration`, so that their examples are tested.

#[doc = include_str!("../../docs/migration/README.md")]
mod index {}

#[doc = include_str!("../../docs/migration/spring.md")]
mod spring {}

#[doc = include_str!("../../docs/migration/flask-cors.md")]
mod flask_cors {}
