//! The ports of the three servers.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};

/// The ports of the three servers, on the loopback address.
#[derive(Clone, Copy)]
pub(crate) struct Ports {
    /// The API's, or another if it is taken.
    pub(crate) api: u16,
    /// That of the page that the policies name. It cannot be another: a policy is a constant, and each one says
    /// `http://localhost:8001`.
    pub(crate) named: u16,
    /// That of the page that no policy names, or another if it is taken.
    pub(crate) stranger: u16,
}

impl Ports {
    pub(crate) const PREFERRED: Ports = Ports { api: 8000, named: 8001, stranger: 8002 };

    /// Ports that are free. `source` is the file of the policies.
    ///
    /// # Errors
    /// There are none, and why.
    pub(crate) fn free(source: &str) -> Result<Self, String> {
        let Ports { api, named, stranger } = Self::PREFERRED;
        if !is_free(named) {
            return Err(format!(
                "Port {named} is taken, but the page has to be there: the policies name its origin.\n\
                 Stop what listens on port {named} and start the playground again, or put another port\n\
                 into the policies in {source} and into PREFERRED in playground/ports.rs."
            ));
        }
        match (free_port(api), free_port(stranger)) {
            (Some(api), Some(stranger)) => Ok(Ports { api, named, stranger }),
            _ => Err(format!("No port is free on {}.", Ipv4Addr::LOCALHOST)),
        }
    }
}

/// This port, or another that is free.
fn free_port(preferred: u16) -> Option<u16> {
    if is_free(preferred) {
        return Some(preferred);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    let port = listener.local_addr().ok()?.port();
    println!("Port {preferred} is taken, so port {port} stands in for it.");
    Some(port)
}

/// Whether nothing listens on this port. Browsers may try `::1` first for `localhost`, so another program there would
/// be taken for one of the three servers.
fn is_free(port: u16) -> bool {
    let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    addresses.iter().all(|address| match TcpListener::bind((*address, port)) {
        Ok(_) => true,
        // Other errors say that this machine has no such address.
        Err(error) => error.kind() != ErrorKind::AddrInUse,
    })
}

#[cfg(test)]
mod tests {
    use super::Ports;

    #[test]
    fn the_policies_name_the_page() {
        let origin = format!("origins = [\"http://localhost:{}\"]", Ports::PREFERRED.named);
        assert!(crate::page::API.contains(&origin), "no policy has {origin}");
    }
}
