//! Profiles: the configuration says whom an API is shared with, and can change while the API runs.
//!
//! `config("partners")` in a policy stands for the list `cors.partners` of the application's Rocket configuration. Each
//! profile of `Rocket.toml` has its own, the environment goes before the file, and SIGHUP reloads the lists
//! (`reload.rs`). The outputs show the status and the headers that are about CORS.
//!
//! ```text
//! $ cargo run -p examples --bin profiles
//! $ curl -si -H 'Origin: http://localhost:3000' http://127.0.0.1:8000/orders
//! HTTP/1.1 200 OK
//! access-control-allow-origin: http://localhost:3000
//! access-control-allow-credentials: true
//! vary: Origin
//! ```
//!
//! The list of another profile, asked by a preflight:
//!
//! ```text
//! $ ROCKET_PROFILE=release cargo run -p examples --bin profiles
//! $ curl -si -X OPTIONS -H 'Origin: https://a.shops.example.net' -H 'Access-Control-Request-Method: GET' \
//!     http://127.0.0.1:8000/orders
//! HTTP/1.1 204 No Content
//! vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
//! access-control-allow-origin: https://a.shops.example.net
//! access-control-allow-credentials: true
//! access-control-allow-methods: GET
//! ```
//!
//! What would not compile in the source does not launch from the configuration. The log names the rule, the profile,
//! the file and the handlers:
//!
//! ```text
//! $ ROCKET_CORS='{partners=["https://partner.example.org/"]}' cargo run -p examples --bin profiles
//! Error: Invalid origin lists in the configuration:
//!    >> cors.partners: `https://partner.example.org/` is a URL, not an origin: origins end after the host or port
//! …
//! ```
//!
//! To change a list of the running application, edit `Rocket.toml` and send the signal. With
//! `https://partner.example.org` as the partner of the profile `debug`:
//!
//! ```text
//! $ pkill -HUP -x profiles
//! $ curl -si -H 'Origin: https://partner.example.org' http://127.0.0.1:8000/orders
//! HTTP/1.1 200 OK
//! access-control-allow-origin: https://partner.example.org
//! access-control-allow-credentials: true
//! vary: Origin
//! ```
//!
//! A list that is not valid changes nothing, and the log says what is wrong with it.

#[cfg(unix)]
mod reload;

use std::process::ExitCode;

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::figment::providers::{Env, Format, Toml};
use rocket::figment::{Figment, Profile};
use rocket::fs::relative;
use rocket::{Build, Config, Rocket, get, routes};

#[rocket::main]
async fn main() -> ExitCode {
    match rocket().launch().await {
        Ok(_) => ExitCode::SUCCESS,
        // The log has said why: with `#[launch]`, a panic would say so once more.
        Err(error) => {
            eprintln!("not launched: {}", error.kind());
            ExitCode::FAILURE
        }
    }
}

fn rocket() -> Rocket<Build> {
    let rocket = rocket::custom(configuration()).attach(CrossOrigin::fairing()).mount("/", routes![orders, status]);
    #[cfg(unix)]
    let rocket = rocket.attach(reload::on_hangup(configuration));
    rocket
}

/// The configuration that `rocket::build()` reads, except for the place of the file: there it is `Rocket.toml` in the
/// working directory or above, here the one beside this source. The environment overrides the file.
fn configuration() -> Figment {
    let file = Env::var_or("ROCKET_CONFIG", relative!("profiles/Rocket.toml"));
    Figment::from(Config::default())
        .merge(Toml::file(file).nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(Profile::from_env_or("ROCKET_PROFILE", Config::DEFAULT_PROFILE))
}

/// The list of the configuration, beside an origin that is the same in every profile.
///
/// The list is checked under the policy that names it. With `credentials`, plain `http` is refused there too, but to
/// this machine.
#[cross_origin(origins = ["https://app.example.com", config("partners")], credentials)]
#[get("/orders")]
fn orders() -> &'static str {
    "2 orders\n"
}

#[cross_origin(origins = [config("monitors")])]
#[get("/status")]
fn status() -> &'static str {
    "up\n"
}
