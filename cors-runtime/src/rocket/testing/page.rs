//! The page that calls.

use super::call::Call;
use crate::testing::{PageParts, page_methods};

/// A page of a web site in a browser, whose script calls the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    parts: PageParts,
}

impl Page {
    fn of(parts: PageParts) -> Self {
        Page { parts }
    }

    page_methods! {
        Call,
        calling: {
            ///
            /// ```
            /// # use cors_runtime::rocket::{CrossOrigin, testing::Page};
            /// # use cors_runtime::cross_origin;
            /// # use rocket::local::blocking::Client;
            /// # #[cross_origin(none)]
            /// # #[rocket::post("/note")]
            /// # fn note() {}
            /// # let rocket = rocket::build().attach(CrossOrigin::fairing()).mount("/", rocket::routes![note]);
            /// # let client = Client::untracked(rocket).expect("launches");
            /// let own = Page::at("https://api.example.com").calling("https://api.example.com");
            /// assert!(own.post("/note").send(&client).is_shared());
            /// let other = Page::at("https://app.example.com").calling("https://api.example.com");
            /// assert!(!other.post("/note").send(&client).is_shared());
            /// ```
        },
        form: {
            /// Rocket takes the value of a first field `_method` for the method.
            ///
            /// ```
            /// # use cors_runtime::rocket::{CrossOrigin, testing::Page};
            /// # use rocket::local::blocking::Client;
            /// #[rocket::delete("/account")]
            /// fn unprotected() {}
            ///
            /// let client = |cors: CrossOrigin| {
            ///     Client::untracked(rocket::build().attach(cors).mount("/", rocket::routes![unprotected])).expect("launches")
            /// };
            /// let form = Page::at("https://evil.example.net").form("/account", "_method=DELETE");
            /// assert!(form.send(&client(CrossOrigin::fairing())).refused().handler_ran());
            /// assert!(!form.send(&client(CrossOrigin::fairing().protect_all())).refused().handler_ran());
            /// ```
        }
    }
}
