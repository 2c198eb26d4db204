//! The layers of tower, on axum's routers and on other services.
//!
//! | file | what is tested |
//! |---|---|
//! | `methods`, `headers` | what a preflight is granted |
//! | `writes`, `websockets` | what is turned away |
//! | `layers`, `random_layers` | layers in layers: by hand, and random ones against an oracle |
//! | `between` | services between two layers |
//! | `places` | where a layer can stand in axum |
//! | `application` | own origins, `protect_all`, `report_only` |
//! | `sources` | lists, checks, and policies that are made at run time |
//! | `explain`, `report`, `testing` | the tools: what is explained, reports, and pages in tests |
//! | `services` | services other than axum's, and the contract of `poll_ready` |
//! | `concurrent` | lists that are replaced, requests that are dropped, checks that panic or hang |
//! | `allow` | answers to OPTIONS that nobody should give |
//! | `tower_http` | what the tests of tower-http ask |
//!
//! The same requests as on Rocket go over HTTP to axum in `conformance/`, `http/peers.rs` and `http/hostile.rs`.

mod allow;
mod application;
mod between;
mod concurrent;
mod explain;
mod headers;
mod layers;
mod methods;
mod places;
mod random_layers;
mod report;
mod services;
mod sources;
mod support;
mod testing;
mod tower_http;
mod websockets;
mod writes;
