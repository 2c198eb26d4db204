//! The whole launch log of a middle-sized application fits on one screen.

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::figment::providers::{Format as _, Toml};
use rocket::http::Method;
use rocket::local::blocking::Client;
use rocket::route::{Route, dummy_handler};
use rocket::{Build, Rocket, delete, get, post, put, routes};

use crate::{about_cors, recorded, rocket};

#[cross_origin(
    origins = ["https://app.example.com", "https://*.preview.example.com"],
    credentials,
    allow_headers = ["content-type"]
)]
mod users {
    use super::*;

    #[get("/")]
    fn list() {}

    #[post("/", format = "json")]
    fn add() {}

    #[get("/<_id>")]
    fn one(_id: u64) {}

    #[put("/<_id>", format = "json")]
    fn change(_id: u64) {}

    #[delete("/<_id>")]
    fn remove(_id: u64) {}

    #[get("/me")]
    fn me() {}

    pub(super) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
        rocket.mount("/api/users", routes![list, add, one, change, remove, me])
    }
}

#[cross_origin(
    origins = ["https://app.example.com", "https://*.preview.example.com"],
    credentials,
    allow_headers = ["content-type"]
)]
mod todos {
    use super::*;

    #[get("/")]
    fn list() {}

    #[post("/", format = "json")]
    fn add() {}

    #[get("/<_id>")]
    fn one(_id: u64) {}

    #[put("/<_id>", format = "json")]
    fn change(_id: u64) {}

    #[cross_origin(inherit, allow_headers = ["x-reason"])]
    #[delete("/<_id>")]
    fn remove(_id: u64) {}

    #[cross_origin(origins = any)]
    #[get("/count")]
    fn count() {}

    pub(super) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
        rocket.mount("/api/todos", routes![list, add, one, change, remove, count])
    }
}

#[cross_origin(origins = [config("partners")], max_age = 600)]
mod feeds {
    use super::*;

    #[get("/feeds")]
    fn list() {}

    #[get("/feeds/<_name>")]
    fn by_name(_name: &str) {}

    #[cross_origin(origins = any)]
    #[get("/feeds/<_id>", rank = 9)]
    fn by_id(_id: u64) {}

    #[cross_origin(origins = any)]
    #[get("/feeds/public")]
    fn public() {}

    #[cross_origin(inherit, origins = ["https://*.github.io"], allow(public_suffix_wildcard))]
    #[post("/feeds")]
    fn add() {}

    pub(super) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
        rocket.mount("/api", routes![list, by_name, by_id, public, add])
    }
}

#[cross_origin(none)]
mod admin {
    use super::*;

    #[get("/sessions")]
    fn sessions() {}

    #[delete("/sessions/<_id>")]
    fn end(_id: u64) {}

    #[cross_origin(origins = ["https://admin.example.com"], debug_origins = ["http://localhost:*"], credentials)]
    #[get("/statistics")]
    fn statistics() {}

    #[cross_origin(none, enforce = false)]
    #[post("/login/callback")]
    fn callback() {}

    pub(super) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
        rocket.mount("/admin", routes![sessions, end, statistics, callback])
    }
}

mod pages {
    use super::*;

    #[get("/")]
    fn home() {}

    #[get("/login")]
    fn login() {}

    #[post("/login")]
    fn log_in() {}

    #[post("/logout")]
    fn log_out() {}

    #[get("/health")]
    fn health() {}

    pub(super) fn mount(rocket: Rocket<Build>) -> Rocket<Build> {
        rocket.mount("/", routes![home, login, log_in, log_out, health])
    }
}

#[cross_origin(origins = ["https://app.example.com"])]
struct App;

#[test]
#[cfg_attr(not(debug_assertions), ignore = "a release build has no `debug_origins`")]
fn the_log_of_26_routes_fits_on_a_screen() {
    let lines = recorded(|| {
        let lists = Toml::string(
            "[default.cors]
             partners = [\"https://a.example.net\", \"https://*.b.example.net\", \"https://c.example\", \"https://d.example\"]
             partner = [\"https://e.example\"]",
        );
        let lists = rocket().figment().clone().merge(lists.nested());
        let rocket = rocket().configure(lists).attach(CrossOrigin::fairing().fallback("/api", App));
        let rocket = [users::mount, todos::mount, feeds::mount, admin::mount, pages::mount]
            .iter()
            .fold(rocket, |rocket, mount| mount(rocket));
        drop(Client::untracked(rocket).expect("launches"));
    });
    let expected = [
        "26 routes: 18 shared with other origins, 2 for own pages only, 1 open to every page's writes, 5 without a policy",
        "11 routes shared with https://app.example.com, https://*.preview.example.com with credentials:",
        "  GET|POST /api/todos, DELETE|GET|PUT /api/todos/<_id>, GET|POST /api/users, DELETE|GET|PUT /api/users/<_id>,",
        "  GET /api/users/me",
        "3 routes shared with any origin: GET /api/feeds/<_id>, GET /api/feeds/public, GET /api/todos/count",
        "2 routes shared with config(\"partners\"): GET /api/feeds, GET /api/feeds/<_name>",
        "1 route shared with https://admin.example.com, http://localhost:* with credentials: GET /admin/statistics",
        "1 route shared with https://*.github.io, config(\"partners\"): POST /api/feeds",
        "3 routes shared with nobody: POST /admin/login/callback, GET /admin/sessions, DELETE /admin/sessions/<_id>",
        "errors below /api are shared with https://app.example.com",
        "config(\"partners\"), from profile default, TOML source string:",
        "  https://a.example.net, https://*.b.example.net, https://c.example, https://d.example",
        "note: `origins = any` on 3 routes; help: list the origins if this is not public",
        "note: `enforce = false` lets every page write to POST /admin/login/callback (callback); help: verify what is sent",
        "note: `allow(public_suffix_wildcard)` on POST /api/feeds (add); help: see `cargo cors rule public_suffix_wildcard`",
        "note: `debug_origins` adds http://localhost:* to GET /admin/statistics (statistics); help: not in release builds",
        "note: no policy names cors.partner, from profile default, TOML source string; help: correct its name, or remove it",
        "note: GET /api/feeds/<_name> (by_name) may forward to GET /api/feeds/<_id> (by_id), which has another policy",
        "help: give both the same policy: the first one's answers preflights, and the last one's answers requests",
        "note: 5 routes have no policy: GET / (home), GET /health (health), GET /login (login) and 2 more",
        "help: other sites can write to 2 of them, which `CrossOrigin::fairing().protect_all()` prevents",
        "note: a page that makes its own name lead to 127.0.0.1:8000 counts as this application's own (DNS rebinding)",
        "help: name the own origins: `cors.own_origins = [\"http://localhost:8000\", \"http://127.0.0.1:8000\"]`",
    ];
    let about = about_cors(&lines);
    assert_eq!(about, expected);
    // With the heading these are the 24 lines of a terminal, and Rocket's mark makes them six characters longer.
    let longest = about.iter().map(|line| line.chars().count() + "   >> ".len()).max();
    assert!(about.len() < 24 && longest <= Some(120), "{} lines of {longest:?} characters", about.len());
}

/// The names and the ranks of this library's own routes are seen by people who have not written them.
#[test]
fn rockets_list_of_routes_shows_what_the_librarys_own_ones_are_for() {
    #[get("/file")]
    fn file() {}

    #[get("/icon")]
    fn icon() {}

    let lines = recorded(|| {
        let rocket = rocket().attach(CrossOrigin::fairing().protect_all());
        let rocket = rocket.mount("/assets", App.cover(routes![file, icon])).mount("/more", App.cover(routes![icon]));
        drop(Client::untracked(rocket).expect("launches"));
    });
    let own: Vec<_> = lines.iter().filter(|line| line.starts_with("INFO: (CORS")).collect();
    let expected = [
        "INFO: (CORS preflights) OPTIONS /<_..>",
        "INFO: (CORS refusals, answered with 403) CONNECT /<_..>",
        "INFO: (CORS cover of 1 route) OPTIONS /more/cors-cover",
        "INFO: (CORS cover of 2 routes) OPTIONS /assets/cors-cover",
    ];
    let mut own: Vec<_> = own.into_iter().map(String::as_str).collect();
    own.sort_by_key(|line| expected.iter().position(|known| known == line));
    assert_eq!(own, expected, "{lines:#?}");
}

/// What does not fit is counted, by path or by mount, and the log says where the rest is.
#[test]
fn many_routes_of_one_policy_are_counted() {
    let launch = |path: fn(usize) -> (String, String), count: usize| {
        let lines = recorded(|| {
            let rocket = (0..count).map(path).fold(rocket(), |rocket, (base, path)| {
                rocket.mount(base, App.cover([Route::new(Method::Get, &path, dummy_handler)]))
            });
            drop(Client::untracked(rocket.attach(CrossOrigin::fairing())).expect("launches"));
        });
        about_cors(&lines).into_iter().map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    let one_mount = [
        "20 routes, all shared with other origins",
        "20 routes shared with https://app.example.com:",
        "  GET /api/of/some/length/0, GET /api/of/some/length/1, GET /api/of/some/length/10, GET /api/of/some/length/11,",
        "  GET /api/of/some/length/12, GET /api/of/some/length/13, GET /api/of/some/length/14 and 13 more",
        "`cargo cors report` lists all routes",
    ];
    assert_eq!(launch(|index| ("/api".to_owned(), format!("/of/some/length/{index}")), 20), one_mount);
    let three_mounts = [
        "20 routes, all shared with other origins",
        "20 routes shared with https://app.example.com: 7 mounted at /api/0, 7 mounted at /api/1, 6 mounted at /api/2",
        "`cargo cors report` lists all routes",
    ];
    assert_eq!(launch(|index| (format!("/api/{}", index % 3), format!("/of/some/length/{index}")), 20), three_mounts);
}
