//! What the log says of launches: routes with one audience, and what makes a route one that matters.

use cors_runtime::cross_origin;
use cors_runtime::rocket::CrossOrigin;
use rocket::local::blocking::Client;
use rocket::{get, post, put, routes};

use crate::launches::{item, put_item};
use crate::{about_cors, recorded, rocket};

#[get("/one")]
fn one() {}

#[post("/json", format = "json")]
fn unshared_json() {}

mod first {
    pub(super) async fn is_tenant(_: &cors_runtime::Origin<'_>, _: &rocket::Request<'_>) -> bool {
        false
    }
}

mod second {
    pub(super) async fn is_tenant(_: &cors_runtime::Origin<'_>, _: &rocket::Request<'_>) -> bool {
        true
    }
}

mod checked_first {
    use super::first::is_tenant;

    #[cors_runtime::cross_origin(origins = [check(is_tenant)])]
    #[rocket::get("/checked/first")]
    pub(super) fn one() {}

    #[cors_runtime::cross_origin(origins = [check(is_tenant)], max_age = 5)]
    #[rocket::get("/checked/first/too")]
    pub(super) fn two() {}
}

mod checked_second {
    use super::second::is_tenant;

    #[cors_runtime::cross_origin(origins = [check(is_tenant)])]
    #[rocket::get("/checked/second")]
    pub(super) fn one() {}
}

#[cross_origin(origins = ["https://app.example.com"], expose_headers = ["x-total"])]
#[get("/exposes")]
fn exposes() {}

#[cross_origin(origins = ["https://app.example.com"], max_age = 60, allow_headers = ["x-token"])]
#[put("/remembered")]
fn remembered() {}

#[cross_origin(origins = ["https://app.example.com"], allow(content_type_not_allowed), enforce = false)]
#[post("/accepted", format = "json")]
fn accepted() {}

/// Which pages may call a route is what the launch says. The policies differ in all else.
#[test]
fn routes_with_one_audience_stand_together() {
    let launch = |routes| {
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes);
        let lines = recorded(|| drop(Client::untracked(rocket).expect("launches")));
        let about = about_cors(&lines).into_iter().filter(|line| line.contains(" shared with ") && line.contains(": "));
        about.filter(|line| line.contains('/')).map(ToOwned::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        launch(routes![item, exposes, remembered, accepted]),
        [
            "4 routes shared with https://app.example.com: POST /accepted, GET /exposes, GET /items/<_id>, PUT /remembered"
        ]
    );
    // Two functions of one name are two audiences.
    assert_eq!(
        launch(routes![checked_first::one, checked_first::two, checked_second::one]),
        [
            "2 routes shared with check(is_tenant): GET /checked/first, GET /checked/first/too",
            "1 route shared with check(is_tenant): GET /checked/second",
        ]
    );
}

/// The three types that a form sends, and those that take one of them.
#[test]
fn routes_that_a_form_can_write_to_are_said() {
    for (format, is_said) in [
        ("application/x-www-form-urlencoded", true),
        ("multipart/form-data", true),
        ("text/plain", true),
        ("text/*", true),
        ("*/*", true),
        ("application/json", false),
        ("text/html", false),
    ] {
        let mut routes = routes![unshared_json];
        routes[0].format = Some(format.parse().expect("a media type"));
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes);
        let lines = recorded(|| drop(Client::untracked(rocket).expect("launches")));
        assert_eq!(lines.iter().any(|line| line.contains("other sites can write")), is_said, "{format}: {lines:#?}");
    }
}

#[cross_origin(origins = ["https://app.example.com"], credentials)]
#[get("/as-user")]
fn as_user() {}

/// A page that is taken for an own one can read what is for users, and write.
#[test]
fn rebinding_is_said_where_it_matters() {
    for (routes, is_said) in [(routes![as_user], true), (routes![put_item], true), (routes![item, one], false)] {
        let name = routes[0].name.clone();
        let rocket = rocket().attach(CrossOrigin::fairing()).mount("/", routes);
        let lines = recorded(|| drop(Client::untracked(rocket).expect("launches")));
        assert_eq!(lines.iter().any(|line| line.contains("DNS rebinding")), is_said, "{name:?}: {lines:#?}");
    }
}
