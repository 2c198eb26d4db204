//! Makes the report of an application's policies.

use rocket::{Phase, Rocket};

use super::annotated::annotation_of;
use super::preflight;
use crate::policy::{AllowHeaders, Enforce, Origins, Policy};
use crate::report::{Report, Shared};

impl Report {
    /// The report of an application: of one that is built the routes that are mounted so far, of one that is ignited
    /// all of them.
    ///
    /// A snapshot of it makes each change of a policy appear in code review:
    ///
    /// ```
    /// # use rocket::{get, routes};
    /// # use cors_runtime::cross_origin;
    /// # #[cross_origin(origins = ["https://app.example.com"])]
    /// # #[get("/users")]
    /// # fn users() {}
    /// # fn rocket() -> rocket::Rocket<rocket::Build> { rocket::build().mount("/api", routes![users]) }
    /// use cors_runtime::rocket::Report;
    ///
    /// let report = Report::of(&rocket()).without_lines().to_string();
    /// // With the crate `insta`: insta::assert_snapshot!(report);
    /// assert!(report.starts_with("GET /api/users  https://app.example.com  (users"));
    /// ```
    #[must_use]
    pub fn of<P: Phase>(rocket: &Rocket<P>) -> Self {
        let routes = rocket.routes().filter(|route| !preflight::is_ours(route));
        let mut shared: Vec<_> = routes
            .filter_map(|route| {
                let annotation = annotation_of(route)?;
                let policy = annotation.policy;
                Some(Shared {
                    path: route.uri.to_string(),
                    method: route.method.to_string(),
                    rank: route.rank,
                    format: route.format.as_ref().map(ToString::to_string),
                    handler: route.name.as_deref().unwrap_or("unnamed").to_owned(),
                    source: annotation.place.map(|place| format!("{}:{}", place.file, place.line)),
                    origins: origins(policy),
                    lists: owned(policy.lists),
                    checks: policy.checks.iter().map(|check| check.name.to_owned()).collect(),
                    credentials: policy.credentials,
                    allow_headers: match policy.allow_headers {
                        AllowHeaders::Listed(names) => split(names),
                        AllowHeaders::Any => vec!["any".to_owned()],
                        AllowHeaders::AnyAndAuthorization => owned(&["any", "authorization"]),
                    },
                    expose_headers: split(policy.expose_headers),
                    max_age: policy.max_age.parse().ok(),
                    enforce: match policy.enforce {
                        Enforce::Writes => "writes",
                        Enforce::All => "all",
                        Enforce::Nothing => "nothing",
                    }
                    .to_owned(),
                    allow: owned(policy.allow),
                })
            })
            .collect();
        shared.sort_by(|a, b| key(a).cmp(&key(b)));
        Report { version: Self::VERSION, shared }
    }
}

fn key(shared: &Shared) -> (&str, &str, isize, Option<&str>) {
    (&shared.path, &shared.method, shared.rank, shared.format.as_deref())
}

fn origins(policy: &Policy) -> Vec<String> {
    match &policy.origins {
        Origins::Any => vec!["any".to_owned()],
        Origins::Listed { exact, patterns } => {
            let mut origins = owned(exact);
            origins.extend(patterns.iter().map(ToString::to_string));
            origins.sort();
            origins
        }
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn split(names: &str) -> Vec<String> {
    match names {
        "" => Vec::new(),
        "*" => vec!["any".to_owned()],
        names => names.split(", ").map(str::to_owned).collect(),
    }
}
