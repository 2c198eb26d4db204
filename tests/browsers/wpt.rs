//! The Web Platform Tests of CORS: which of their files the cases cover.
//!
//! Their handlers take the whole answer from the query of a URL. A policy is a constant, so their pages cannot be put to
//! an annotated application as they are: each check that a policy can answer is a case of the table here.

/// A file of the Web Platform Tests.
#[derive(Clone, Copy, Debug)]
pub struct File {
    pub name: &'static str,
    /// The cases that make its checks; none if they cannot be made.
    pub cases: &'static [&'static str],
    /// What in it is not covered, and why not.
    pub rest: &'static str,
}

const fn file(name: &'static str, cases: &'static [&'static str], rest: &'static str) -> File {
    File { name, cases, rest }
}

/// The answers that no policy gives: a test with them tests the browser.
const MALFORMED: &str = "answers that the library never gives: malformed, contradictory or duplicate headers";
const TLS: &str = "origins with https: the servers here have no certificate that an engine would accept";
const OWN_METHODS: &str = "granted custom methods: Rocket routes only nine methods";
const NULL: &str = "`null` as an allowed origin, which does not compile: only `any` includes it";
const BACK_HOME: &str = "redirects to the page's own server, if that shares with `null`";
const NOT_THE_SERVER: &str = "what a browser does on its own, whatever the server answers";

pub const FILES: &[File] = &[
    // cors/
    file("cors/304.htm", &["asked-again", "asked-again-stranger-first"], "a 304 that exposes more than the 200 did"),
    file(
        "cors/access-control-expose-headers-parsing.window.js",
        &["exposed", "exposed-none", "exposed-all", "exposed-in-vain"],
        MALFORMED,
    ),
    file("cors/allow-headers.htm", &["exact", "any", "exact-stranger", "unannotated"], MALFORMED),
    file(
        "cors/basic.htm",
        &["exact", "exact-stranger", "exact-other-host", "several-second", "subdomain", "other-port", "own"],
        TLS,
    ),
    file("cors/client-hint-request-headers.htm", &[], NOT_THE_SERVER),
    file("cors/client-hint-request-headers-2.tentative.htm", &[], NOT_THE_SERVER),
    file(
        "cors/cors-safelisted-request-header.any.js",
        &[
            "safelisted-accept",
            "safelisted-plain",
            "safelisted-parameter",
            "safelisted-form",
            "unsafe-type",
            "unsafe-accept",
            "unsafe-accept-language",
            "unsafe-content-language",
            "unsafe-length",
            "unsafe-length-type",
            "range",
            "range-suffix",
        ],
        "further values of the same headers",
    ),
    file(
        "cors/credentials-flag.htm",
        &["cookies", "cookies-unasked", "cookies-without", "cookies-any", "cookie-set", "cookie-set-unasked"],
        MALFORMED,
    ),
    file(
        "cors/late-upload-events.htm",
        &["upload", "upload-watched"],
        "listeners that are added after the upload has started",
    ),
    file("cors/origin.htm", &["exact", "any", "exact-null", "exact-stranger"], MALFORMED),
    file(
        "cors/preflight-cache.htm",
        &["remembered", "not-remembered", "remembered-by-default", "remembered-a-second"],
        "a negative age, which does not compile",
    ),
    file(
        "cors/preflight-failure.htm",
        &["exact-put-stranger", "unannotated-put", "header-not-listed", "patch-lower-case", "differ-remove"],
        "preflights that are answered with a redirect or an unusual status",
    ),
    file(
        "cors/redirect-origin.htm",
        &[
            "redirect-301",
            "redirect-from-page",
            "redirect-to-page",
            "redirect-to-third",
            "redirect-to-third-any",
            "redirect-to-third-and-back",
            "redirect-from-unannotated",
            "redirect-to-unannotated",
        ],
        BACK_HOME,
    ),
    file(
        "cors/redirect-preflight.htm",
        &["redirect-put", "redirect-put-to-third-any", "redirect-put-303"],
        "a preflight that is redirected, which the library never does",
    ),
    file("cors/redirect-preflight-2.htm", &["redirect-header-from-page", "redirect-header-from-page-not-listed"], ""),
    file("cors/redirect-userinfo.htm", &["redirect-userinfo"], "names without a password and passwords without a name"),
    file("cors/remote-origin.htm", &["any", "exact", "exact-other-host", "exact-numeric-host", "subdomain"], MALFORMED),
    file(
        "cors/request-headers.htm",
        &["header", "headers-sorted", "header-in-capitals", "header-not-listed", "header-none-listed"],
        "lists with empty elements, which the library never sends",
    ),
    file(
        "cors/response-headers.htm",
        &["exposed", "exposed-none", "exposed-all", "exposed-xhr", "exposed-xhr-none"],
        "combined values of duplicate headers, which are read in the same way under every policy",
    ),
    file("cors/script-304.html", &["script-cors"], "the 304 of a script"),
    file(
        "cors/simple-requests.htm",
        &["exact", "head", "exact-post", "safelisted-plain", "safelisted-form", "text"],
        "the same headers with each of the three methods",
    ),
    file("cors/simple-requests-ch.tentative.htm", &[], NOT_THE_SERVER),
    file(
        "cors/status.htm",
        &["status-404-stranger", "exact-put-stranger", "status-404", "malformed-json", "unannotated-header"],
        "",
    ),
    file(
        "cors/status-async.htm",
        &["status-204", "status-400", "status-404", "status-503", "status-xhr"],
        "further statuses; custom methods",
    ),
    file(
        "cors/status-preflight.htm",
        &["put", "exact-put-stranger", "unannotated-put", "malformed-json"],
        "preflights that are answered with an unusual status",
    ),
    // fetch/api/cors/
    file(
        "fetch/api/cors/cors-basic.any.js",
        &["exact", "exact-stranger", "exact-no-cors", "exact-same-origin-mode", "exact-other-host", "any-stranger"],
        TLS,
    ),
    file(
        "fetch/api/cors/cors-cookies.any.js",
        &["cookies", "cookies-left-out", "cookies-unasked", "cookies-subdomain"],
        "cookies of a third host",
    ),
    file(
        "fetch/api/cors/cors-cookies-redirect.any.js",
        &["redirect-cookies", "redirect-cookies-without"],
        "cookies that the redirect itself sets",
    ),
    file(
        "fetch/api/cors/cors-expose-star.sub.any.js",
        &["exposed-all", "exposed-all-to-anyone", "exposed-with-credentials"],
        "`*` with credentials, which does not compile",
    ),
    file(
        "fetch/api/cors/cors-filtering.sub.any.js",
        &["exposed", "exposed-none", "exposed-all", "exposed-opaque"],
        "`Set-Cookie`, which does not compile in `expose_headers`",
    ),
    file("fetch/api/cors/cors-keepalive.any.js", &["keepalive", "beacon"], "requests of a page that the user leaves"),
    file("fetch/api/cors/cors-multiple-origins.sub.any.js", &["several-first", "several-second"], MALFORMED),
    file(
        "fetch/api/cors/cors-no-preflight.any.js",
        &["exact", "head", "exact-post", "safelisted-accept", "safelisted-plain", "safelisted-form", "form-multipart"],
        TLS,
    ),
    file(
        "fetch/api/cors/cors-origin.any.js",
        &[
            "exact",
            "exact-stranger",
            "exact-post-stranger",
            "head-stranger",
            "exact-put-stranger",
            "other-port",
            "other-scheme",
            "exact-other-host",
        ],
        TLS,
    ),
    file(
        "fetch/api/cors/cors-preflight.any.js",
        &[
            "put",
            "delete",
            "patch",
            "delete-stranger",
            "patch-lower-case",
            "unknown-method",
            "headers-sorted",
            "header-not-listed",
            "authorization",
            "any-header-authorization",
        ],
        OWN_METHODS,
    ),
    file("fetch/api/cors/cors-preflight-cache.any.js", &["remembered-post"], ""),
    file(
        "fetch/api/cors/cors-preflight-not-cors-safelisted.any.js",
        &["unsafe-type", "unsafe-accept", "unsafe-accept-language", "unsafe-content-language", "unsafe-length"],
        "further values of the same headers",
    ),
    file(
        "fetch/api/cors/cors-preflight-redirect.any.js",
        &["redirect-put"],
        "a preflight that is redirected, which the library never does",
    ),
    file("fetch/api/cors/cors-preflight-referrer.any.js", &[], "the `Referer` of preflights, which no policy reads"),
    file("fetch/api/cors/cors-preflight-response-validation.any.js", &[], MALFORMED),
    file(
        "fetch/api/cors/cors-preflight-star.any.js",
        &[
            "any-header",
            "any-header-authorization",
            "any-header-and-authorization",
            "any-header-with-credentials",
            "cookies-any-put",
        ],
        "`*` for methods: the library names the method that was asked for",
    ),
    file(
        "fetch/api/cors/cors-preflight-status.any.js",
        &["put", "exact-put-stranger", "unannotated-put"],
        "statuses other than the library's 204 and 403, and Rocket's 404",
    ),
    file(
        "fetch/api/cors/cors-redirect.any.js",
        &[
            "redirect-301",
            "redirect-302",
            "redirect-307",
            "redirect-308",
            "redirect-to-third",
            "redirect-to-third-any",
            "redirect-stranger",
        ],
        BACK_HOME,
    ),
    file(
        "fetch/api/cors/cors-redirect-credentials.any.js",
        &["redirect-userinfo"],
        "user names in the first URL, which the browser refuses before it sends anything",
    ),
    file(
        "fetch/api/cors/cors-redirect-preflight.any.js",
        &["redirect-put", "redirect-put-to-third", "redirect-put-to-third-any", "redirect-header"],
        BACK_HOME,
    ),
    file("fetch/api/cors/data-url-iframe.html", &["null-any-data", "null-data", "null-put"], NULL),
    file(
        "fetch/api/cors/data-url-shared-worker.html",
        &["null-any-data-shared-worker", "null-data-shared-worker"],
        NULL,
    ),
    file("fetch/api/cors/data-url-worker.html", &["null-any-data-worker", "null-data-worker"], NULL),
    file("fetch/api/cors/sandboxed-iframe.html", &["null-any", "null", "null-post"], NULL),
];

#[test]
fn the_cases_are_there() {
    let cases = crate::cases::all();
    let named = FILES.iter().flat_map(|file| file.cases);
    let missing: Vec<_> = named.filter(|id| !cases.iter().any(|case| case.id == **id)).collect();
    assert!(missing.is_empty(), "no such cases: {missing:?}");
    assert!(FILES.iter().all(|file| !file.cases.is_empty() || !file.rest.is_empty()));
}
