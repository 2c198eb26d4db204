//! The pages in `docs/migration`, so that their examples are tested; and what they claim.

#[doc = include_str!("../../docs/migration/README.md")]
mod index {}

#[doc = include_str!("../../docs/migration/spring.md")]
mod spring {}

#[doc = include_str!("../../docs/migration/flask-cors.md")]
mod flask_cors {}

#[doc = include_str!("../../docs/migration/express.md")]
mod express {}

#[doc = include_str!("../../docs/migration/django-cors-headers.md")]
mod django_cors_headers {}

#[doc = include_str!("../../docs/migration/rocket_cors.md")]
mod rocket_cors {}

#[doc = include_str!("../../docs/migration/tower-http.md")]
mod tower_http {}

#[doc = include_str!("../../docs/migration/actix-cors.md")]
mod actix_cors {}

#[doc = include_str!("../../docs/migration/jub0bs-cors.md")]
mod jub0bs_cors {}

#[doc = include_str!("../../docs/migration/web-servers.md")]
mod web_servers {}

#[doc = include_str!("../../docs/migration/cross-site-protection.md")]
mod cross_site_protection {}

/// The rules that the pages name are the ones that find it.
///
/// ```
/// use cors_rules::{Declared, Element, MaxAge, Scope, attribute::unknown_option, check};
///
/// fn names(declared: &Declared<'_>) -> Vec<&'static str> {
///     check(declared, Scope::default()).findings.iter().map(|finding| finding.rule.name).collect()
/// }
/// let text = |text: &'static str| if text == "any" { Element::Any } else { Element::Text(text) };
///
/// for (origins, rule) in [
///     ("https://app.example.com/", "trailing-slash"),
///     ("https://app.example.com/path", "path-in-origin"),
///     ("https://app.example.com:443", "default-port"),
///     ("https://user@example.com", "userinfo-in-origin"),
///     ("https://App.example.com", "uppercase-origin"),
///     ("app.example.com", "missing-scheme"),
///     ("https://a.example,https://b.example", "list-in-one-string"),
///     ("${app.origins}", "placeholder-in-origin"),
///     ("#{app.origins}", "placeholder-in-origin"),
///     ("https://*example.com", "misplaced-wildcard"),
///     ("http://localhost:[*]", "misplaced-wildcard"),
///     ("http://localhost:[8080,8081]", "unsupported-port-list"),
///     ("*", "misplaced-wildcard"),
///     ("h*", "misplaced-wildcard"),
///     (r"https://.*\.example\.com", "regex-not-supported"),
///     (r"/\.example\.com$/", "regex-not-supported"),
///     ("null", "null-origin"),
///     ("file://", "file-origin"),
///     ("file:///index.html", "opaque-origin"),
///     ("data://example.com", "opaque-origin"),
///     ("blob://foobar", "opaque-origin"),
///     ("wss://example.com", "never-a-document-origin"),
///     ("http://localhost:5060", "blocked-port"),
///     ("http://[127.0.0.1]", "invalid-ipv6"),
///     ("chrome-extension://abcdef", "malformed-extension-id"),
///     ("moz-extension://0b4c1f2e-8f3a-4d5e-9c6b-7a8b9c0d1e2f", "per-install-origin"),
///     ("https://localhost.", "trailing-dot-host"),
///     ("htttp://example.com", "unknown-scheme"),
/// ] {
///     assert_eq!(names(&Declared { origins: Some(vec![text(origins)]), ..Declared::default() }), [rule], "{origins}");
/// }
///
/// for (origins, rule) in [
///     ("any", "wildcard-origin-with-credentials"),
///     ("http://app.example.com", "insecure-origin-with-credentials"),
///     ("tauri://localhost", "insecure-origin-with-credentials"),
///     ("http://localhost:*", "any-port-with-credentials"),
///     ("https://*.example.com:*", "any-port-with-credentials"),
///     ("https://*.github.io", "public-suffix-wildcard"),
///     ("https://*.run.app", "wildcard-over-public-suffix"),
///     ("https://*.amazonaws.com", "wildcard-over-public-suffix"),
/// ] {
///     let declared = Declared { origins: Some(vec![text(origins)]), credentials: true, ..Declared::default() };
///     assert_eq!(names(&declared), [rule], "{origins}");
/// }
///
/// for (origins, rule) in [
///     (vec![], "missing-origins"),
///     (vec!["any", "https://a.example"], "wildcard-with-other-origins"),
///     (vec!["https://a.example", "https://a.example"], "duplicate-origin"),
///     (vec!["https://a.example.com", "https://*.example.com"], "shadowed-origin"),
/// ] {
///     let declared = Declared { origins: Some(origins.into_iter().map(text).collect()), ..Declared::default() };
///     assert_eq!(names(&declared), [rule]);
/// }
///
/// // These are accepted.
/// for origin in ["chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek", "https://qa--mysite.netlify.app", "https://-foo.example.com"] {
///     let declared = Declared { origins: Some(vec![text(origin)]), credentials: true, ..Declared::default() };
///     assert_eq!(names(&declared), [""; 0], "{origin}");
/// }
///
/// let origins = || Some(vec![Element::Text("https://app.example.com")]);
/// for (names_of_headers, credentials, rule) in [
///     (vec!["Content-Type,Authorization"], false, "header-list-in-one-string"),
///     (vec!["x-*"], false, "partial-header-wildcard"),
///     (vec!["X-Company-.*"], false, "partial-header-wildcard"),
///     (vec!["Origin"], false, "forbidden-request-header"),
///     (vec!["DNT"], false, "forbidden-request-header"),
///     (vec!["x-http-method-override"], false, "method-override-header"),
///     (vec!["any", "x-api-key"], false, "redundant-with-wildcard"),
///     (vec!["any"], true, "wildcard-allow-headers-with-credentials"),
/// ] {
///     let allow_headers = names_of_headers.iter().map(|name| text(name)).collect();
///     let declared = Declared { origins: origins(), credentials, allow_headers, ..Declared::default() };
///     assert_eq!(names(&declared), [rule], "{names_of_headers:?}");
/// }
/// for (name, credentials, rule) in [
///     ("Content-Type", false, "redundant-exposed-header"),
///     ("Set-Cookie", false, "forbidden-response-header"),
///     ("x total", false, "invalid-header-name"),
///     ("any", true, "wildcard-expose-headers-with-credentials"),
/// ] {
///     let declared =
///         Declared { origins: origins(), credentials, expose_headers: vec![text(name)], ..Declared::default() };
///     assert_eq!(names(&declared), [rule], "{name}");
/// }
/// for (seconds, rule) in [
///     (MaxAge::Seconds(1_728_000), "max-age-too-large"),
///     (MaxAge::Negative, "max-age-negative"),
///     (MaxAge::NotAnInteger(Some(600)), "max-age-not-an-integer"),
/// ] {
///     assert_eq!(names(&Declared { origins: origins(), max_age: Some(seconds), ..Declared::default() }), [rule]);
/// }
///
/// // Names of other systems, and the one that the help gives.
/// for (there, here) in [
///     ("allowedOrigins", "`origins`"),
///     ("originPatterns", "`origins`"),
///     ("allowCredentials", "`credentials`"),
///     ("supports_credentials", "`credentials`"),
///     ("allowedHeaders", "`allow_headers`"),
///     ("exposedHeaders", "`expose_headers`"),
///     ("maxAge", "`max_age`"),
///     ("max_age_in_seconds", "`max_age`"),
///     ("methods", "route attribute"),
///     ("allowed_methods", "route attribute"),
/// ] {
///     assert!(unknown_option(there).help.contains(here), "{there}");
/// }
/// ```
mod rules {}

/// The pages link to what is there, and each rule by its own name.
///
/// ```
/// use std::path::Path;
/// use std::{env, fs};
///
/// let tests = env::var("CARGO_MANIFEST_DIR").expect("run by cargo");
/// let folder = Path::new(&tests).join("../docs/migration");
/// let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
/// let anchor = |heading: &str| -> String {
///     let letters = heading.to_lowercase();
///     letters.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
/// };
///
/// let (mut pages, mut links) = (0, 0);
/// for entry in fs::read_dir(&folder).expect("the folder is there") {
///     let page = entry.expect("an entry").path();
///     let text = read(&page);
///     pages += 1;
///     for (before, rest) in text.match_indices("](").map(|(at, _)| (&text[..at], &text[at + 2..])) {
///         let target = rest.split(')').next().unwrap_or_default();
///         if target.starts_with("https://") {
///             continue;
///         }
///         links += 1;
///         let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
///         let path = if file.is_empty() { page.clone() } else { folder.join(file) };
///         let there = read(&path);
///         let headings = there.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
///         assert!(fragment.is_empty() || headings.map(anchor).any(|name| name == fragment), "{target}");
///         if let Some(rule) = file.strip_prefix("../lints/").and_then(|file| file.strip_suffix(".md")) {
///             assert!(rule == "README" || before.ends_with(&format!("[`{rule}`")), "{target}");
///         }
///     }
/// }
/// assert!(pages >= 10 && links > 150, "{pages} pages, {links} links");
/// ```
mod links {}
