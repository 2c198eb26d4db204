//! Limits the log lines that other people can cause: at most ten for each origin and minute.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// How many lines of one key are logged within a [`WINDOW`]. The others are counted.
const LOGGED: u64 = 10;
const WINDOW: Duration = Duration::from_secs(60);
/// How many keys are counted separately. An attacker can invent any number of origins.
const KEYS: usize = 64;
/// How many bytes of a key tell it from others.
const KEPT: usize = 80;

/// Counts by key (an origin, say), so that a flood does not fill the log. A key is forgotten when its window is over, so
/// that the room is free for others.
#[derive(Default)]
pub(crate) struct Floods {
    counts: BTreeMap<Box<[u8]>, Count>,
    /// The count of all keys for which there was no room.
    others: Option<Count>,
    /// When the first window is over.
    due: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Count {
    since: Instant,
    noted: u64,
}

/// What to write to the log.
pub(crate) struct Noted {
    pub(crate) log: bool,
    /// The lines that windows which are over still have to add.
    pub(crate) summaries: Vec<Summary>,
}

/// How many of a key have not been logged.
#[derive(Debug)]
pub(crate) struct Summary {
    /// `None` for the keys for which there was no room.
    pub(crate) key: Option<Box<[u8]>>,
    pub(crate) unlogged: u64,
}

/// About refusals, which are counted by origin.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} more refusals of ", self.unlogged)?;
        match &self.key {
            Some(origin) if origin.is_empty() => f.write_str("requests without a single `Origin`"),
            Some(origin) => write!(f, "`{}`", origin.escape_ascii()),
            None => f.write_str("other origins"),
        }
    }
}

impl Count {
    fn is_over(self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= WINDOW
    }

    fn summary(self, key: Option<Box<[u8]>>) -> Option<Summary> {
        let unlogged = self.noted.saturating_sub(LOGGED);
        (unlogged > 0).then_some(Summary { key, unlogged })
    }
}

impl Floods {
    pub(crate) fn note(&mut self, key: &[u8], now: Instant) -> Noted {
        let summaries = if self.due.is_some_and(|due| now >= due) { self.sweep(now) } else { Vec::new() };
        let key = &key[..key.len().min(KEPT)];
        let new = Count { since: now, noted: 0 };
        let has_room = self.counts.len() < KEYS;
        let count = match self.counts.get_mut(key) {
            Some(count) => count,
            None if has_room => self.counts.entry(key.into()).or_insert(new),
            None => self.others.get_or_insert(new),
        };
        count.noted += 1;
        self.due.get_or_insert(now + WINDOW);
        Noted { log: count.noted <= LOGGED, summaries }
    }

    /// Forgets the windows that are over, and says what has not been logged in them.
    fn sweep(&mut self, now: Instant) -> Vec<Summary> {
        let mut summaries = Vec::new();
        self.counts.retain(|key, count| {
            let over = count.is_over(now);
            if over {
                summaries.extend(count.summary(Some(key.clone())));
            }
            !over
        });
        if let Some(others) = self.others.take_if(|others| others.is_over(now)) {
            summaries.extend(others.summary(None));
        }
        self.due = self.counts.values().chain(&self.others).map(|count| count.since + WINDOW).min();
        summaries
    }

    /// Says at the end what has not been logged.
    pub(crate) fn drain(&mut self) -> Vec<Summary> {
        let counts = std::mem::take(&mut self.counts).into_iter().map(|(key, count)| (Some(key), count));
        let all = counts.chain(self.others.take().map(|count| (None, count)));
        all.filter_map(|(key, count)| count.summary(key)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Floods, KEYS, LOGGED, WINDOW};
    use std::time::{Duration, Instant};

    fn said(summaries: &[super::Summary]) -> Vec<String> {
        summaries.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_origin_is_summed_up() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        let logged = (0..100_000).filter(|_| floods.note(b"https://evil", start).log).count();
        assert_eq!(logged as u64, LOGGED);
        let next = floods.note(b"https://evil", start + WINDOW);
        assert_eq!(said(&next.summaries), ["99990 more refusals of `https://evil`"]);
        assert!(next.log, "a new window has begun");
        assert!(floods.note(b"https://evil", start + 2 * WINDOW).summaries.is_empty(), "there is nothing to report");
    }

    #[test]
    fn any_number_of_origins_takes_bounded_room() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        let logged = (0..100_000).filter(|index| floods.note(format!("https://{index}").as_bytes(), start).log).count();
        assert_eq!(floods.counts.len(), KEYS);
        assert!(logged as u64 <= KEYS as u64 + LOGGED, "{logged}");
        assert_eq!(floods.drain().len(), 1, "the others are counted together");
    }

    /// A flood that fills all the room for a minute does not keep it for longer.
    #[test]
    fn a_flood_does_not_blind_the_log() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        for origin in 0..KEYS {
            (0..=LOGGED).for_each(|_| drop(floods.note(format!("https://{origin}").as_bytes(), start)));
        }
        let later = start + WINDOW + Duration::from_secs(1);
        let first = floods.note(b"https://the-real-attack", later);
        assert!(first.log);
        assert_eq!(first.summaries.len(), KEYS, "another origin brings what is over");
        assert_eq!((floods.counts.len(), floods.others.is_some()), (1, false));
        assert!((1..LOGGED).all(|_| floods.note(b"https://the-real-attack", later).log));
    }

    #[test]
    fn a_window_that_goes_on_is_kept() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        let half = start + WINDOW / 2;
        floods.note(b"https://first", start);
        (0..LOGGED).for_each(|_| assert!(floods.note(b"https://second", half).log));
        assert!(!floods.note(b"https://second", start + WINDOW).log);
        assert_eq!(floods.counts.len(), 1, "the first one is over");
        let end = floods.note(b"https://first", half + WINDOW);
        assert_eq!(said(&end.summaries), ["1 more refusals of `https://second`"]);
    }

    #[test]
    fn the_end_sums_up() {
        let (mut floods, start) = (Floods::default(), Instant::now());
        (0..LOGGED + 5).for_each(|_| drop(floods.note(b"", start)));
        assert_eq!(said(&floods.drain()), ["5 more refusals of requests without a single `Origin`"]);
    }
}
