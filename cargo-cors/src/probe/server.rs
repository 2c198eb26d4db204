//! The server that is asked, and one exchange with it.
//!
//! The client adds nothing of its own that could change the answer, and follows no redirect. It speaks HTTP/1.1.

use std::time::Duration;

use serde::Serialize;
use ureq::Agent;
use ureq::http::{Request, Uri};
use ureq::tls::{RootCerts, TlsConfig};

use crate::url;

/// How long a server may take until the head of its answer is there.
const PATIENCE: Duration = Duration::from_secs(20);

/// The address under which browsers reach an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The origin, as browsers write it.
    pub(super) origin: String,
    /// What stands before the application's paths: empty, or `/api`.
    pub(super) prefix: String,
}

impl Address {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let invalid = |what: &str| format!("`{text}` {what}: expected an address such as `https://api.example.com`");
        let uri: Uri = text.parse().map_err(|_| invalid("is not a URL"))?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
        let Some((scheme, authority)) = scheme.zip(uri.authority()) else {
            return Err(invalid("is not a URL with `http://` or `https://`"));
        };
        if authority.as_str().contains('@') || uri.query().is_some() || text.contains('#') {
            return Err(invalid("has more than a host, a port and a path"));
        }
        let default = if scheme == "https" { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != default).map(|port| format!(":{port}"));
        let origin = format!("{scheme}://{}{}", authority.host().to_ascii_lowercase(), port.unwrap_or_default());
        // What a client gets that is not a browser says nothing there.
        if let Some(why) = url::blocked_port(&origin) {
            return Err(format!("no browser sends a request to `{origin}`: {why}"));
        }
        let sent = url::path(uri.path());
        if sent != uri.path() {
            return Err(format!("browsers send the path `{}` as `{sent}`: give that one", uri.path()));
        }
        Ok(Address { origin, prefix: sent.trim_end_matches('/').to_owned() })
    }

    /// The URL of a path of the application.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// The same server with another prefix.
    pub(super) fn below(&self, prefix: &str) -> Self {
        Address { origin: self.origin.clone(), prefix: prefix.to_owned() }
    }
}

/// A request.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sent {
    pub(super) method: String,
    /// The path of the application, without the prefix.
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
}

/// The head of an answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Arrived {
    pub(super) status: u16,
    /// The lines in their order, with names in lower case.
    pub(super) headers: Vec<(String, String)>,
}

impl Arrived {
    /// The values of all lines of a header.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| &**value).collect()
    }

    /// Why the application refuses, which debug builds say.
    pub(super) fn reason(&self) -> Option<&str> {
        let lines = self.all("server-timing");
        lines.into_iter().find_map(|line| line.strip_prefix("cors;desc=\"")?.strip_suffix('"'))
    }

    /// Whether `Vary` names this header.
    pub(super) fn varies_by(&self, name: &str) -> bool {
        let names = self.all("vary");
        names.iter().flat_map(|line| line.split(',')).map(str::trim).any(|n| n == "*" || n.eq_ignore_ascii_case(name))
    }
}

/// Sends requests.
pub(super) struct Client(Agent);

impl Client {
    pub(super) fn new() -> Self {
        // The certificates that the machine trusts: a company's own authority may have signed that of the server.
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .max_redirects(0)
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .user_agent(concat!("cargo-cors/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(PATIENCE))
            .timeout_connect(Some(PATIENCE))
            .timeout_recv_response(Some(PATIENCE));
        Client(config.build().new_agent())
    }

    /// Sends a request and waits for the head of the answer. The body is not read: it may have no end.
    pub(super) fn ask(&self, address: &Address, sent: &Sent) -> Result<Arrived, String> {
        let url = address.url(&sent.path);
        let failed = |error: &dyn std::fmt::Display| format!("no answer to {} {url}: {error}", sent.method);
        let mut request = Request::builder().method(&*sent.method).uri(&url);
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        let has_body = matches!(&*sent.method, "POST" | "PUT" | "PATCH");
        let answer = if has_body {
            self.0.run(request.body("").map_err(|error| failed(&error))?)
        } else {
            self.0.run(request.body(()).map_err(|error| failed(&error))?)
        };
        let answer = answer.map_err(|error| failed(&error))?;
        let lines = answer.headers().iter();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = lines.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()))).collect();
        Ok(Arrived { status: answer.status().as_u16(), headers })
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses() {
        for (text, origin, prefix) in [
            ("http://nas.lan", "http://nas.lan", ""),
            ("https://API.example.com:443/", "https://api.example.com", ""),
            ("http://[::1]:8000/api/", "http://[::1]:8000", "/api"),
            ("http://nas.lan:443/a/b", "http://nas.lan:443", "/a/b"),
        ] {
            let address = Address::parse(text).expect(text);
            assert_eq!((&*address.origin, &*address.prefix), (origin, prefix));
        }
        assert_eq!(
            Address::parse("http://nas.lan/api").map(|address| address.url("/x")),
            Ok("http://nas.lan/api/x".into())
        );
        for text in [
            "",
            "nas.lan",
            "/api",
            "ftp://nas.lan",
            "http://",
            "http://a@nas.lan",
            "http://nas.lan/?a=1",
            "http://nas.lan/#a",
            "http://nas.lan:6000",
            "http://nas.lan/a/../b",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
