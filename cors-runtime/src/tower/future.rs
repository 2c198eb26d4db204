//! The future of a response.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use pin_project_lite::pin_project;

use super::answer::Pending;
use crate::check_function::BoxFuture;

pin_project! {
    /// The future of a response of a service with a policy.
    #[must_use = "futures do nothing unless they are polled"]
    pub struct ResponseFuture<F, R, E> {
        #[pin]
        kind: Kind<F, R, E>,
    }
}

pin_project! {
    #[project = Projected]
    enum Kind<F, R, E> {
        // The service inside has been called.
        Inner { #[pin] future: F, pending: Option<Pending> },
        // A check has to be asked first, or a layer inside.
        Boxed { future: BoxFuture<'static, Result<Response<R>, E>> },
        // The service inside is not called.
        Ready { response: Option<Response<R>> },
    }
}

impl<F, R, E> ResponseFuture<F, R, E> {
    pub(super) fn inner(future: F, pending: Option<Pending>) -> Self {
        ResponseFuture { kind: Kind::Inner { future, pending } }
    }

    pub(super) fn boxed(future: impl Future<Output = Result<Response<R>, E>> + Send + 'static) -> Self {
        ResponseFuture { kind: Kind::Boxed { future: Box::pin(future) } }
    }

    pub(super) fn ready(response: Response<R>) -> Self {
        ResponseFuture { kind: Kind::Ready { response: Some(response) } }
    }
}

impl<F, R: Default, E> Future for ResponseFuture<F, R, E>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().kind.project() {
            Projected::Inner { future, pending } => {
                let response = ready!(future.poll(context))?;
                Poll::Ready(Ok(match pending.take() {
                    Some(pending) => pending.apply(response),
                    None => response,
                }))
            }
            Projected::Boxed { future } => future.as_mut().poll(context),
            // Polled once more after it was ready, it stays pending.
            Projected::Ready { response } => {
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response)))
            }
        }
    }
}
