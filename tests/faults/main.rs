//! What goes wrong around an application: functions that hang, clients that go away, configurations that break, shutdowns,
//! and launches without end. Nothing is shared that should not be, nothing stops others, and nothing is left over.
//!
//! | file | what happens |
//! |---|---|
//! | `checks` | a check hangs or panics, or its client goes away |
//! | `reloads` | the file of the configuration breaks while it is read again under load |
//! | `shutdown` | the application ends with requests under way |
//! | `launches` | applications are launched one after the other, and beside each other; memory and open files are counted |

// Handlers as users write them.
#![allow(clippy::needless_pass_by_value)]

mod checks;
mod launches;
mod reloads;
mod shutdown;

const PARTNER: &str = "https://partner.example.com";
