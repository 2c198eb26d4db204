//! The scheme of an origin: its spelling, and whether pages can have it.

use super::{Configured, FILE, Fault, Pieces, instead, is_loopback};
use crate::fetch::{self, LONGEST_SCHEME};
use crate::ip;
use crate::quote::{code, shown};
use crate::rules;

/// Schemes whose documents have an opaque origin. <https://url.spec.whatwg.org/#concept-url-origin>
const OPAQUE: &[&str] = &["about", "blob", "data", "file", "filesystem", "javascript"];

/// Schemes that a mistyped one can be taken for.
const KNOWN: &[&str] = &["http", "https", "chrome-extension", "moz-extension", "capacitor", "ionic"];

/// Prefixes of code that should have computed an origin, and became a string.
const CODE: &[&str] =
    &["process.env", "import.meta", "env.", "std::env", "option_env", "os.environ", "window.", "location."];

/// Schemes of extensions, whose hosts are ids.
const EXTENSIONS: &[&str] = &["chrome-extension", "moz-extension", "safari-web-extension"];

/// Whether the scheme belongs to browser extensions.
pub(super) fn is_extension(scheme: &str) -> bool {
    EXTENSIONS.contains(&scheme)
}

/// Whether the scheme belongs to an app, so that the rules of the DNS do not hold for its hosts. The hosts of
/// extensions are ids, which have other rules.
pub(super) fn is_app(scheme: &str) -> bool {
    is_scheme(scheme) && fetch::is_app_scheme(&scheme.to_ascii_lowercase()) && !is_extension(scheme)
}

/// Whether a page with this scheme can have an empty host. `htps://` is not meant to be the scheme of an app.
pub(super) fn may_lack_host(scheme: &str) -> bool {
    let near = |known: &str| scheme.len() <= LONGEST_SCHEME && strsim::osa_distance(scheme, known) == 1;
    is_app(scheme) && !near("https") && !near("http")
}

/// The opaque scheme that the text starts with, in whatever case.
pub(super) fn opaque(text: &str) -> Option<&'static str> {
    OPAQUE.iter().copied().find(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len()).unwrap_or(("", ""));
        start.eq_ignore_ascii_case(scheme) && rest.starts_with(':')
    })
}

/// Takes `scheme://` off.
pub(super) fn split(text: &str) -> Result<(&str, &str), Fault> {
    if text == "null" {
        return Err(Fault::new(
            &rules::NULL_ORIGIN,
            "the origin `null` would let every site in: any page can create a sandboxed frame that sends it".to_owned(),
            "remove it".to_owned(),
        )
        .in_policy(instead::null)
        .in_configuration(Configured::Remove));
    }
    if let Some(scheme) = opaque(text).filter(|_| text != FILE) {
        return Err(opaque_origin(text, scheme));
    }
    match text.split_once("://") {
        // `http:///…`, `example.com/http://…` and the like are judged by what stands before.
        Some((scheme, rest)) if !scheme.contains(['/', '\\', '?', '#']) => Ok((scheme, rest)),
        _ => Err(without_scheme(text)),
    }
}

fn opaque_origin(text: &str, scheme: &str) -> Fault {
    let article = if scheme.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let message = format!("{article} `{scheme}:` document never sends {} as its origin", code(text));
    if scheme != "blob" {
        let message = format!("{message}: it sends `null`");
        if scheme == "file" {
            let help = "remove it, and open the page from a local server, such as `\"http://localhost:3000\"`";
            return Fault::new(&rules::OPAQUE_ORIGIN, message, help.to_owned()).in_policy(instead::file);
        }
        return Fault::new(&rules::OPAQUE_ORIGIN, message, "remove it".to_owned());
    }
    let message = format!("{message}: it sends the origin of the page that made it");
    let fault =
        Fault::new(&rules::OPAQUE_ORIGIN, message, "write the origin of the page that makes the blob".to_owned());
    let inner = text.get("blob:".len()..).unwrap_or("");
    if inner.starts_with("//") { fault } else { fault.fix("write the origin inside: ", inner.to_owned()) }
}

/// The fault of a text without `://`.
fn without_scheme(text: &str) -> Fault {
    if let Some((scheme, rest)) = mistyped_separator(text) {
        return malformed(text).fix("did you mean ", format!("{scheme}://{rest}"));
    }
    if text.starts_with("//") {
        return missing(text).fix("write ", format!("https:{text}"));
    }
    // `true` and `all` are every origin in other libraries.
    if let "*" | "all" | "true" = text.trim_matches(['"', '\'']) {
        let message = format!("{} is not an origin: it has no scheme", code(text));
        return Fault::new(&rules::MISSING_SCHEME, message, String::new())
            .in_policy(instead::every_origin)
            .in_configuration(Configured::Any);
    }
    let bare = text.strip_prefix("*.").unwrap_or(text);
    let bare = bare.strip_suffix(":*").unwrap_or(bare);
    if bare.is_empty() || bare.contains('*') {
        return misplaced_star(text);
    }
    if ip::parse_v6(text).is_some() {
        return missing(text).fix("write ", format!("{}://[{text}]", default_scheme(&format!("[{text}]"))));
    }
    if text.eq_ignore_ascii_case("null") {
        let message = format!("{} is not an origin: it has no scheme", code(text));
        let help = "remove it; browsers send `null` in lower case, and every site can make them send it".to_owned();
        return Fault::new(&rules::MISSING_SCHEME, message, help);
    }
    if let word @ ("self" | "none" | "same-origin") = text.trim_matches('\'') {
        let header = if word == "same-origin" { "Sec-Fetch-Site" } else { "Content-Security-Policy" };
        let message = format!("{} is a keyword of `{header}`, not an origin: it has no scheme", code(text));
        let help = "remove it: same-origin requests do not need permission".to_owned();
        return Fault::new(&rules::MISSING_SCHEME, message, help);
    }
    if CODE.iter().any(|start| text.starts_with(start)) {
        let message = format!("{} is not an origin: it has no scheme", code(text));
        return Fault::new(&rules::MISSING_SCHEME, message, String::new())
            .in_policy(instead::real_origin)
            .in_configuration(Configured::RealOrigin);
    }
    if text.starts_with('[') {
        return missing(text).fix("write ", format!("{}://{text}", default_scheme(text)));
    }
    if let Some((head, tail)) = text.split_once(':') {
        let port = tail.split(['/', '?', '#']).next().unwrap_or(tail);
        let is_port = !port.is_empty() && (port == "*" || port.bytes().all(|byte| byte.is_ascii_digit()));
        let is_scheme_alone = matches!(head, "http" | "https");
        let is_host = !is_scheme_alone && (is_port || (tail.is_empty() && head.contains('.')));
        if !is_host {
            let fault = malformed(text);
            let rest = tail.trim_start_matches(['/', '\\', ':']);
            return if tail.starts_with(['/', '\\']) && is_scheme(head) {
                fault.fix("did you mean ", format!("{head}://{rest}"))
            } else {
                fault
            };
        }
    } else if text.contains("//") {
        return malformed(text);
    }
    missing(text).fix("write ", format!("{}://{text}", default_scheme(text)))
}

/// `https:example.com`, `https//example.com`, `http;//example.com` and so on: the scheme and what follows the slip.
fn mistyped_separator(text: &str) -> Option<(&'static str, &str)> {
    ["https", "http"].into_iter().find_map(|scheme| {
        let (start, rest) = text.split_at_checked(scheme.len())?;
        let host = rest.trim_start_matches([':', ';', '.', '/', '\\', ',', '|']);
        let slip = rest.get(..rest.len() - host.len())?;
        let port =
            rest.strip_prefix(':').is_some_and(|port| port == "*" || port.bytes().all(|byte| byte.is_ascii_digit()));
        let found =
            start.eq_ignore_ascii_case(scheme) && slip.contains([':', ';', '/', '\\']) && !host.is_empty() && !port;
        found.then_some((scheme, host))
    })
}

fn malformed(text: &str) -> Fault {
    Fault::new(
        &rules::MALFORMED_SCHEME,
        format!("{} does not start with a scheme and `://`", code(text)),
        "write the scheme, `://` and the host, as in `\"https://app.example.com\"`".to_owned(),
    )
}

fn missing(text: &str) -> Fault {
    Fault::new(
        &rules::MISSING_SCHEME,
        format!("{} is not an origin: it has no scheme", code(text)),
        "write the scheme, `://` and the host, as in `\"https://app.example.com\"`".to_owned(),
    )
}

fn misplaced_star(text: &str) -> Fault {
    Fault::new(
        &rules::MISPLACED_WILDCARD,
        format!("{} is not a valid pattern: `*` is allowed only as a `*.` prefix or as the port, `:*`", code(text)),
        String::new(),
    )
    .in_policy(instead::star)
    .in_configuration(Configured::Pattern)
}

/// The scheme to offer where none was written: plain http only where nothing leaves the machine.
fn default_scheme(host: &str) -> &'static str {
    let name = match host.strip_prefix('[') {
        Some(_) => host.split_inclusive(']').next().unwrap_or(host),
        None => host.split([':', '/', '?', '#']).next().unwrap_or(host),
    };
    if is_loopback(name) { "http" } else { "https" }
}

/// RFC 3986, section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

pub(super) fn check_spelling(pieces: &Pieces<'_>) -> Result<(), Fault> {
    let scheme = pieces.scheme;
    if scheme.contains('*') {
        let fault = Fault::new(
            &rules::MISPLACED_WILDCARD,
            format!("`*` is not allowed in the scheme: {}", code(pieces.text)),
            "write the scheme out: `https`, and `http` as another element if you need it".to_owned(),
        );
        return Err(fault.fix("write the scheme out: ", format!("https://{}", pieces.authority)));
    }
    if is_scheme(scheme) {
        if scheme.len() <= LONGEST_SCHEME {
            return Ok(());
        }
        let message =
            format!("the scheme {} has {} bytes; at most {LONGEST_SCHEME} are read", code(scheme), scheme.len());
        let help = "copy `location.origin` from the console of that page".to_owned();
        return Err(Fault::new(&rules::MALFORMED_SCHEME, message, help));
    }
    let fault = malformed(pieces.text);
    if scheme.is_empty() {
        return Err(fault.fix("did you mean ", format!("https{}", pieces.text)));
    }
    // `view-source:https`, `"https`, `1http`: the text without the rubbish, if that is a known scheme.
    let core = scheme.rsplit([':', '"', '\'', '(', '<', '=']).next().unwrap_or(scheme);
    let core: String = core.chars().skip_while(|c| !c.is_ascii_alphabetic()).filter(|&c| is_scheme_char(c)).collect();
    let core = core.to_ascii_lowercase();
    if KNOWN.contains(&core.as_str()) {
        let rest = pieces.authority.trim_end_matches(['"', '\'', ')', '>', ',', ';']);
        return Err(fault.fix("did you mean ", format!("{core}://{rest}")));
    }
    Err(fault)
}

fn is_scheme_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+-.".contains(c)
}

/// Upper case, in the scheme and in names. The rules about IP addresses look at their letters themselves.
pub(super) fn check_case(pieces: &Pieces<'_>, host: &str) -> Result<(), Fault> {
    let upper = |text: &str| text.contains(|c: char| c.is_ascii_uppercase());
    // A percent-encoded host of an app has the case that the app's web view gives it.
    let encoded = is_app(pieces.scheme) && fetch::is_opaque_host(host.as_bytes());
    // Only the web's schemes read numbers as addresses.
    let is_web = !fetch::is_app_scheme(&pieces.scheme.to_ascii_lowercase());
    let address = host.starts_with('[') || is_web && ip::ends_in_number(&host.to_ascii_lowercase());
    if !upper(pieces.scheme) && (encoded || address || !upper(host)) {
        return Ok(());
    }
    let message = format!("{} contains upper-case letters", code(pieces.text));
    Err(Fault::new(&rules::UPPERCASE_ORIGIN, message, "write the scheme and the host in lower case".to_owned())
        .fix("write ", pieces.text.to_ascii_lowercase())
        .sent())
}

/// Schemes that no page has, and the ids of extensions.
pub(super) fn check_kind(pieces: &Pieces<'_>, host: &str, port: Option<&str>) -> Result<(), Fault> {
    let scheme = pieces.scheme;
    if let "ws" | "wss" | "ftp" = scheme {
        let page = if scheme == "ws" { "http" } else { "https" };
        return Err(Fault::new(
            &rules::NEVER_A_DOCUMENT_ORIGIN,
            format!("no page has the scheme of {}: a page always sends its own origin", code(pieces.text)),
            format!("write the origin of the page, which starts with `{page}://`"),
        )
        .fix("write the origin of the page: ", format!("{page}://{}", pieces.authority)));
    }
    if scheme == "chrome-extension" && !host.contains('*') {
        let id = host.len() == 32 && host.bytes().all(|byte| (b'a'..=b'p').contains(&byte));
        if !id || port.is_some() {
            let id = shown(pieces.authority);
            return Err(Fault::new(
                &rules::MALFORMED_EXTENSION_ID,
                format!("`{id}` is not a valid Chrome extension id: an id is 32 letters from a to p, without a port"),
                "copy the id from `chrome://extensions`".to_owned(),
            ));
        }
    }
    Ok(())
}
