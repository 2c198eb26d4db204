//! The functions of `check(path)`, whichever framework's requests they take.

use std::any::{Any, TypeId};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use crate::caught::caught;
use crate::flood::{Floods, Summary};
use crate::origin::Origin;
use crate::refusal::Escaped;

/// What `async_trait` makes of an `async fn`.
pub(crate) type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// A reference to a request that a check takes, from the one that an adapter has.
pub trait TakenFrom<Request>: Sized {
    /// Whether the check takes requests of this adapter.
    const FITS: bool;

    /// The request. `None` if the check takes requests of another adapter.
    fn taken_from(request: Request) -> Option<Self>;
}

/// A function that can be a check. `Given` is the request that an adapter has, and `Taken` what the function takes: the
/// compiler finds it out.
#[diagnostic::on_unimplemented(
    message = "`check(…)` takes an `async fn` of an origin and a request that returns `bool`",
    label = "not such a function",
    note = "write `async fn name(origin: &cors_runtime::Origin<'_>, request: &rocket::Request<'_>) -> bool`",
    note = "in an application without Rocket, `request: &http::request::Parts`",
    note = "what it holds over an `await` has to be `Send`"
)]
pub trait CheckFunction<'a, Given, Taken> {
    /// Whether the function takes requests of this adapter.
    const FITS: bool;

    /// Calls it. One that takes the requests of another adapter says no.
    fn ask(self, origin: &'a Origin<'a>, request: Given) -> BoxFuture<'a, bool>;
}

#[diagnostic::do_not_recommend]
impl<'a, F, Given, Taken, Answer> CheckFunction<'a, Given, Taken> for F
where
    F: FnOnce(&'a Origin<'a>, Taken) -> Answer,
    Taken: TakenFrom<Given>,
    Answer: Future<Output = bool> + Send + 'a,
{
    const FITS: bool = Taken::FITS;

    fn ask(self, origin: &'a Origin<'a>, request: Given) -> BoxFuture<'a, bool> {
        match Taken::taken_from(request) {
            Some(request) => Box::pin(self(origin, request)),
            None => Box::pin(std::future::ready(false)),
        }
    }
}

/// The type of a function, which tells it from every other.
#[must_use]
pub fn type_of<T: Any>(_: &T) -> TypeId {
    TypeId::of::<T>()
}

/// Calls a check. `None` if it panics.
pub(crate) async fn call<'a>(ask: impl FnOnce() -> BoxFuture<'a, bool>) -> Option<bool> {
    CatchUnwind(caught(ask)?).await
}

/// A future that is `None` if the one inside panics.
struct CatchUnwind<'a>(BoxFuture<'a, bool>);

impl Future for CatchUnwind<'_> {
    type Output = Option<bool>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match caught(|| self.0.as_mut().poll(context)) {
            Some(polled) => polled.map(Some),
            None => Poll::Ready(None),
        }
    }
}

/// The panics of checks: any page can cause one with each request, so they are logged as sparingly as refusals, and what has
/// not been logged is counted as there.
pub(crate) struct Panics {
    floods: Mutex<Floods>,
    write: fn(&str),
}

impl Panics {
    /// `write` is how the adapter writes to its log.
    pub(crate) fn new(write: fn(&str)) -> Self {
        Panics { floods: Mutex::default(), write }
    }

    pub(crate) fn record(&self, check: &str, origin: &Origin<'_>) {
        let noted = self.floods.lock().unwrap_or_else(PoisonError::into_inner).note(check.as_bytes(), Instant::now());
        self.sum_up(&noted.summaries);
        if noted.log {
            let origin = Escaped(origin.as_str().as_bytes());
            (self.write)(&format!("the check `{check}` panicked, so the origin {origin} is refused"));
        }
    }

    fn sum_up(&self, summaries: &[Summary]) {
        for Summary { key, unlogged } in summaries {
            let check = key.as_deref().map_or_else(|| "others".to_owned(), |name| name.escape_ascii().to_string());
            (self.write)(&format!("the check `{check}` panicked {unlogged} more times"));
        }
    }
}

impl Drop for Panics {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let summaries = self.floods.get_mut().unwrap_or_else(PoisonError::into_inner).drain();
            self.sum_up(&summaries);
        }
    }
}
