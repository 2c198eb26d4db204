//! The pages in `docs/migration`, so that their examples are tested.

#[doc = include_str!("../../docs/migration/README.md")]
mod index {}

#[doc = include_str!("../../docs/migration/spring.md")]
mod spring {}

#[doc = include_str!("../../docs/migration/flask-cors.md")]
mod flask_cors {}

#[doc = include_str!("../../docs/migration/express.md")]
mod express {}

#[doc = include_str!("../../docs/migration/django-cors-headers.md")]
mod django_cors_headers {}

#[doc = include_str!("../../docs/migration/rocket_cors.md")]
mod rocket_cors {}

#[doc = include_str!("../../docs/migration/tower-http.md")]
mod tower_http {}

#[doc = include_str!("../../docs/migration/actix-cors.md")]
mod actix_cors {}

#[doc = include_str!("../../docs/migration/jub0bs-cors.md")]
mod jub0bs_cors {}
