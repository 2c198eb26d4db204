//! Where the three servers are.

use rocket::serde::Serialize;

/// The origins of the three servers.
#[derive(Clone, Serialize)]
#[serde(crate = "rocket::serde")]
pub(crate) struct Addresses {
    pub(crate) api: String,
    /// The page that the policies name.
    pub(crate) named: String,
    /// The page that no policy names.
    pub(crate) stranger: String,
}

impl Addresses {
    /// The servers on these ports of this machine.
    pub(crate) fn new(api: u16, named: u16, stranger: u16) -> Self {
        Addresses { api: localhost(api), named: localhost(named), stranger: localhost(stranger) }
    }
}

/// The origin of a port. By name, because cookies and origins go by the name in the address bar.
pub(crate) fn localhost(port: u16) -> String {
    format!("http://localhost:{port}")
}
