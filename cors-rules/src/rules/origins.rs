//! The rules about origins: what is missing, what is too much, scheme, host, port, wildcards, transport, the list.

use crate::rule::{Kind, Level, Rule};

rules! {
    // Something is missing.
    MISSING_ORIGINS "missing-origins" Invalid Error {
        "A policy without origins can never allow anything. There is no default: a policy must always say which origins may read a response."
    } "Fetch: CORS check" @ "https://fetch.spec.whatwg.org/#cors-check"
    EMPTY_ORIGIN "empty-origin" Invalid Error {
        "Browsers never send an empty `Origin` header, so an empty string in the list never matches."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"
    MISSING_SCHEME "missing-scheme" Invalid Error {
        "An `Origin` header always starts with a scheme, as in `https://example.com`. A bare host name never equals that whole text."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"
    MISSING_HOST "missing-host" Invalid Error {
        "An origin is a scheme, a host and an optional port. No page has an origin without a host."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"

    // Too much text.
    TRAILING_SLASH "trailing-slash" Invalid Error {
        "An origin ends after its host or port: it has no path, not even `/`. Browsers compare and send origins without the slash, so an entry that ends in one never matches. The Fetch standard's own table of examples marks such a value as not shared."
    } "Fetch: CORS protocol and credentials" @ "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"
    PATH_IN_ORIGIN "path-in-origin" Invalid Error {
        "An origin has no path, so an entry with one never matches. It would also suggest that sharing can be limited to one path of the calling site, which CORS cannot do: all pages of an origin are trusted equally."
    } "URL: origin" @ "https://url.spec.whatwg.org/#origin"
    QUERY_IN_ORIGIN "query-in-origin" Invalid Error {
        "An origin has no query, so an entry with one never matches."
    } "URL: origin" @ "https://url.spec.whatwg.org/#origin"
    FRAGMENT_IN_ORIGIN "fragment-in-origin" Invalid Error {
        "An origin has no fragment, so an entry with one never matches."
    } "URL: origin" @ "https://url.spec.whatwg.org/#origin"
    USERINFO_IN_ORIGIN "userinfo-in-origin" Invalid Error {
        "An origin has no user name or password, so an entry with one never matches. It misleads readers as well: in `https://good.example@evil.example` the host is `evil.example`."
    } "URL: origin" @ "https://url.spec.whatwg.org/#origin"
    WHITESPACE_IN_ORIGIN "whitespace-in-origin" Invalid Error {
        "The `Origin` header never contains whitespace. URL parsers strip spaces at the ends and delete tabs and newlines anywhere, so the text would not even say which host it means."
    } "URL: basic URL parser" @ "https://url.spec.whatwg.org/#concept-basic-url-parser"
    INVISIBLE_CHARACTER "invisible-character" Invalid Error {
        "Zero-width, bidirectional and control characters make two different texts look alike, so that a reviewer approves a host other than the one that is compiled in. No origin contains them."
    } "Unicode Technical Standard 55: source code handling" @ "https://www.unicode.org/reports/tr55/"
    LIST_IN_ONE_STRING "list-in-one-string" Invalid Error {
        "Each element of the list is one origin. `Access-Control-Allow-Origin` has no list syntax either: every browser refuses a header with several origins."
    } "Fetch: CORS protocol HTTP responses" @ "https://fetch.spec.whatwg.org/#http-responses"
    REGEX_NOT_SUPPORTED "regex-not-supported" Invalid Error {
        "Origins are compared byte by byte, not matched against regular expressions. Regular expressions are a common source of CORS vulnerabilities: an unescaped dot or a missing anchor lets `https://evilexample.com` in. The one pattern that is needed, any subdomain, is written as `*.` before a domain."
    } "OWASP: testing cross-origin resource sharing" @ "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/11-Client-side_Testing/07-Testing_Cross_Origin_Resource_Sharing"
    PLACEHOLDER_IN_ORIGIN "placeholder-in-origin" Invalid Error {
        "The policy is compiled as it is written: nothing expands variables or templates in it, so the placeholder would be compared literally and never match."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"

    // Scheme.
    MALFORMED_SCHEME "malformed-scheme" Invalid Error {
        "A scheme is a letter, followed by letters, digits, `+`, `-` and `.`, and has at most 64 bytes here. In an origin, `://` follows it. Browsers repair some mistakes in the address bar, but the `Origin` header always has the repaired form."
    } "RFC 3986, section 3.1" @ "https://www.rfc-editor.org/rfc/rfc3986#section-3.1"
    UPPERCASE_ORIGIN "uppercase-origin" Forbidden Error {
        "Browsers send schemes and hosts in lower case, and origins are compared byte by byte, so an entry with capital letters never matches."
    } "URL: host serializing" @ "https://url.spec.whatwg.org/#host-serializing"
    UNKNOWN_SCHEME "unknown-scheme" Redundant Lint {
        "A scheme that differs from `http` or `https` by one letter is nearly always a typing mistake, and an entry with it never matches."
    } "URL: special schemes" @ "https://url.spec.whatwg.org/#special-scheme"
    NULL_ORIGIN "null-origin" Dangerous Error {
        "Sandboxed frames, `data:` documents and some redirected requests all send `Origin: null`, and every site can make its visitors' browsers send it. So `null` means \"any site\", and unlike `any` it also works together with credentials."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"
    OPAQUE_ORIGIN "opaque-origin" Forbidden Error {
        "Documents loaded from `file:`, `data:`, `about:`, `javascript:` and `filesystem:` URLs have an opaque origin, which is sent as `null`. A `blob:` document has the origin of the page that made it. Web views of some apps send `file://`, and nothing else that starts with `file:`: see `file-origin`."
    } "URL: origin" @ "https://url.spec.whatwg.org/#concept-url-origin"
    FILE_ORIGIN "file-origin" Dangerous Lint {
        "Browsers send `null` for a page from a `file:` URL. Some web views send `file://` instead: old ones of Android, and those whose app gives files more rights. They send it for every file alike, including one that was downloaded or that arrived by mail. So the entry trusts every HTML file that such an app opens."
    } "URL: origin" @ "https://url.spec.whatwg.org/#concept-url-origin"
    NEVER_A_DOCUMENT_ORIGIN "never-a-document-origin" Forbidden Error {
        "`ws:` and `wss:` are schemes of connections, and browsers no longer show pages from `ftp:`. A page that opens `wss://example.com` sends its own origin, such as `https://example.com`."
    } "Fetch: HTTP scheme" @ "https://fetch.spec.whatwg.org/#http-scheme"
    MALFORMED_EXTENSION_ID "malformed-extension-id" Invalid Error {
        "The host of a Chrome extension's origin is its id: 32 letters from a to p, and no port. Nothing else is the origin of a Chrome extension."
    } "Chrome extensions: the key and the id" @ "https://developer.chrome.com/docs/extensions/reference/manifest/key"
    PER_INSTALL_ORIGIN "per-install-origin" Redundant Lint {
        "Firefox and Safari generate a random id for each installation of an extension. An entry with such an id matches only one browser profile."
    } "MDN: web accessible resources" @ "https://developer.mozilla.org/en-US/docs/Mozilla/Add-ons/WebExtensions/manifest.json/web_accessible_resources"

    // Host.
    NON_ASCII_HOST "non-ascii-host" Forbidden Error {
        "Origins are ASCII: browsers send the punycode form of an international host name. The Unicode spelling never matches, and letters of other scripts that look Latin would go unnoticed."
    } "URL: domain to ASCII" @ "https://url.spec.whatwg.org/#concept-domain-to-ascii"
    INVALID_PUNYCODE "invalid-punycode" Invalid Error {
        "A label that starts with `xn--` has to decode to a Unicode label that encodes back to it. If it does not, no browser can visit the host."
    } "URL: domain to ASCII" @ "https://url.spec.whatwg.org/#concept-domain-to-ascii"
    INVALID_HOST_CHARACTER "invalid-host-character" Invalid Error {
        "A host is a host name or an IP address, and most characters are not allowed in it. The URL standard forbids many of them, browsers decode percent-encoding before they send an origin, and DNS names do not use the rest."
    } "URL: forbidden domain code points" @ "https://url.spec.whatwg.org/#forbidden-domain-code-point"
    EMPTY_LABEL "empty-label" Invalid Error {
        "A host name is made of labels with one dot between them, and no label may be empty. A leading dot is cookie syntax and does not mean \"any subdomain\" here. The schemes of apps have other hosts: `app://.` is an origin."
    } "RFC 1035, section 2.3.1" @ "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.1"
    LABEL_TOO_LONG "label-too-long" Invalid Error {
        "A label of a DNS name has at most 63 bytes, so no browser can find this host."
    } "RFC 1035, section 2.3.4" @ "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4"
    HOST_TOO_LONG "host-too-long" Invalid Error {
        "A DNS name has at most 253 bytes in its usual spelling, so no browser can find this host. A pattern must leave room for two more: the shortest label and its dot. The hosts of apps' schemes have the same limit here, so that longer ones need not be read."
    } "RFC 1035, section 2.3.4" @ "https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4"
    TRAILING_DOT_HOST "trailing-dot-host" Redundant Lint {
        "`https://example.com.` and `https://example.com` are two different origins. Users reach the first only by typing the dot, so the entry is almost never what was meant."
    } "URL: host serializing" @ "https://url.spec.whatwg.org/#host-serializing"
    NON_CANONICAL_IPV4 "non-canonical-ipv4" Forbidden Error {
        "Browsers turn every spelling of an IPv4 address into four decimal numbers before they send it, so any other spelling never matches."
    } "URL: IPv4 parser" @ "https://url.spec.whatwg.org/#concept-ipv4-parser"
    INVALID_IPV4 "invalid-ipv4" Invalid Error {
        "A host whose last label is a number has to be an IPv4 address. If it is not a valid one, browsers refuse the URL, so no page can have the origin."
    } "URL: ends in a number checker" @ "https://url.spec.whatwg.org/#ends-in-a-number-checker"
    NON_CANONICAL_IPV6 "non-canonical-ipv6" Forbidden Error {
        "Browsers send IPv6 addresses in one form: lower case, no leading zeros, the first longest run of zeros compressed, and never an embedded IPv4 address. Any other spelling never matches."
    } "URL: IPv6 serializer" @ "https://url.spec.whatwg.org/#concept-ipv6-serializer"
    INVALID_IPV6 "invalid-ipv6" Invalid Error {
        "An IPv6 address is written in brackets, and nothing else is. Zone identifiers are not part of an origin."
    } "URL: IPv6 parser" @ "https://url.spec.whatwg.org/#concept-ipv6-parser"
    IPV4_MAPPED_IPV6 "ipv4-mapped-ipv6" Redundant Lint {
        "A browser sends this form only for a page that was opened under an IPv4-mapped IPv6 address, which is very rare. Pages are normally opened under the IPv4 address itself."
    } "RFC 4291, section 2.5.5.2" @ "https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2"

    // Port.
    DEFAULT_PORT "default-port" Forbidden Error {
        "Browsers leave the default port out: 80 for `http`, 443 for `https`. An entry that includes it never matches."
    } "URL: special schemes and default ports" @ "https://url.spec.whatwg.org/#default-port"
    EMPTY_PORT "empty-port" Invalid Error {
        "An origin never ends in a colon: the colon is only written before a port."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"
    INVALID_PORT "invalid-port" Invalid Error {
        "A port is a decimal number from 1 to 65535 without sign or leading zeros."
    } "URL: port" @ "https://url.spec.whatwg.org/#concept-url-port"
    BLOCKED_PORT "blocked-port" Forbidden Error {
        "Browsers refuse to load `http` and `https` URLs from ports that belong to other protocols, such as 25 for mail, so that pages cannot talk to those servers. No page can be loaded from there, so no page has the origin."
    } "Fetch: port blocking" @ "https://fetch.spec.whatwg.org/#port-blocking"
    UNSUPPORTED_PORT_LIST "unsupported-port-list" Invalid Error {
        "An origin has one port: lists and ranges of ports are syntax of other frameworks. Here each origin is a separate element."
    } "Fetch: `Origin` header" @ "https://fetch.spec.whatwg.org/#origin-header"

    // Wildcards.
    MISPLACED_WILDCARD "misplaced-wildcard" Invalid Error {
        "Only three forms exist: the word `any` instead of a list, a leading `*.` before a domain, and `:*` for the port. A star elsewhere would match more than it seems to: `https://*example.com` would let `https://evilexample.com` in. For a part of a label, such as the previews `https://pr-7--app.netlify.app` of one site, write `check(path)` with a function that knows the rest of the name: `https://*.netlify.app` would let every customer in."
    } "PortSwigger: exploiting CORS misconfigurations" @ "https://portswigger.net/research/exploiting-cors-misconfigurations-for-bitcoins-and-bounties"
    WILDCARD_ON_IP "wildcard-on-ip" Invalid Error {
        "An IP address has no subdomains, so the pattern matches nothing."
    } "URL: hosts" @ "https://url.spec.whatwg.org/#concept-host"
    WILDCARD_ORIGIN_WITH_CREDENTIALS "wildcard-origin-with-credentials" Forbidden Error {
        "Browsers accept `Access-Control-Allow-Origin: *` only for requests without credentials. Servers that work around this by echoing the caller's origin give every site access to the user's session."
    } "Fetch: CORS check" @ "https://fetch.spec.whatwg.org/#cors-check"
    WILDCARD_WITH_OTHER_ORIGINS "wildcard-with-other-origins" Redundant Error {
        "`any` covers every other entry, so the other entries have no effect. Either they or the `any` were left behind by mistake."
    } "Fetch: CORS check" @ "https://fetch.spec.whatwg.org/#cors-check"
    ENFORCE_WITH_ANY "enforce-with-any" Redundant Lint {
        "`enforce` rejects requests from origins that the policy does not name, and `any` names them all. Little is left to reject: only reads that carry the user's cookies. Writes that carry them are rejected without `enforce` too. So one of the two is probably a mistake."
    } "Fetch: CORS check" @ "https://fetch.spec.whatwg.org/#cors-check"
    PUBLIC_SUFFIX_WILDCARD "public-suffix-wildcard" Dangerous Lint {
        "Anybody can register a name under a public suffix such as `com`, `co.uk` or `github.io`, and under the domain of a service that gives each customer a host, such as `zendesk.com`. With credentials, a pattern over it lets every site below it act as your users. Without credentials such a pattern is accepted, on reads and on writes: it shares less than `any`, which is accepted too, and nobody below it can act with the user's cookies as long as the policy is enforced."
    } "Public Suffix List" @ "https://publicsuffix.org/learn/"
    WILDCARD_OVER_PUBLIC_SUFFIX "wildcard-over-public-suffix" Dangerous Lint {
        "The domain is not a public suffix itself but has public suffixes, or domains of services that give each customer a host, below it: `run.app`, `amazonaws.com` or `kawasaki.jp`. With credentials, a pattern over it trusts everybody who can publish under one of those."
    } "Public Suffix List" @ "https://publicsuffix.org/learn/"
    ANY_PORT_WITH_CREDENTIALS "any-port-with-credentials" Dangerous Lint {
        "With credentials, `:*` lets every service on every port of the host act as the user. On a loopback host that is every local process that can open a port."
    } "RFC 6454, section 8.2" @ "https://www.rfc-editor.org/rfc/rfc6454#section-8.2"

    // Transport.
    INSECURE_ORIGIN_WITH_CREDENTIALS "insecure-origin-with-credentials" Dangerous Lint {
        "Anybody on the network path can inject script into a page that came over plain http, and any app can serve its pages from a scheme such as `app` or `capacitor`. With credentials, that script or app acts as the user. `http` on a loopback host is exempt, because nothing leaves the machine. `capacitor://localhost` is not: every app with that scheme has that origin. Extensions are exempt: the browser gives them their ids."
    } "Secure Contexts: is an origin potentially trustworthy" @ "https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy"

    // The list as a whole.
    DUPLICATE_ORIGIN "duplicate-origin" Redundant Error {
        "The second copy of an entry has no effect, and somebody who later deletes only one of them would believe that the origin is gone."
    } "Fetch: CORS check" @ "https://fetch.spec.whatwg.org/#cors-check"
    SHADOWED_ORIGIN "shadowed-origin" Redundant Lint {
        "An entry that a pattern of the same list covers has no effect. Someone who deletes either of the two later will be surprised."
    } "Fetch: CORS check" @ "https://fetch.spec.whatwg.org/#cors-check"
}
