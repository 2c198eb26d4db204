//! Bounds what the log says of refusals: at most ten lines for each origin and minute.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// How many refusals of one origin are logged within a [`WINDOW`]. The others are counted.
const LOGGED: u64 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// How many origins are counted apart. An attacker can invent any number of them.
const ORIGINS: usize = 64;
/// How many bytes of an origin tell it from others.
const KEPT: usize = 80;

/// Counts refusals by origin, so that a flood does not fill the log.
#[derive(Default)]
pub(crate) struct Floods {
    counts: BTreeMap<Box<[u8]>, Count>,
    /// Those of origins for which there was no room.
    others: Option<Count>,
}

#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    refusals: u64,
}

/// What follows for the log.
pub(crate) struct Noted {
    pub(crate) log: bool,
    pub(crate) summary: Option<Summary>,
}

/// How many refusals of an origin have not been logged.
pub(crate) struct Summary {
    origin: Option<Box<[u8]>>,
    pub(crate) unlogged: u64,
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
    pub(crate) fn note(&mut self, origin: &[u8], now: Instant) -> Noted {
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

    pub(crate) fn drain(&mut self) -> Vec<Summary> {
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
