//! Tenants: an API for the pages of customers, who come and go while it runs.
//!
//! The customers are in a database, so no list in the source can name them. `check(is_tenant)` in the policy asks a
//! function of the application, which asks a cache, which asks the database (`directory.rs`).
//!
//! ```text
//! $ ROCKET_ADMIN_TOKEN=open-sesame cargo run -p tenants
//! ```
//!
//! Two tenants are there at the start, `https://acme.example.com` and `https://shop.globex.example`. One of
//! their pages gets this answer, with the cookies of its visitor (the outputs show the status and the headers that are
//! about CORS):
//!
//! ```text
//! $ curl -si -H 'Origin: https://acme.example.com' http://127.0.0.1:8000/cart
//! HTTP/1.1 200 OK
//! access-control-allow-origin: https://acme.example.com
//! access-control-allow-credentials: true
//! vary: Origin
//! ```
//!
//! A browser asks this before a page may send JSON. The page does not belong to a tenant yet:
//!
//! ```text
//! $ curl -si -X OPTIONS -H 'Origin: https://initech.example.com' -H 'Access-Control-Request-Method: PUT' \
//!     -H 'Access-Control-Request-Headers: content-type' http://127.0.0.1:8000/cart
//! HTTP/1.1 403 Forbidden
//! vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
//! ```
//!
//! This adds the tenant. From then on the answer is `204 No Content`, with all that the policy allows:
//!
//! ```text
//! $ curl -si -H 'Authorization: Bearer open-sesame' --json '{"name": "initech"}' http://127.0.0.1:8000/admin/tenants
//! HTTP/1.1 201 Created
//! ```

mod directory;
#[cfg(test)]
mod tests;

use cors_runtime::rocket::CrossOrigin;
use cors_runtime::{Origin, cross_origin};
use rocket::fairing::AdHoc;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use rocket::serde::Deserialize;
use rocket::serde::json::Json;
use rocket::{Build, Request, Rocket, State, error, get, launch, post, put, routes};

use directory::Directory;

#[launch]
fn rocket() -> Rocket<Build> {
    let directory = AdHoc::try_on_ignite("Directory", |rocket| async {
        match Directory::open().await {
            Ok(directory) => Ok(rocket.manage(directory)),
            Err(failure) => {
                error!("The directory of tenants cannot be opened: {failure}");
                Err(rocket)
            }
        }
    });
    rocket::build()
        .attach(CrossOrigin::fairing())
        .attach(directory)
        .mount("/", routes![cart, fill_cart])
        .mount("/admin", routes![add_tenant])
}

/// The policy of everything that a tenant's pages call.
///
/// With `credentials` the page of each tenant acts as its visitor. The handlers have to make
/// sure that it does not see what the visitor has with another tenant.
#[cross_origin(origins = [check(is_tenant)], credentials, allow_headers = ["content-type"], max_age = 60)]
struct Tenants;

/// Whether an origin is a tenant's. If that cannot be found out, the answer is no.
///
/// This is called at most once for each request, and never for `null` or for text that is not an origin.
async fn is_tenant(origin: &Origin<'_>, request: &Request<'_>) -> bool {
    let Some(directory) = request.rocket().state::<Directory>() else { return false };
    directory.has(origin).await.unwrap_or_else(|failure| {
        error!("Whether {origin} is a tenant cannot be found out: {failure}");
        false
    })
}

#[cross_origin(policy = Tenants)]
#[get("/cart")]
fn cart() -> &'static str {
    "2 anvils\n"
}

/// A request from an origin that is not a tenant's reaches neither this nor the guards: it is answered with 403.
#[cross_origin(policy = Tenants)]
#[put("/cart", format = "json", data = "<items>")]
fn fill_cart(items: Json<Vec<String>>) -> String {
    format!("{} items\n", items.into_inner().len())
}

/// A tenant as the administrator writes it. Without its own domain it gets one below `example.com`.
#[derive(Deserialize)]
#[serde(crate = "rocket::serde")]
struct NewTenant {
    name: String,
    domain: Option<String>,
}

/// No attribute, so no page of another origin can call this or read what it says.
#[post("/tenants", format = "json", data = "<tenant>")]
async fn add_tenant(tenant: Json<NewTenant>, _admin: Admin, directory: &State<Directory>) -> (Status, &'static str) {
    let NewTenant { name, domain } = tenant.into_inner();
    let host = domain.unwrap_or_else(|| format!("{name}.example.com"));
    // Only an origin that a browser would send can ever match.
    let origin = format!("https://{host}");
    let Some(origin) = Origin::parse(origin.as_bytes()).filter(|origin| origin.host() == host) else {
        return (Status::UnprocessableEntity, "the domain is not one that a browser would send\n");
    };
    match directory.add(&name, &origin).await {
        Ok(true) => (Status::Created, "added\n"),
        Ok(false) => (Status::Conflict, "there is such a tenant\n"),
        Err(failure) => {
            error!("The tenant at {origin} is not added: {failure}");
            (Status::InternalServerError, "not added\n")
        }
    }
}

/// Accepts requests with the token of the configuration, `ROCKET_ADMIN_TOKEN`. If none is configured, it accepts none.
struct Admin;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Admin {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let expected: Option<String> = request.rocket().figment().extract_inner("admin_token").ok();
        let authorization = request.headers().get_one("Authorization");
        match (expected, authorization.and_then(|value| value.strip_prefix("Bearer "))) {
            (Some(expected), Some(token)) if token == expected => Outcome::Success(Admin),
            _ => Outcome::Error((Status::Unauthorized, ())),
        }
    }
}
