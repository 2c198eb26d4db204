//! `cargo cors probe` against a real nginx in front of an application, with the mistakes that such configurations have.

mod application;
mod command;
mod playground;
mod proxies;
mod site;
