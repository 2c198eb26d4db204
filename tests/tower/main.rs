//! The layers of tower, on axum's routers and on plain services.

mod application;
mod explain;
mod layers;
mod methods;
mod report;
mod sources;
mod support;
mod testing;
mod writes;
