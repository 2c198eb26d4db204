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
pub(crate) struct Context<'a> {
    /// Whether the policy has `credentials`.
    pub(crate) credentials: bool,
    /// Whether the origin is one of a list of the configuration.
    pub(crate) configured: bool,
    /// Whether it is the only element of `origins`.
    pub(crate) alone: bool,
    /// The lints that the policy allows.
    pub(crate) allow: &'a [&'a str],
    /// Why a pattern need not be added to the list, if so.
    pub(crate) already: &'a dyn Fn(&Pattern<'_>) -> Option<String>,
    /// The element.
    pub(crate) place: Place,
}

impl Context<'_> {
    /// Whether the origin is compiled into debug builds only.
    fn is_debug(&self) -> bool {
        matches!(self.place, Place::DebugOrigin(_))
    }

    fn allows(&self, rule: &Rule) -> bool {
        self.allow.iter().any(|name| rules::same_name(rule.name, name))
    }
}

/// Everything that fires, the most telling first.
pub(crate) fn all(pattern: &Pattern<'_>, context: Context<'_>) -> Vec<Finding> {
    let found = [
        unknown_scheme(pattern, context),
        file(pattern),
        per_install(pattern),
        public_suffix(pattern, context),
        over_public_suffix(pattern, context),
        any_port(pattern, context),
        insecure(pattern, context),
        ipv4_mapped(pattern, context),
        trailing_dot(pattern, context),
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

/// Offers the text of a pattern, about which no lint is left, only if it is free of hard faults.
fn offer(words: &str, pattern: &Pattern<'_>, context: Context<'_>, otherwise: &str) -> String {
    let text = text(pattern, context);
    match super::parse(&text) {
        Ok(pattern) => match (context.already)(&pattern) {
            Some(why) => format!("remove it: {why}"),
            None => format!("{words}{}", literal(&text)),
        },
        Err(_) => otherwise.to_owned(),
    }
}

/// The text of a pattern about which no lint is left.
fn text(pattern: &Pattern<'_>, context: Context<'_>) -> String {
    let settled = settled(pattern, context);
    let mapped = mapped_v4(settled.host).filter(|_| !context.allows(&rules::IPV4_MAPPED_IPV6));
    Pattern { host: mapped.as_deref().unwrap_or(settled.host), ..settled }.to_string()
}

/// The same origin or pattern without what further lints are about: a help names nothing that the next check would refuse.
fn settled<'a>(pattern: &Pattern<'a>, context: Context<'_>) -> Pattern<'a> {
    let mut settled = *pattern;
    if pattern.scheme == "http"
        && is_insecure(pattern, context)
        && !context.allows(&rules::INSECURE_ORIGIN_WITH_CREDENTIALS)
    {
        settled.scheme = "https";
    }
    if trusts_every_port(pattern, context) && !context.allows(&rules::ANY_PORT_WITH_CREDENTIALS) {
        settled.port = Port::Default;
    }
    if !context.allows(&rules::TRAILING_DOT_HOST) {
        settled.host = without_dot(pattern).unwrap_or(pattern.host);
    }
    settled
}

fn unknown_scheme(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
    let scheme = pattern.scheme;
    if matches!(scheme, "http" | "https") || scheme.len() > "https".len() + 1 {
        return None;
    }
    let near = ["https", "http"].into_iter().filter(|known| strsim::osa_distance(scheme, known) == 1);
    // `htps` is as near to `http`; a doubled or missing letter keeps the `s`.
    let meant = near.max_by_key(|known| (known.ends_with('s') == scheme.ends_with('s'), known.len()))?;
    let message = format!("no web page has the scheme {}", code(scheme));
    let fixed = Pattern { scheme: meant, ..*pattern };
    // Of the web, and not of an app, the pattern may have to be a narrower one.
    let shared = [public_suffix(&fixed, context), over_public_suffix(&fixed, context)];
    let narrower = shared.into_iter().flatten().find(|(rule, ..)| !context.allows(rule));
    let fixed = match narrower {
        Some((_, _, help)) => format!("write `{meant}`, and {help}"),
        None => offer("write ", &fixed, context, &format!("write `{meant}`")),
    };
    let help = format!("{fixed}; if it is the scheme of an app, add `allow(unknown_scheme)`");
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

fn public_suffix(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
    let harmless = context.is_debug() && never_leaves(pattern);
    if !context.credentials || !is_of_dns(pattern) || harmless || !public_suffix::is_shared(pattern.host) {
        return None;
    }
    let suffix = pattern.host.strip_suffix('.').unwrap_or(pattern.host);
    let message = format!(
        "with `credentials`, {} trusts everybody who can register a name under {}",
        code(&pattern.to_string()),
        code(suffix)
    );
    let Pattern { scheme, port, .. } = settled(pattern, context);
    let under = with_port(suffix, port);
    let yours = |labels: &str| code(&join(scheme, &format!("{labels}.{under}"), None));
    let help = format!("name your own domain: {}, or {} for its subdomains", yours("<yours>"), yours("*.<yours>"));
    Some((&rules::PUBLIC_SUFFIX_WILDCARD, message, help))
}

fn over_public_suffix(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
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
    let Pattern { scheme, port, .. } = settled(pattern, context);
    let yours = code(&join(scheme, &format!("<yours>.{}", with_port(&example, port)), None));
    let help = format!("name the exact hosts, as in {yours}");
    Some((&rules::WILDCARD_OVER_PUBLIC_SUFFIX, message, help))
}

/// Whether cookies go to whatever listens on the host.
fn trusts_every_port(pattern: &Pattern<'_>, context: Context<'_>) -> bool {
    context.credentials && !context.is_debug() && pattern.port == Port::Any
}

fn any_port(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
    if !trusts_every_port(pattern, context) {
        return None;
    }
    let message = format!("with `credentials`, {} trusts every service on that host", code(&pattern.to_string()));
    let local = never_leaves(pattern);
    let ports = if local { [Port::Number(3000), Port::Number(8080)] } else { [Port::Default, Port::Number(8443)] };
    let [first, second] = ports.map(|port| text(&Pattern { port, ..*pattern }, context));
    let list = format!("[\"{first}\", \"{second}\"]");
    let mut help = format!("list the ports, as in `{list}`");
    if local && !context.configured {
        let text = text(pattern, Context { place: Place::DebugOrigin(0), ..context });
        let beside = if context.alone { " beside the `origins` of the release build" } else { "" };
        help = format!("{help}, or write `debug_origins = [\"{text}\"]`{beside}");
    }
    Some((&rules::ANY_PORT_WITH_CREDENTIALS, message, help))
}

/// Whether the network, or another app, can act as a page of this origin.
fn is_insecure(pattern: &Pattern<'_>, context: Context<'_>) -> bool {
    let safe = match pattern.scheme {
        "https" => true,
        "http" => never_leaves(pattern),
        // The browser gives an extension its id, which nothing else can claim.
        scheme => scheme::is_extension(scheme),
    };
    context.credentials && !context.is_debug() && !safe
}

fn insecure(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
    if !is_insecure(pattern, context) {
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
    let fixed = Pattern { scheme: "https", ..*pattern };
    let help = offer("write ", &fixed, context, "serve the page over https");
    Some((&rules::INSECURE_ORIGIN_WITH_CREDENTIALS, message, format!("{help}, or remove `credentials`")))
}

/// The IPv4 address in an IPv6 address.
fn mapped_v4(host: &str) -> Option<String> {
    let ip::Host::V6(address) = ip::read(host) else { return None };
    Some(address.to_ipv4_mapped()?.to_string())
}

fn ipv4_mapped(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
    let mapped = mapped_v4(pattern.host)?;
    let message = format!(
        "{} is an IPv4-mapped IPv6 address; pages are normally opened under the IPv4 address",
        code(&pattern.to_string())
    );
    let fixed = Pattern { host: &mapped, ..*pattern };
    Some((&rules::IPV4_MAPPED_IPV6, message, offer("write ", &fixed, context, "write the IPv4 address")))
}

fn without_dot<'a>(pattern: &Pattern<'a>) -> Option<&'a str> {
    pattern.host.strip_suffix('.').filter(|_| !fetch::is_app_scheme(pattern.scheme))
}

fn trailing_dot(pattern: &Pattern<'_>, context: Context<'_>) -> Option<Problem> {
    let fixed = Pattern { host: without_dot(pattern)?, ..*pattern };
    let message = format!(
        "{} ends in a dot, so it is a different origin from {}",
        code(&pattern.to_string()),
        code(&fixed.to_string())
    );
    Some((&rules::TRAILING_DOT_HOST, message, offer("write ", &fixed, context, "remove the dot")))
}
