//! Starts the application of axum that the tests of `cargo cors probe` ask. The tests serve it themselves.

mod layers;

fn main() {
    let own_origins = std::env::var("OWN_ORIGINS").unwrap_or_default();
    let own_origins: Vec<_> = own_origins.split(' ').filter(|origin| !origin.is_empty()).collect();
    let layers = layers::Layers::new(&own_origins);
    layers.answer_cargo_cors();
    // Nothing has asked, so it would be served.
    drop(layers.around(layers::routes));
}
