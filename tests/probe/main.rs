//! `cargo cors probe` against a real nginx in front of an application, with the mistakes that such configurations have.

mod application;
mod axum;
mod command;
mod layers;
mod playground;
mod proxies;
mod site;
