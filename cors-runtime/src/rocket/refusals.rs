//! What becomes of a refusal: one line in the log, and a call of the application's own hook.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rocket::http::{ContentType, Status};
use rocket::log::private as log;
use rocket::{Request, Response, error_, info_};

use super::events;
use crate::decision::OriginHeader;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// A request that a page does not get what it asked for with: what `CrossOrigin::on_refusal` is told.
///
/// The texts come from the request, hostile until proven otherwise: `Display` escapes and shortens them.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Refused<'a> {
    /// The reason.
    pub refusal: Refusal<'a>,
    /// What follows from it.
    pub effect: Effect,
    /// The method of the request, as Rocket routed it.
    pub method: &'static str,
    /// The path of the request, percent-encoded as it came.
    pub path: &'a str,
    /// The name of the handler that the request was routed to. A preflight is routed to none.
    pub handler: Option<&'a str>,
    /// The policy that decided. `None` where the handler that would be responsible has none.
    pub policy: Option<&'static Policy>,
}

/// What follows from a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// The handler ran, and the browser withholds the response from the page.
    NotShared,
    /// The request was turned away with 403, before a guard or the handler ran.
    TurnedAway,
    /// The preflight was refused, so the browser does not send the request.
    PreflightRefused,
    /// The preflight was granted, and the browser will not send the request for what the grant does not cover.
    NotCovered,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Effect::NotShared => "not shared",
            Effect::TurnedAway => "turned away",
            Effect::PreflightRefused => "preflight refused",
            Effect::NotCovered => "the browser will refuse",
        })
    }
}

impl fmt::Display for Refused<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{} {}", self.effect, self.refusal, self.method, self.path)?;
        self.handler.map_or(Ok(()), |handler| write!(f, ", {handler}"))?;
        self.policy.map_or(Ok(()), |policy| write!(f, ", shared with {policy}"))?;
        f.write_str("]")
    }
}

type Hook = Arc<dyn Fn(&Refused<'_>) + Send + Sync>;

/// Where refusals go.
#[derive(Clone, Default)]
pub(super) struct Refusals {
    hook: Option<Hook>,
    floods: Arc<Mutex<Floods>>,
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusals").field("hook", &self.hook.is_some()).finish_non_exhaustive()
    }
}

impl Refusals {
    pub(super) fn set_hook(&mut self, hook: impl Fn(&Refused<'_>) + Send + Sync + 'static) {
        self.hook = Some(Arc::new(hook));
    }

    /// Tells the hook, and writes one line, unless there have been too many about this origin. Returns the reason after
    /// a closer look.
    pub(super) fn tell<'r>(
        &self,
        request: &Request<'_>,
        effect: Effect,
        refusal: Refusal<'r>,
        policy: Option<&'static Policy>,
    ) -> Refusal<'r> {
        // Where nobody listens, a refusal costs nothing: Rocket's profile `release` logs no more than warnings.
        let logs = log::max_level() >= log::LevelFilter::Info || events::is_listened_to();
        if !logs && self.hook.is_none() && !cfg!(debug_assertions) {
            return refusal;
        }
        let origin = match super::response::origin_of(request) {
            OriginHeader::One(origin) => origin,
            OriginHeader::Absent | OriginHeader::Several => b"",
        };
        let noted = self.floods.lock().unwrap_or_else(PoisonError::into_inner).note(origin, Instant::now());
        if let Some(summary) = noted.summary {
            info_!("CORS: {summary}");
            events::summary(&summary);
        }
        if !noted.log && self.hook.is_none() && !cfg!(debug_assertions) {
            return refusal;
        }
        let checked = policy.is_some_and(|policy| !policy.checks.is_empty());
        let refusal = match refusal.refined() {
            Refusal::Origin(origin) if checked && origin != b"null" => Refusal::Check(origin),
            refusal => refusal,
        };
        let route = request.route().filter(|route| !super::preflight::is_ours(route));
        let refused = Refused {
            refusal,
            effect,
            method: request.method().as_str(),
            path: request.uri().path().as_str(),
            handler: route.and_then(|route| route.name.as_deref()),
            policy,
        };
        if let Some(hook) = &self.hook
            && std::panic::catch_unwind(AssertUnwindSafe(|| hook(&refused))).is_err()
        {
            error_!("CORS: the `on_refusal` hook panicked");
            events::error("the `on_refusal` hook panicked");
        }
        if noted.log {
            info_!("CORS: {refused}");
            events::refused(&refused);
        }
        refusal
    }

    /// Sums up what has not been logged, at the end.
    pub(super) fn sum_up(&self) {
        for summary in self.floods.lock().unwrap_or_else(PoisonError::into_inner).drain() {
            info_!("CORS: {summary}");
            events::summary(&summary);
        }
    }
}

/// Says the reason in the answer to a preflight, for the developer tools of a browser, in debug builds: as
/// `Server-Timing`, and in the body, if it has one. Release builds tell a stranger nothing.
pub(super) fn explain(response: &mut Response<'_>, refusal: &Refusal<'_>) {
    if cfg!(debug_assertions) {
        let reason = refusal.to_string();
        // In a quoted string (RFC 9110, 5.6.4) these two would need an escape.
        let description = reason.replace(['"', '\\'], "'");
        response.adjoin_raw_header("Server-Timing", format!("cors;desc=\"{description}\""));
        if response.status() == Status::Forbidden {
            response.set_header(ContentType::Plain);
            response.set_sized_body(reason.len(), std::io::Cursor::new(reason));
        }
    }
}

/// How many refusals of one origin are logged within a [`WINDOW`]. The others are summed up.
const LOGGED: u64 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// How many origins are counted apart. An attacker can invent any number of them.
const ORIGINS: usize = 64;
/// How many bytes of an origin tell it from others.
const KEPT: usize = 80;

/// Counts refusals by origin, so that a flood does not fill the log.
#[derive(Default)]
struct Floods {
    counts: BTreeMap<Box<[u8]>, Count>,
    /// Those of origins that there was no room for.
    others: Option<Count>,
}

#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    refusals: u64,
}

/// What follows for the log.
struct Noted {
    log: bool,
    summary: Option<Summary>,
}

/// How many refusals of an origin have not been logged.
pub(super) struct Summary {
    origin: Option<Box<[u8]>>,
    pub(super) unlogged: u64,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} more refusals of ", self.unlogged)?;
        match &self.origin {
            Some(origin) if origin.is_empty() => f.write_str("requests without a single `Origin`"),
            Some(origin) => write!(f, "`{}`", origin.escape_ascii()),
            None => f.write_str("other origins"),
        }
    }
}

impl Count {
    fn unlogged(self) -> u64 {
        self.refusals.saturating_sub(LOGGED)
    }
}

impl Floods {
    fn note(&mut self, origin: &[u8], now: Instant) -> Noted {
        let origin = &origin[..origin.len().min(KEPT)];
        if !self.counts.contains_key(origin) && self.counts.len() >= ORIGINS {
            // Room is made by what is over and done, if something is.
            self.counts.retain(|_, count| now.duration_since(count.since) < WINDOW || count.unlogged() > 0);
        }
        let known = self.counts.contains_key(origin) || self.counts.len() < ORIGINS;
        let new = Count { since: now, refusals: 0 };
        let count =
            if known { self.counts.entry(origin.into()).or_insert(new) } else { self.others.get_or_insert(new) };
        let mut summary = None;
        if now.duration_since(count.since) >= WINDOW {
            let unlogged = count.unlogged();
            summary = (unlogged > 0).then(|| Summary { origin: known.then(|| origin.into()), unlogged });
            *count = new;
        }
        count.refusals += 1;
        Noted { log: count.refusals <= LOGGED, summary }
    }

    fn drain(&mut self) -> Vec<Summary> {
        let counts = std::mem::take(&mut self.counts).into_iter().map(|(origin, count)| (Some(origin), count));
        let all = counts.chain(self.others.take().map(|count| (None, count)));
        let sums = all.map(|(origin, count)| Summary { origin, unlogged: count.unlogged() });
        sums.filter(|summary| summary.unlogged > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Floods, LOGGED, ORIGINS, WINDOW};
    use std::time::{Duration, Instant};

    #[test]
    fn one_origin_is_summed_up() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        let logged = (0..100_000).filter(|_| floods.note(b"https://evil", start).log).count();
        assert_eq!(logged as u64, LOGGED);
        let next = floods.note(b"https://evil", start + WINDOW);
        assert_eq!(
            next.summary.map(|summary| summary.to_string()).as_deref(),
            Some("99990 more refusals of `https://evil`")
        );
        assert!(next.log, "a new window has begun");
        assert!(floods.note(b"https://evil", start + 2 * WINDOW).summary.is_none(), "there is nothing to sum up");
    }

    #[test]
    fn any_number_of_origins_takes_bounded_room() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        let logged = (0..100_000).filter(|index| floods.note(format!("https://{index}").as_bytes(), start).log).count();
        assert_eq!(floods.counts.len(), ORIGINS);
        assert!(logged as u64 <= ORIGINS as u64 + LOGGED, "{logged}");
        assert_eq!(floods.drain().len(), 1, "the others are counted together");
    }

    #[test]
    fn room_is_made_by_what_is_over() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        for index in 0..ORIGINS {
            floods.note(format!("https://{index}").as_bytes(), start);
        }
        assert!(floods.note(b"https://new", start + WINDOW + Duration::from_secs(1)).log);
        assert_eq!((floods.counts.len(), floods.others.is_some()), (1, false));
    }

    #[test]
    fn the_end_sums_up() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        (0..LOGGED + 5).for_each(|_| drop(floods.note(b"", start)));
        let sums: Vec<_> = floods.drain().iter().map(ToString::to_string).collect();
        assert_eq!(sums, ["5 more refusals of requests without a single `Origin`"]);
    }
}
