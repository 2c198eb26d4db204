//! Public suffixes: names under which anybody can register or publish, from Mozilla's list.
//!
//! Beside it a short list of our own: domains of services that give each customer a host, and are not on Mozilla's list
//! because cookies are to be shared below them.
//!
//! The list is one sorted text, searched where it lies: no table is built. See `data/README.md` for its layout and licence.

use std::cmp::Ordering;

static LIST: &str = include_str!("../data/public_suffixes.txt");

/// Domains below which a customer of a service decides what the pages of a host do, and that Mozilla's list does not have.
/// In the order of their bytes.
const TENANTS: &[&str] = &[
    "atlassian.net",
    "au.auth0.com",
    "auth0.com",
    "ca.auth0.com",
    "cloudapp.azure.com",
    "codesandbox.io",
    "crm.dynamics.com",
    "desk.com",
    "develop.my.salesforce.com",
    "deviantart.com",
    "eu.auth0.com",
    "fandom.com",
    "force.com",
    "freshdesk.com",
    "freshservice.com",
    "ghost.io",
    "github.dev",
    "glitch.me",
    "googleusercontent.com",
    "helpscoutdocs.com",
    "hs-sites.com",
    "itch.io",
    "jimdofree.com",
    "jimdosite.com",
    "jp.auth0.com",
    "kayako.com",
    "lightning.force.com",
    "livejournal.com",
    "loca.lt",
    "medium.com",
    "my.salesforce-sites.com",
    "my.salesforce.com",
    "my.site.com",
    "mybigcommerce.com",
    "mykajabi.com",
    "myportfolio.com",
    "okta.com",
    "oktapreview.com",
    "powerappsportals.com",
    "sandbox.my.salesforce.com",
    "service-now.com",
    "sharepoint.com",
    "sharepoint.us",
    "squarespace.com",
    "stackblitz.io",
    "statuspage.io",
    "substack.com",
    "teachable.com",
    "thinkific.com",
    "tistory.com",
    "tumblr.com",
    "typepad.com",
    "us.auth0.com",
    "uservoice.com",
    "visualforce.com",
    "webador.com",
    "webcontainer.io",
    "weebly.com",
    "wordpress.com",
    "zendesk.com",
    "zohosites.com",
];

/// Whether anybody can have a host directly below this one: below a public suffix, or by becoming a customer.
#[must_use]
pub fn is_shared(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    TENANTS.binary_search(&name).is_ok() || is_suffix(host)
}

/// A domain strictly below the host for which [`is_shared`] holds, as [`suffix_below`] gives it.
#[must_use]
pub fn shared_below(host: &str) -> Option<String> {
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_below = |tenants: &&&str| tenants.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
    suffix_below(host).or_else(|| TENANTS.iter().find(is_below).map(|tenants| (*tenants).to_owned()))
}

/// Whether a domain may be one person's, with all hosts below it.
pub(crate) fn may_be_owned(domain: &str) -> bool {
    !is_shared(domain) && shared_below(domain).is_none()
}

/// Whether the host is a public suffix, such as `com`, `co.uk` or `github.io`.
///
/// By the list's default rule every single label is one. One trailing dot is ignored; the host is in lower case and punycode.
#[must_use]
pub fn is_suffix(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.is_empty() {
        return false;
    }
    let Some((_, parent)) = host.split_once('.') else {
        return true;
    };
    let mut key = reversed(host);
    if contains(&key) {
        return true;
    }
    // A wildcard rule covers every child of the parent but the exceptions.
    let wildcard = format!("{}.*", reversed(parent));
    key.push('!');
    contains(&wildcard) && !contains(&key)
}

/// A public suffix that lies strictly below the host, as the list writes it: a name, or `*.` and a name for every child of it.
#[must_use]
pub fn suffix_below(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.is_empty() {
        return None;
    }
    let prefix = format!("{}.", reversed(host));
    let below = LIST.get(position(&prefix)..)?.lines().take_while(|line| line.starts_with(&prefix));
    // The shortest is the one that most people know.
    below.filter(|line| !line.ends_with('!')).min_by_key(|line| line.len()).map(reversed)
}

/// The host with its labels in reverse order, as the list holds it.
fn reversed(host: &str) -> String {
    host.rsplit('.').collect::<Vec<_>>().join(".")
}

/// Whether the list has the line.
fn contains(line: &str) -> bool {
    LIST.get(position(line)..).and_then(|rest| rest.lines().next()) == Some(line)
}

/// Where the first line starts that is not below `key`: a binary search over the starts of lines.
fn position(key: &str) -> usize {
    let list = LIST.as_bytes();
    let (mut low, mut high) = (0, list.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = list[..middle].iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        let end = list[start..].iter().position(|&byte| byte == b'\n').map_or(list.len(), |length| start + length);
        match list[start..end].cmp(key.as_bytes()) {
            Ordering::Less => low = (end + 1).min(list.len()),
            Ordering::Equal | Ordering::Greater => high = start,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes() {
        for host in
            ["com", "co.uk", "github.io", "github.io.", "foo.ck", "kobe.jp.x", "localhost", "a.run.app", "xn--p1ai"]
        {
            assert_eq!(is_suffix(host), host != "kobe.jp.x", "{host}");
        }
        for host in ["", ".", "example.com", "www.ck", "city.kawasaki.jp", "run.app", "kawasaki.jp", "amazonaws.com"] {
            assert!(!is_suffix(host), "{host}");
        }
    }

    #[test]
    fn tenants() {
        assert!(TENANTS.is_sorted());
        for host in TENANTS {
            assert!(!is_suffix(host) && is_shared(host) && is_shared(&format!("{host}.")), "{host}");
            assert!(!is_shared(&format!("customer.{host}")), "{host}");
            let (_, parent) = host.split_once('.').expect("a domain");
            assert!(is_suffix(parent) || is_shared(parent) || shared_below(parent).is_some(), "{host}");
        }
        assert_eq!(shared_below("salesforce-sites.com").as_deref(), Some("my.salesforce-sites.com"));
        assert_eq!(shared_below("zendesk.com"), None);
    }

    #[test]
    fn below() {
        assert_eq!(suffix_below("kawasaki.jp").as_deref(), Some("*.kawasaki.jp"));
        assert_eq!(suffix_below("run.app.").as_deref(), Some("*.run.app"));
        assert!(suffix_below("amazonaws.com").is_some());
        for host in ["example.com", "www.ck", "city.kawasaki.jp", "", "zzz.zzz"] {
            assert_eq!(suffix_below(host), None, "{host}");
        }
    }

    /// Every line agrees with the `psl` crate, and so do names above, below and beside it.
    #[test]
    fn agrees_with_psl() {
        let mut differences = Vec::new();
        let mut ask = |host: &str| {
            let theirs = psl::suffix_str(host).is_some_and(|suffix| suffix == host);
            if is_suffix(host) != theirs {
                differences.push(host.to_owned());
            }
        };
        let mut ancestors = std::collections::BTreeSet::new();
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            let rule = reversed(line.trim_end_matches('!'));
            let name = rule.replace('*', "wild");
            ask(&name);
            ask(&format!("x.{name}"));
            ask(&format!("y.x.{name}"));
            let mut rest = rule.as_str();
            while let Some((_, parent)) = rest.split_once('.') {
                ask(parent);
                if !is_suffix(parent) && !line.ends_with('!') {
                    ancestors.insert(parent.to_owned());
                    assert!(suffix_below(parent).is_some(), "{parent}");
                }
                rest = parent;
            }
        }
        for host in
            ["example.com", "localhost", "foo.internal", "a.b.c.d", "uk", "co.uk", "example.co.uk", "www.www.ck"]
        {
            ask(host);
        }
        differences.sort();
        differences.dedup();
        assert!(ancestors.len() > 600, "{}", ancestors.len());
        // A name that a wildcard covers and that other rules stand below, such as `mtls.run.app` (`*.run.app` beside
        // `*.mtls.run.app`), is a suffix by the list's algorithm. The crate takes its parent.
        let (between, others): (Vec<_>, Vec<_>) = differences.into_iter().partition(|host| {
            let parent = host.split_once('.').map(|(_, parent)| format!("{}.*", reversed(parent)));
            is_suffix(host) && parent.is_some_and(|wildcard| contains(&wildcard)) && suffix_below(host).is_some()
        });
        assert_eq!(between, BETWEEN);
        assert!(others.is_empty(), "{others:?}");
    }

    /// Suffixes by the algorithm that the `psl` crate does not take for such.
    const BETWEEN: &[&str] = &[
        "ap-north-1.r.cloud.int.apple",
        "ap-south-1.r.cloud.int.apple",
        "ap-south-2.r.cloud.int.apple",
        "eu-central-1.r.cloud.int.apple",
        "eu-north-1.r.cloud.int.apple",
        "ex.futurecms.at",
        "in.futurecms.at",
        "mtls.run.app",
        "oci.customer-oci.com",
        "ocp.customer-oci.com",
        "ocs.customer-oci.com",
        "privatelink.snowflake.app",
        "r.cloud.int.apple",
        "svc.firenet.ch",
        "teams.replit.dev",
        "us-central-1.r.cloud.int.apple",
        "us-central-2.r.cloud.int.apple",
        "us-east-1.r.cloud.int.apple",
        "us-east-2.r.cloud.int.apple",
        "us-west-1.r.cloud.int.apple",
        "us-west-2.r.cloud.int.apple",
        "us-west-3.r.cloud.int.apple",
    ];
}
