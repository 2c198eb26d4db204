//! Profiles: who an API is shared with is written in the configuration, and can change while it runs.
//!
//! TODO

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

/// What `rocket::build()` reads, but for the place of the file: there it is `Rocket.toml` in the working directory or
/// above, here the one beside this source. What stands in the environment goes before what stands in the file.
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
