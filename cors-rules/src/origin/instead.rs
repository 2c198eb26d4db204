//! What to write instead of a text, where that depends on the argument that it stands in and on those beside it.

use crate::beside::Beside;
use crate::finding::Place;

/// The words before a pattern that is offered instead of a part of a label. Only `origins` takes a check.
pub(super) const CHECK_FIRST: &str = "for a part of a label, write `check(path)` with a function in the attribute; ";

/// The argument that a text stands in, and those beside it.
#[derive(Clone, Copy)]
pub(crate) struct At {
    key: &'static str,
    beside: Beside,
}

impl At {
    pub(super) fn new(place: Place, beside: Beside) -> Self {
        At { key: if let Place::DebugOrigin(_) = place { "debug_origins" } else { "origins" }, beside }
    }

    /// In code or in a configuration, where no arguments are beside it and no word stands for every origin.
    pub(super) fn elsewhere(beside: Beside) -> Self {
        At { key: "", beside }
    }

    /// `, or` with the pattern of every port, where it is possible.
    pub(super) fn or_any_port(self) -> &'static str {
        let refused = self.key != "debug_origins" && self.beside.credentials && !self.beside.every_port;
        if refused { "" } else { ", or `:*` for any port" }
    }

    /// Whether the argument takes `config(…)` and `check(…)`.
    pub(super) fn has_sources(self) -> bool {
        self.key == "origins"
    }

    /// These choices, and what names every origin where that is possible.
    fn write(self, choices: &[&str]) -> String {
        let every = self.beside.every_origin(self.key);
        let all: Vec<_> = choices.iter().copied().chain(every.as_deref()).collect();
        match all.split_last() {
            Some((last, others)) if !others.is_empty() => format!("write {}, or {last}", others.join(", ")),
            _ => format!("write {}", all.concat()),
        }
    }
}

/// Every origin was meant.
pub(super) fn every_origin(at: At) -> String {
    at.beside.instead_of_everything(at.key, "for every origin, write `any` without quotes and brackets: ")
}

/// Something was to become an origin later.
pub(super) fn real_origin(at: At) -> String {
    let list = if at.has_sources() { ", or read a list from the configuration: `config(\"name\")`" } else { "" };
    format!("write the real origin{list}")
}

pub(super) fn null(at: At) -> String {
    let At { key, beside } = at;
    if key == "debug_origins" && beside.any_origin {
        return "remove it".to_owned();
    }
    let of_origins =
        |is_there: bool, name: &str| if key == "origins" && is_there { name.to_owned() } else { String::new() };
    let others = of_origins(beside.enforce, ", `enforce`") + &of_origins(beside.debug_origins, ", `debug_origins`");
    format!("remove it; if every site may read the response, write `{key} = any` without `credentials`{others}")
}

/// A star that is neither a `*.` nor a `:*`, in a text that is not a host.
pub(super) fn star(at: At) -> String {
    at.write(&["`\"https://*.example.com\"` for the subdomains of a domain"])
}

/// A star as a part of a label.
pub(super) fn part_of_label(at: At) -> String {
    if at.has_sources() {
        "for a part of a label, write `check(path)` with a function in the attribute: no pattern is that narrow"
            .to_owned()
    } else {
        "list the origins: no pattern is as narrow as a part of a label".to_owned()
    }
}

/// A pattern of the hosts of an app.
pub(super) fn hosts_of_app(at: At) -> String {
    let check = if at.has_sources() { ", or write `check(path)` with a function in the attribute" } else { "" };
    format!("list the hosts{check}")
}

/// A star in a host, where no domain is beyond doubt.
pub(super) fn hosts(at: At) -> String {
    let mut choices = vec!["`\"https://*.example.com\"` for the subdomains of a domain"];
    if !at.or_any_port().is_empty() {
        choices.push("`:*` for any port");
    }
    if at.has_sources() {
        choices.push("`check(path)` with a function for other hosts");
    }
    at.write(&choices)
}

/// A page of a file.
pub(super) fn file(at: At) -> String {
    let sent = if at.beside.credentials && at.key == "origins" {
        ""
    } else {
        "; for a web view that sends `file://`, write `\"file://\"` with `allow(file_origin)`"
    };
    format!("remove it, and open the page from a local server, such as `\"http://localhost:3000\"`{sent}")
}

/// Several ports.
pub(super) fn ports(at: At) -> String {
    format!("write one element per port{}", at.or_any_port())
}

/// A port that is none.
pub(super) fn port(at: At) -> String {
    format!("write a number from 1 to 65535 without leading zeros{}", at.or_any_port())
}
