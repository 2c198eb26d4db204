//! The body of a response that a page reads.

use rocket::local::{asynchronous, blocking};

use crate::testing::Shared;

impl Shared<blocking::LocalResponse<'_>> {
    /// The body as text. `None` if it is empty or not UTF-8.
    #[must_use]
    pub fn into_string(self) -> Option<String> {
        self.response.into_string()
    }

    /// The body. `None` if it is empty.
    #[must_use]
    pub fn into_bytes(self) -> Option<Vec<u8>> {
        self.response.into_bytes()
    }
}

impl Shared<asynchronous::LocalResponse<'_>> {
    /// The body as text. `None` if it is empty or not UTF-8.
    pub async fn into_string(self) -> Option<String> {
        self.response.into_string().await
    }

    /// The body. `None` if it is empty.
    pub async fn into_bytes(self) -> Option<Vec<u8>> {
        self.response.into_bytes().await
    }
}
