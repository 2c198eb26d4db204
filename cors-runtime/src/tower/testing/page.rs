//! The page that calls.

use std::fmt;
use std::marker::PhantomData;

use super::call::Call;
use crate::testing::{PageParts, page_methods};

/// A page of a web site in a browser, whose script calls the application by requests with bodies of the type `B`.
pub struct Page<B> {
    parts: PageParts,
    bodies: PhantomData<fn() -> B>,
}

impl<B> Page<B> {
    fn of(parts: PageParts) -> Self {
        Page { parts, bodies: PhantomData }
    }

    page_methods! {
        Call<B>,
        calling: {
            ///
            /// ```
            /// # use axum::{Router, body::Body, routing::post};
            /// # use cors_runtime::{cross_origin, tower::testing::Page};
            /// # #[cross_origin(none)]
            /// # struct Own;
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() {
            /// # let mut service = Own.layer().around(Router::new().route("/note", post(|| async {})));
            /// let own = Page::<Body>::at("https://api.example.com").calling("https://api.example.com");
            /// assert!(own.post("/note").send(&mut service).await.is_shared());
            /// let other = Page::<Body>::at("https://app.example.com").calling("https://api.example.com");
            /// assert!(!other.post("/note").send(&mut service).await.is_shared());
            /// # }
            /// ```
        },
        form: {
            ///
            /// ```
            /// # use axum::{Router, body::Body, routing::post};
            /// # use cors_runtime::tower::{ApplicationLayer, testing::Page};
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() {
            /// let mut unprotected = Router::new().route("/account", post(|| async { "deleted" }));
            /// let mut protected = ApplicationLayer::new().protect_all().around(unprotected.clone());
            ///
            /// let form = Page::<Body>::at("https://evil.example.net").form("/account", "delete=yes");
            /// assert!(form.send(&mut unprotected).await.refused().handler_ran());
            /// assert!(!form.send(&mut protected).await.refused().handler_ran());
            /// # }
            /// ```
        }
    }
}

impl<B> Clone for Page<B> {
    fn clone(&self) -> Self {
        Self::of(self.parts.clone())
    }
}

impl<B> fmt::Debug for Page<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page").field("origin", &self.parts.origin).field("server", &self.parts.server).finish()
    }
}
