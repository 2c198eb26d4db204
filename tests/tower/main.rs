//! The layers of tower, on axum's routers and on plain services.

mod application;
mod layers;
mod methods;
mod sources;
mod support;
mod testing;
mod writes;
