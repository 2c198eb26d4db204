//! Where the three servers are.

use serde::Serialize;

/// The origins of the three servers.
#[derive(Clone, Serialize)]
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

    /// What the terminal says when all three are up. `source` is the file of the handlers, and `variable` the one that
    /// lets the log speak.
    pub(crate) fn welcome(&self, source: &str, variable: &str) -> String {
        let Addresses { api, named, stranger } = self;
        format!(
            "
The playground is up. Open both pages in a browser:

  {named:<22}   the policies name this origin
  {stranger:<22}   they do not name this one

The API is at {api}, its handlers and their policies are in {source}.
{variable} shows what it logs. Ctrl-C stops everything.
"
        )
    }
}

/// The origin of a port. By name, because cookies and origins go by the name in the address bar.
fn localhost(port: u16) -> String {
    format!("http://localhost:{port}")
}
