//! The requests that are compared, and the process that makes one of them many times.

use std::hint::black_box;

use rocket::http::uri::Origin;
use rocket::http::{Header, Method};
use rocket::local::asynchronous::{Client, LocalResponse};

use crate::applications::{Application, List, ORIGIN, OTHER, Way};

/// What a browser sends in addition.
pub(crate) const BROWSER: [(&str, &str); 13] = [
    ("Host", "api.example.com"),
    ("Connection", "keep-alive"),
    ("sec-ch-ua-platform", "\"Linux\""),
    (
        "User-Agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    ),
    ("Accept", "*/*"),
    ("sec-ch-ua", "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\""),
    ("sec-ch-ua-mobile", "?0"),
    ("Sec-Fetch-Site", "cross-site"),
    ("Sec-Fetch-Mode", "cors"),
    ("Sec-Fetch-Dest", "empty"),
    ("Referer", "https://app.example.com/"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-GB,en;q=0.9"),
];

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    NoOrigin,
    Allowed,
    Refused,
    Granted,
    NotGranted,
}

impl Ask {
    pub(crate) const ALL: [Self; 5] = [Self::NoOrigin, Self::Allowed, Self::Refused, Self::Granted, Self::NotGranted];

    /// As it is written on the command line and in `limits.tsv`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NoOrigin => "get-no-origin",
            Self::Allowed => "get-allowed",
            Self::Refused => "get-refused",
            Self::Granted => "preflight-granted",
            Self::NotGranted => "preflight-refused",
        }
    }

    /// As it is written in tables.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::NoOrigin => "GET without `Origin`",
            Self::Allowed => "GET, allowed",
            Self::Refused => "GET, refused",
            Self::Granted => "preflight, granted",
            Self::NotGranted => "preflight, refused",
        }
    }

    pub(crate) fn is_preflight(self) -> bool {
        matches!(self, Self::Granted | Self::NotGranted)
    }

    /// The headers about CORS.
    pub(crate) fn headers(self) -> Vec<(&'static str, &'static str)> {
        let origin = match self {
            Self::NoOrigin => None,
            Self::Allowed | Self::Granted => Some(("Origin", ORIGIN)),
            Self::Refused | Self::NotGranted => Some(("Origin", OTHER)),
        };
        let mut headers: Vec<_> = origin.into_iter().collect();
        if self.is_preflight() {
            headers.push(("Access-Control-Request-Method", "PUT"));
            headers.push(("Access-Control-Request-Headers", "content-type,x-request-id,x-token"));
        }
        headers
    }
}

/// One row of a table: an application, and a request to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Kind {
    pub(crate) application: Application,
    pub(crate) ask: Ask,
    /// With a browser's other headers.
    pub(crate) browser: bool,
}

impl Kind {
    pub(crate) const fn small(way: Way, ask: Ask, browser: bool) -> Self {
        Self { application: Application::small(way), ask, browser }
    }

    /// The words of the command line that `parse` reads.
    pub(crate) fn words(self) -> [String; 5] {
        let list = match self.application.list {
            List::One => "one".to_owned(),
            List::Literals(count) => format!("literals-{count}"),
            List::Configured(count) => format!("configured-{count}"),
        };
        let headers = if self.browser { "browser" } else { "bare" };
        let routes = self.application.routes.to_string();
        [self.application.way.name().to_owned(), self.ask.name().to_owned(), headers.to_owned(), list, routes]
    }

    pub(crate) fn parse(words: &[String]) -> Option<Self> {
        let [way, ask, headers, list, routes] = words else { return None };
        let list = match list.split_once('-') {
            None => List::One,
            Some(("literals", count)) => List::Literals(count.parse().ok()?),
            Some((_, count)) => List::Configured(count.parse().ok()?),
        };
        Some(Self {
            application: Application { way: Way::parse(way)?, list, routes: routes.parse().ok()? },
            ask: Ask::ALL.into_iter().find(|known| known.name() == ask)?,
            browser: headers == "browser",
        })
    }
}

/// A client that the request is made on many times.
struct Repeated {
    client: Client,
    method: Method,
    path: Origin<'static>,
    headers: Vec<(&'static str, &'static str)>,
}

impl Repeated {
    async fn new(kind: Kind) -> Self {
        let mut headers = Vec::new();
        if kind.browser {
            headers.extend(BROWSER);
        }
        headers.extend(kind.ask.headers());
        Self {
            client: Client::untracked(kind.application.build()).await.expect("a launch"),
            method: if kind.ask.is_preflight() { Method::Options } else { Method::Get },
            // Borrowed, so that a copy for each request costs nothing.
            path: Origin::parse(kind.application.path().leak()).expect("a path"),
            headers,
        }
    }

    async fn dispatch(&self) -> LocalResponse<'_> {
        let mut request = self.client.req(self.method, self.path.clone());
        for &(name, value) in &self.headers {
            request = request.header(Header::new(name, value));
        }
        request.dispatch().await
    }

    /// That what is counted is what the name says: nothing would be cheaper than an answer that is wrong.
    async fn check(&self, kind: Kind) {
        let response = self.dispatch().await;
        let header = |name| response.headers().get_one(name);
        let (origin, methods) = (header("Access-Control-Allow-Origin"), header("Access-Control-Allow-Methods"));
        let allowed = kind.application.way != Way::Nothing && matches!(kind.ask, Ask::Allowed | Ask::Granted);
        assert_eq!(origin, allowed.then_some(ORIGIN), "{kind:?}");
        assert_eq!(methods.is_some(), allowed && kind.ask.is_preflight(), "{kind:?}");
        // rocket_cors turns refused reads away as well.
        let refused = matches!(kind.ask, Ask::Refused | Ask::NotGranted);
        if kind.application.way == Way::Nothing || !refused {
            assert_eq!(response.status().class(), rocket::http::StatusClass::Success, "{kind:?}");
        }
    }
}

/// Launches the application, and makes the request `count` times after the first. With 0 there is only the launch.
pub(crate) async fn repeat(kind: Kind, count: u32) {
    let repeated = Repeated::new(kind).await;
    if count == 0 {
        return;
    }
    repeated.check(kind).await;
    for _ in 0..count {
        black_box(repeated.dispatch().await);
    }
}
