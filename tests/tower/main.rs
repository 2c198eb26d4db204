//! The layers of tower, on axum's routers and on plain services.

mod application;
mod layers;
mod methods;
mod places;
mod sources;
mod support;
mod writes;
