//! Seven mistakes that proxies in front of an application have, as lines for [`Nginx`](crate::Nginx).

/// A mistake.
#[derive(Clone, Copy, Debug)]
pub struct Wrong {
    /// What `cargo cors probe` calls it.
    pub name: &'static str,
    /// The lines beside `proxy_pass`.
    pub lines: &'static str,
    /// A part of the fix.
    pub fix: &'static str,
}

/// A proxy that passes on what it gets. nginx writes another `Host`, unless it is told not to.
pub const RIGHT: &str = "proxy_set_header Host $http_host;";

/// The mistakes. The prefix is that of an application whose paths begin with `/api`.
pub const WRONG: [Wrong; 7] = [
    wrong(
        "allow-origin",
        "proxy_set_header Host $http_host; add_header Access-Control-Allow-Origin * always;",
        "add_header",
    ),
    wrong("vary", "proxy_set_header Host $http_host; proxy_hide_header Vary;", "proxy_hide_header Vary"),
    wrong("origin", "proxy_set_header Host $http_host; proxy_set_header Origin \"\";", "proxy_set_header Origin"),
    wrong(
        "preflights",
        "proxy_set_header Host $http_host; if ($request_method = OPTIONS) { return 204; }",
        "if ($request_method = OPTIONS)",
    ),
    wrong(
        "cache",
        "proxy_set_header Host $http_host; proxy_cache answers; proxy_cache_valid any 1m; proxy_ignore_headers Vary;",
        "proxy_ignore_headers",
    ),
    wrong("host", "", "proxy_set_header Host $http_host;"),
    wrong("prefix", "proxy_set_header Host $http_host; rewrite ^/api(/.*)$ $1 break;", "proxy_pass http://app;"),
];

const fn wrong(name: &'static str, lines: &'static str, fix: &'static str) -> Wrong {
    Wrong { name, lines, fix }
}
