//! A policy with a name, for handlers of Rocket and as a layer of tower: a list of the configuration and a function name more
//! origins.

use cors_runtime::{Origin, cross_origin};

#[cross_origin(origins = ["https://app.example.com", config("partners"), check(is_tenant)], credentials)]
pub struct Partners;

async fn is_tenant<T>(origin: &Origin<'_>, _: &T) -> bool {
    origin.is_subdomain_of("tenants.example.com")
}
