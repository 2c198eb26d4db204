//! Origins that are possible, but dangerous or doubtful.

use super::{is_loopback, join, scheme, with_port};
use crate::fetch;
use crate::finding::{Finding, Place};
use crate::ip;
use crate::pattern::{Pattern, Port};
use crate::public_suffix;
use crate::quote::{code, literal};
use crate::rule::{Kind, Rule};
use crate::rules;

/// Facts that the lints have to know besides the pattern.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    /// Whether the policy has `credentials`.
    pub(crate) credentials: bool,
    /// Whether the origin is compiled into debug builds only.
    pub(crate) debug: bool,
    /// Whether the origin is one of a list of the configuration.
    pub(crate) configured: bool,
    /// The element.
    pub(crate) place: Place,
}

/// Everything that fires, the most telling first.
pub(crate) fn all(pattern: &Pattern<'_>, context: Context) -> Vec<Finding> {
    let found = [
        unknown_scheme(pattern),
        file(pattern),
        per_install(pattern),
        public_suffix(pattern, context),
        over_public_suffix(pattern, context),
        any_port(pattern, context),
        insecure(pattern, context),
        ipv4_mapped(pattern),
        trailing_dot(pattern),
    ];
    found
        .into_iter()
        .flatten()
        .map(|(rule, message, help)| Finding { rule, place: context.place, message, help })
        .collect()
}

/// Whether a finding about the spelling of a host adds nothing to others: a dangerous origin is dangerous in every
/// spelling, and one string gets one message.
pub(crate) fn is_idle(finding: &Finding, fired: &[Finding]) -> bool {
    (*finding.rule == rules::TRAILING_DOT_HOST || *finding.rule == rules::IPV4_MAPPED_IPV6)
        && fired.iter().any(|other| other.rule.kind == Kind::Dangerous)
}

/// A rule that is broken, a message and a help.
type Problem = (&'static Rule, String, String);

/// Offers a text only if it is free of hard faults.
fn offer(words: &str, text: &str, otherwise: &str) -> String {
    if super::parse(text).is_ok() { format!("{words}{}", literal(text)) } else { otherwise.to_owned() }
}

fn unknown_scheme(pattern: &Pattern<'_>) -> Option<Problem> {
    let scheme = pattern.scheme;
    if matches!(scheme, "http" | "https") || scheme.len() > "https".len() + 1 {
        return None;
    }
    let near = ["https", "http"].into_iter().filter(|known| strsim::osa_distance(scheme, known) == 1);
    // `htps` is as near to `http`; a doubled or missing letter keeps the `s`.
    let meant = near.max_by_key(|known| (known.ends_with('s') == scheme.ends_with('s'), known.len()))?;
    let message = format!("no web page has the scheme {}", code(scheme));
    let fixed = Pattern { scheme: meant, ..*pattern }.to_string();
    let help = format!(
        "{}; if it is the scheme of an app, add `allow(unknown_scheme)`",
        offer("write ", &fixed, &format!("write `{meant}`"))
    );
    Some((&rules::UNKNOWN_SCHEME, message, help))
}

fn file(pattern: &Pattern<'_>) -> Option<Problem> {
    (pattern.scheme == "file").then(|| {
        (
            &rules::FILE_ORIGIN,
            "`file://` is not sent by browsers, and stands for every file of the device in the web views that send it"
                .to_owned(),
            "remove it, or give the pages of the app an origin: serve them from its own scheme, or from a local server"
                .to_owned(),
        )
    })
}

fn is_per_install(pattern: &Pattern<'_>) -> bool {
    matches!(pattern.scheme, "moz-extension" | "safari-web-extension")
}

fn per_install(pattern: &Pattern<'_>) -> Option<Problem> {
    is_per_install(pattern).then(|| {
        (
            &rules::PER_INSTALL_ORIGIN,
            format!("{} matches only one installation of the extension", code(&pattern.to_string())),
            "remove it, and authenticate the extension with a token".to_owned(),
        )
    })
}

/// Whether hosts below the domain may belong to others, as the list of public suffixes says of the DNS. In the scheme of an
/// app they belong to the app.
fn is_of_dns(pattern: &Pattern<'_>) -> bool {
    pattern.subdomains && !scheme::is_app(pattern.scheme)
}

/// Whether pages of these origins come from this machine. In the scheme of an app `localhost` is a name like any other.
fn never_leaves(pattern: &Pattern<'_>) -> bool {
    matches!(pattern.scheme, "http" | "https") && is_loopback(pattern.host)
}

fn public_suffix(pattern: &Pattern<'_>, context: Context) -> Option<Problem> {
    let harmless = context.debug && never_leaves(pattern);
    if !context.credentials || !is_of_dns(pattern) || harmless || !public_suffix::is_shared(pattern.host) {
        return None;
    }
    let suffix = pattern.host.strip_suffix('.').unwrap_or(pattern.host);
    let message = format!(
        "with `credentials`, {} trusts everybody who can register a name under {}",
        code(&pattern.to_string()),
        code(suffix)
    );
    let under = with_port(suffix, pattern.port);
    let yours = |labels: &str| code(&join(pattern.scheme, &format!("{labels}.{under}"), None));
    let help = format!("name your own domain: {}, or {} for its subdomains", yours("<yours>"), yours("*.<yours>"));
    Some((&rules::PUBLIC_SUFFIX_WILDCARD, message, help))
}

fn over_public_suffix(pattern: &Pattern<'_>, context: Context) -> Option<Problem> {
    if !context.credentials || !is_of_dns(pattern) || public_suffix::is_shared(pattern.host) {
        return None;
    }
    let below = public_suffix::shared_below(pattern.host)?;
    // A rule for every child is explained by the example of one child.
    let example = below.replacen('*', "<name>", 1);
    let message = format!(
        "with `credentials`, {} covers {}, where anybody can publish",
        code(&pattern.to_string()),
        code(&example)
    );
    let yours = code(&join(pattern.scheme, &format!("<yours>.{}", with_port(&example, pattern.port)), None));
    let help = format!("name the exact hosts, as in {yours}");
    Some((&rules::WILDCARD_OVER_PUBLIC_SUFFIX, message, help))
}

fn any_port(pattern: &Pattern<'_>, context: Context) -> Option<Problem> {
    if !context.credentials || context.debug || pattern.port != Port::Any {
        return None;
    }
    let message = format!("with `credentials`, {} trusts every service on that host", code(&pattern.to_string()));
    let plain = Pattern { port: Port::Default, ..*pattern };
    let other = Pattern { port: Port::Number(8443), ..*pattern };
    let local = never_leaves(pattern);
    let help = if local {
        format!(
            "list the ports, as in `[\"{}\", \"{}\"]`",
            Pattern { port: Port::Number(3000), ..*pattern },
            Pattern { port: Port::Number(8080), ..*pattern }
        )
    } else {
        format!("list the ports, as in `[\"{plain}\", \"{other}\"]`")
    };
    let help =
        if local && !context.configured { format!("{help}, or write `debug_origins = [\"{pattern}\"]`") } else { help };
    Some((&rules::ANY_PORT_WITH_CREDENTIALS, message, help))
}

fn insecure(pattern: &Pattern<'_>, context: Context) -> Option<Problem> {
    let safe = match pattern.scheme {
        "https" => true,
        "http" => never_leaves(pattern),
        // The browser gives an extension its id, which nothing else can claim.
        scheme => scheme::is_extension(scheme),
    };
    if !context.credentials || context.debug || safe {
        return None;
    }
    let quoted = code(&pattern.to_string());
    if pattern.scheme != "http" {
        let message = format!("with `credentials`, {quoted} lets any app that uses the scheme act as the user");
        let help = "remove `credentials`, and let the app send a token in `authorization`".to_owned();
        return Some((&rules::INSECURE_ORIGIN_WITH_CREDENTIALS, message, help));
    }
    let message =
        format!("with `credentials`, the insecure origin {quoted} lets anybody on the network path act as the user");
    let fixed = Pattern { scheme: "https", ..*pattern }.to_string();
    let help = offer("write ", &fixed, "serve the page over https");
    Some((&rules::INSECURE_ORIGIN_WITH_CREDENTIALS, message, format!("{help}, or remove `credentials`")))
}

fn ipv4_mapped(pattern: &Pattern<'_>) -> Option<Problem> {
    let ip::Host::V6(address) = ip::read(pattern.host) else {
        return None;
    };
    let mapped = address.to_ipv4_mapped()?.to_string();
    let message = format!(
        "{} is an IPv4-mapped IPv6 address; pages are normally opened under the IPv4 address",
        code(&pattern.to_string())
    );
    let fixed = Pattern { host: &mapped, ..*pattern }.to_string();
    Some((&rules::IPV4_MAPPED_IPV6, message, offer("write ", &fixed, "write the IPv4 address")))
}

fn trailing_dot(pattern: &Pattern<'_>) -> Option<Problem> {
    let host = pattern.host.strip_suffix('.').filter(|_| !fetch::is_app_scheme(pattern.scheme))?;
    let fixed = Pattern { host, ..*pattern }.to_string();
    let message =
        format!("{} ends in a dot, so it is a different origin from {}", code(&pattern.to_string()), code(&fixed));
    Some((&rules::TRAILING_DOT_HOST, message, offer("write ", &fixed, "remove the dot")))
}
