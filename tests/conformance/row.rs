//! One row of the table: the request that it describes, and what a browser may make of the answer.

use cors_rules::fetch::FORBIDDEN_REQUEST_HEADERS;
use cors_runtime::{Origin, Question};
use cors_tests::tsv::{self, expand_macros, split_unescape};
use cors_tests::{Call, Reply};

use crate::application::{HEADER, ID, METHODS, Mounted, STATUS};
use crate::browser::{self, Passed, Preflighted};
use crate::expect::{self, Expectation};

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// The rows of both tables.
pub(crate) fn tables() -> Vec<tsv::Row> {
    let mut rows = tsv::read(concat!(env!("CARGO_MANIFEST_DIR"), "/cases/requests.tsv"));
    rows.extend(tsv::read(concat!(env!("CARGO_MANIFEST_DIR"), "/cases/unasked.tsv")));
    rows
}

/// The call of a script that leads to the request of a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Script {
    pub(crate) origin: String,
    /// The origin of the server.
    pub(crate) server: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) credentials: bool,
    pub(crate) cookies: bool,
}

/// One row, read.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) policy: String,
    method: String,
    host: Vec<u8>,
    origins: Vec<Vec<u8>>,
    asked_methods: Vec<Vec<u8>>,
    asked_headers: Vec<Vec<u8>>,
    /// All header lines in the order of the row, the handler's instructions included.
    headers: Vec<(&'static str, Vec<u8>)>,
    pub(crate) allow: bool,
    pub(crate) expectations: Vec<Expectation>,
    /// Both answers are safe, and others give the other one.
    pub(crate) either: bool,
}

impl Row {
    pub(crate) fn read(row: &tsv::Row) -> Result<Self, String> {
        let mut read = Row {
            id: row.raw("id").to_owned(),
            policy: row.raw("policy").to_owned(),
            method: "GET".to_owned(),
            host: b"api.example.com".to_vec(),
            origins: Vec::new(),
            asked_methods: Vec::new(),
            asked_headers: Vec::new(),
            headers: Vec::new(),
            allow: match row.raw("expect_allow") {
                "1" => true,
                "0" => false,
                other => return Err(format!("expect_allow is {other}")),
            },
            expectations: expect::parse(row.raw("expect_headers"), row.raw("absent_headers"))?,
            either: row.raw("source").contains("[either]"),
        };
        for part in split_unescape(&expand_macros(row.raw("request")), ";") {
            read.take(&part)?;
        }
        Ok(read)
    }

    /// Takes one `key=value` of the column `request`.
    fn take(&mut self, part: &[u8]) -> Result<(), String> {
        let end = part.iter().position(|&byte| byte == b'=').unwrap_or(part.len());
        let (key, value) = part.split_at(end);
        let value = value.strip_prefix(b"=").unwrap_or_default().to_vec();
        let name = match key {
            b"method" => {
                self.method = String::from_utf8(value).map_err(|_| "the method is not UTF-8")?;
                return Ok(());
            }
            b"host" => {
                self.host = value;
                return Ok(());
            }
            b"origin" => {
                self.origins.push(value.clone());
                "Origin"
            }
            b"acrm" => {
                self.asked_methods.push(value.clone());
                "Access-Control-Request-Method"
            }
            b"acrh" => {
                self.asked_headers.push(value.clone());
                "Access-Control-Request-Headers"
            }
            b"acrpn" => "Access-Control-Request-Private-Network",
            b"cookie" => "Cookie",
            b"content_type" => "Content-Type",
            b"accept" => "Accept",
            b"authorization" => "Authorization",
            b"site" => "Sec-Fetch-Site",
            b"upgrade" => "Upgrade",
            b"handler_status" => STATUS,
            b"handler_header" => HEADER,
            key => return Err(format!("no such key in a request: {}", key.escape_ascii())),
        };
        self.headers.push((name, value));
        Ok(())
    }

    /// The request, to the handlers of this policy.
    pub(crate) fn call(&self, mounted: &Mounted) -> Call {
        let call = Call::new(&self.method, mounted.mount).header("Host", &self.host).header(ID, &self.id);
        self.headers.iter().fold(call, |call, (name, value)| call.header(name, value))
    }

    /// The request as a question to `cargo cors explain`. It is about pages in browsers: rows without an origin, with several,
    /// and with a header that a browser would write otherwise have none.
    pub(crate) fn question(&self, mounted: &Mounted) -> Option<Question> {
        // A question is about a page that asks, and does not contain all that the browser adds.
        if self.headers.iter().any(|(name, _)| matches!(*name, "Authorization" | "Upgrade")) {
            return None;
        }
        let ([origin], [] | [_], [] | [_]) = (&*self.origins, &*self.asked_methods, &*self.asked_headers) else {
            return None;
        };
        let value = |name: &str| self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let own =
            [&b"https://"[..], b"http://"].iter().any(|scheme| [scheme, self.host.as_slice()].concat() == *origin);
        // What the browser says about the page has to be true.
        match value("Sec-Fetch-Site").map(Vec::as_slice) {
            None => {}
            Some(b"same-origin") if own => {}
            Some(b"cross-site" | b"same-site") if !own => {}
            Some(_) => return None,
        }
        let names = self.asked_headers.iter().map(|names| text(names)).collect::<Option<Vec<_>>>()?;
        let headers: Vec<_> = names.iter().flat_map(|names| names.split(',')).map(str::to_owned).collect();
        let mut question =
            Question { method: text(self.wanted_method())?, path: mounted.mount.to_owned(), ..Question::default() };
        question.origin = text(origin)?;
        question.same_origin = Some(own);
        question.content_type = value("Content-Type").and_then(|value| text(value));
        question.accept = value("Accept").and_then(|value| text(value));
        question.cookies = value("Cookie").is_some();
        question.headers = headers;
        // A request that the text of a question cannot express cannot be asked.
        let expressed = question.to_string().parse::<Question>().is_ok_and(|parsed| parsed == question);
        let is_name = |name: &String| name.parse::<http::HeaderName>().is_ok();
        (expressed && question.headers.iter().all(is_name)).then_some(question)
    }

    /// The call of a script that leads to this request, or after this preflight to one. `None` if no script can make it.
    pub(crate) fn script(&self, mounted: &Mounted) -> Option<Script> {
        let Question { method, path, origin, content_type, accept, cookies, headers, .. } = self.question(mounted)?;
        let is_forbidden = |name: &String| {
            FORBIDDEN_REQUEST_HEADERS.contains(&&**name) || name.starts_with("sec-") || name.starts_with("proxy-")
        };
        let is_origin = origin == "null" || Origin::parse(origin.as_bytes()).is_some();
        let known = METHODS.contains(&&*method);
        // A browser writes the names in lower case, and none of them twice.
        let mut names = headers.clone();
        names.sort();
        names.dedup();
        let lower = headers.iter().all(|name| *name == name.to_ascii_lowercase()) && names.len() == headers.len();
        if !is_origin || !known || !lower || headers.iter().any(is_forbidden) {
            return None;
        }
        // Values that need a preflight.
        let value = |name: &str| if name == "content-type" { "application/json" } else { "\"" };
        let mut sent: Vec<_> = headers.iter().map(|name| (name.clone(), value(name).to_owned())).collect();
        for (name, value) in [("content-type", content_type), ("accept", accept)] {
            if let Some(value) = value.filter(|_| !headers.iter().any(|known| known == name)) {
                sent.push((name.to_owned(), value));
            }
        }
        let server = format!("https://{}", text(&self.host)?);
        let credentials = mounted.credentials;
        Some(Script { origin, server, method, path, headers: sent, credentials, cookies })
    }

    /// Whether the request is a preflight: OPTIONS with both headers
    /// ([Fetch](https://fetch.spec.whatwg.org/#cors-preflight-request)).
    pub(crate) fn is_preflight(&self) -> bool {
        self.method == "OPTIONS" && !self.origins.is_empty() && !self.asked_methods.is_empty()
    }

    /// The method that the page asks for, with or without a preflight.
    pub(crate) fn wanted_method(&self) -> &[u8] {
        match self.asked_methods.first() {
            Some(asked) if self.is_preflight() => asked,
            _ => self.method.as_bytes(),
        }
    }

    /// Whether the page is the server's own, so that a browser asks for no grant. The table's server is reached over https.
    pub(crate) fn is_same_origin(&self) -> bool {
        let own = [b"https://", self.host.as_slice()].concat();
        self.origins.iter().all(|origin| *origin == own)
    }

    /// What a browser makes of the answer, for every request that this one may stand for: one for each `Origin`, and for a
    /// preflight with and without the use-CORS-preflight flag.
    pub(crate) fn browsers(&self, reply: &Reply, include: bool) -> Vec<Passed> {
        if !self.is_preflight() {
            return self.origins.iter().map(|origin| browser::cors_check(reply, origin, include)).collect();
        }
        let (method, unsafe_names) = (self.wanted_method(), self.asked_headers.as_slice());
        let request = |origin, forced| Preflighted { origin, method, unsafe_names, include, forced };
        let both = |origin| [false, true].map(|forced| browser::preflight(reply, &request(origin, forced)));
        self.origins.iter().flat_map(|origin| both(origin)).collect()
    }
}
