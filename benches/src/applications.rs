//! The applications that are compared: one without CORS, and the same with each of three ways to have it.

use cors_runtime::{cross_origin, rocket::CrossOrigin};
use rocket::config::LogLevel;
use rocket::figment::Figment;
use rocket::http::Method;
use rocket::{Build, Config, Rocket, Route};
use rocket_cors::{AllowedHeaders, AllowedOrigins, CorsOptions};

use crate::by_hand;

/// Policies with many literals, and the same lists as constants.
#[allow(clippy::large_stack_arrays, reason = "they are constants")]
pub(crate) mod lists {
    use cors_runtime::cross_origin;

    include!(concat!(env!("OUT_DIR"), "/lists.rs"));
}

/// The origin that every policy names.
pub(crate) const ORIGIN: &str = "https://app.example.com";
/// An origin that no policy names.
pub(crate) const OTHER: &str = "https://zzz.example.com";

/// How an application does CORS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Way {
    /// Not at all.
    Nothing,
    /// With a fairing that was written for it, `by_hand.rs`.
    ByHand,
    /// With the fairing of `rocket_cors`.
    RocketCors,
    /// With this library.
    Library,
    /// The same with a policy that shares with every page, which needs one header only.
    Public,
    /// The same with a function that is called for each refusal.
    Hooked,
    /// The same with `protect_all`.
    Protected,
    /// The same with the application's own origins.
    OwnOrigins,
}

impl Way {
    /// Those that are compared with each other.
    pub(crate) const ALL: [Self; 4] = [Self::Nothing, Self::ByHand, Self::RocketCors, Self::Library];

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .chain([Self::Public, Self::Hooked, Self::Protected, Self::OwnOrigins])
            .find(|known| known.name() == name)
    }

    /// As it is written in tables.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Nothing => "without CORS",
            Self::ByHand => "by hand",
            Self::RocketCors => "rocket_cors 0.6",
            Self::Library => "this library",
            Self::Public => "with `origins = any`",
            Self::Hooked => "with `on_refusal`",
            Self::Protected => "with `protect_all`",
            Self::OwnOrigins => "with own origins",
        }
    }

    /// As it is written on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::ByHand => "by-hand",
            Self::RocketCors => "rocket_cors",
            Self::Library => "library",
            Self::Public => "library-public",
            Self::Hooked => "library-hooked",
            Self::Protected => "library-protected",
            Self::OwnOrigins => "library-own-origins",
        }
    }
}

/// Where this library gets its origins from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum List {
    /// One literal, in an attribute on each handler: what the other ways have too.
    One,
    /// As many literals as the number says, in a named policy.
    Literals(u32),
    /// A list of the configuration.
    Configured(u32),
}

impl List {
    /// The origins, if there are more than one.
    pub(crate) fn origins(count: u32) -> &'static [&'static str] {
        match count {
            3 => lists::THREE,
            1_000 => lists::THOUSAND,
            _ => lists::TENTHOUSAND,
        }
    }
}

/// One application.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Application {
    pub(crate) way: Way,
    pub(crate) list: List,
    /// How many routes: one half reads, and the other writes.
    pub(crate) routes: u32,
}

mod plain {
    use rocket::http::Status;
    use rocket::{get, options, put};

    #[get("/item")]
    pub(super) fn read() -> &'static str {
        "hello"
    }

    #[put("/item")]
    pub(super) fn write() -> &'static str {
        "hello"
    }

    /// What an OPTIONS request takes if nobody thinks about it.
    #[options("/<_..>")]
    pub(super) fn options() -> Status {
        Status::NoContent
    }
}

mod annotated {
    use cors_runtime::cross_origin;
    use rocket::{get, put};

    #[cross_origin(origins = ["https://app.example.com"], credentials)]
    #[get("/item")]
    pub(super) fn read() -> &'static str {
        "hello"
    }

    #[cross_origin(
        origins = ["https://app.example.com"], credentials,
        allow_headers = ["content-type", "x-request-id", "x-token"], max_age = 600
    )]
    #[put("/item")]
    pub(super) fn write() -> &'static str {
        "hello"
    }
}

mod public {
    use cors_runtime::cross_origin;
    use rocket::{get, put};

    #[cross_origin(origins = any)]
    #[get("/item")]
    pub(super) fn read() -> &'static str {
        "hello"
    }

    #[cross_origin(origins = any, allow_headers = ["content-type", "x-request-id", "x-token"], max_age = 600)]
    #[put("/item")]
    pub(super) fn write() -> &'static str {
        "hello"
    }
}

#[cross_origin(
    origins = [config("partners")], credentials,
    allow_headers = ["content-type", "x-request-id", "x-token"], max_age = 600
)]
struct Partners;

impl Application {
    /// One origin, and two routes.
    pub(crate) const fn small(way: Way) -> Self {
        Self { way, list: List::One, routes: 2 }
    }

    /// The path of its last routes.
    pub(crate) fn path(self) -> String {
        format!("/r{}/item", (self.routes / 2).max(1) - 1)
    }

    /// Rocket's defaults for a release, whatever the build and the machine, without a log. Nothing is read from files
    /// or from the environment.
    pub(crate) fn figment(self, port: u16) -> Figment {
        let config = Config { log_level: LogLevel::Off, port, ..Config::release_default() };
        match self.list {
            List::Configured(count) => Figment::from(config).merge(("cors.partners", List::origins(count))),
            List::One | List::Literals(_) => Figment::from(config),
        }
    }

    /// The application as its requests are counted.
    pub(crate) fn build(self) -> Rocket<Build> {
        self.build_with(self.figment(0))
    }

    pub(crate) fn build_with(self, figment: Figment) -> Rocket<Build> {
        let mut rocket = rocket::custom(figment);
        for base in 0..(self.routes / 2).max(1) {
            rocket = rocket.mount(format!("/r{base}"), self.routes());
        }
        match self.way {
            Way::Nothing => rocket.mount("/", rocket::routes![plain::options]),
            Way::ByHand => rocket.attach(by_hand::Cors).mount("/", by_hand::routes()),
            Way::RocketCors => rocket.attach(rocket_cors()),
            Way::Library | Way::Public => rocket.attach(CrossOrigin::fairing()),
            Way::Hooked => rocket.attach(CrossOrigin::fairing().on_refusal(|_| ())),
            Way::Protected => rocket.attach(CrossOrigin::fairing().protect_all()),
            Way::OwnOrigins => rocket.attach(CrossOrigin::fairing().own_origins(["https://api.example.com"])),
        }
    }

    /// The two routes of each path.
    fn routes(self) -> Vec<Route> {
        let plain = || rocket::routes![plain::read, plain::write];
        match (self.way, self.list) {
            (Way::Library | Way::Hooked | Way::Protected | Way::OwnOrigins, List::One) => {
                rocket::routes![annotated::read, annotated::write]
            }
            (Way::Public, _) => rocket::routes![public::read, public::write],
            (Way::Library, List::Literals(3)) => lists::Three.cover(plain()),
            (Way::Library, List::Literals(1_000)) => lists::Thousand.cover(plain()),
            (Way::Library, List::Literals(_)) => lists::TenThousand.cover(plain()),
            (Way::Library, List::Configured(_)) => Partners.cover(plain()),
            _ => plain(),
        }
    }
}

/// The same policy, as `rocket_cors` writes it.
fn rocket_cors() -> rocket_cors::Cors {
    CorsOptions {
        allowed_origins: AllowedOrigins::some_exact(&[ORIGIN]),
        allowed_methods: [Method::Get, Method::Put].into_iter().map(From::from).collect(),
        allowed_headers: AllowedHeaders::some(&["content-type", "x-request-id", "x-token"]),
        allow_credentials: true,
        max_age: Some(600),
        ..CorsOptions::default()
    }
    .to_cors()
    .expect("a valid policy")
}
