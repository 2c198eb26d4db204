//! `config("name")` and `check(path)`: origins that are known at launch, or when they are asked about.

use cors_runtime::rocket::OriginLists;
use cors_runtime::{Origin, cross_origin};
use rocket::serde::json::Json;
use rocket::{Request, State, post, routes};

use crate::api::handlers;
use crate::table::Place::{Below, Friend, LookAlike, Page, Sandboxed, Stranger};
use crate::table::{Topic, case};

handlers! {
    #[cross_origin(origins = [config("friends")])]
    get friends "/lists/friends";

    #[cross_origin(origins = [config("friends")])]
    put friends_put "/lists/friends";

    #[cross_origin(origins = ["http://localhost:8701", config("friends")], credentials)]
    get page_and_friends "/lists/page-and-friends";

    #[cross_origin(origins = [config("late")])]
    get late "/lists/late";

    #[cross_origin(origins = [config("late")])]
    put late_put "/lists/late";

    #[cross_origin(origins = [check(is_tenant)])]
    get tenants "/checks";

    #[cross_origin(origins = [check(is_tenant)], credentials)]
    put tenants_put "/checks";

    #[cross_origin(origins = [check(is_tenant)])]
    post tenants_post "/checks";

    #[cross_origin(origins = [check(panics)])]
    get broken_check "/checks/panics";

    #[cross_origin(origins = ["http://localhost:8701", config("friends"), check(is_tenant)])]
    get all_kinds "/checks/all-kinds";
}

async fn is_tenant(origin: &Origin<'_>, _: &Request<'_>) -> bool {
    rocket::tokio::task::yield_now().await;
    origin.is_subdomain_of("app.localhost")
}

async fn panics(_: &Origin<'_>, _: &Request<'_>) -> bool {
    panic!("on purpose: that does not allow anything")
}

/// Reads the list `late` again, as an application does that is told to.
#[post("/lists/reload", data = "<origins>")]
fn reload(origins: Json<Vec<String>>, lists: &State<OriginLists>) -> Result<(), String> {
    let figment = rocket::Config::figment().merge(("cors.friends", ["https://friend.example.com"]));
    lists.reload(&figment.merge(("cors.late", origins.into_inner()))).map_err(|errors| errors.to_string())
}

pub fn topic() -> Topic {
    Topic {
        title: "Lists and checks",
        file: "lists.rs",
        routes: [plain_routes(), routes![reload]].concat(),
        cases: vec![
            case("list", Friend, "call('/lists/friends')", "read 200", "GET ran"),
            case("list-stranger", Stranger, "call('/lists/friends')", "refused", "GET ran"),
            case("list-other", Page, "call('/lists/friends')", "refused", "GET ran"),
            case("list-put", Friend, "call('/lists/friends', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("list-put-stranger", Stranger, "call('/lists/friends', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("list-null", Sandboxed, "call('/lists/friends')", "refused", "GET null ran"),
            case(
                "list-beside-literal",
                Friend,
                "call('/lists/page-and-friends', { credentials: 'include' })",
                "read 200",
                "GET cookie ran",
            ),
            case(
                "list-beside-literal-page",
                Page,
                "call('/lists/page-and-friends', { credentials: 'include' })",
                "read 200",
                "GET cookie ran",
            ),
            case(
                "list-beside-literal-stranger",
                Stranger,
                "call('/lists/page-and-friends', { credentials: 'include' })",
                "refused",
                "GET cookie ran",
            ),
            case("check", Below, "call('/checks')", "read 200", "GET ran"),
            case("check-stranger", Stranger, "call('/checks')", "refused", "GET ran"),
            case("check-look-alike", LookAlike, "call('/checks')", "refused", "GET ran"),
            case("check-null", Sandboxed, "call('/checks')", "refused", "GET null ran"),
            case("check-put", Below, "call('/checks', { method: 'PUT' })", "read 200", "OPTIONS PUT, PUT ran"),
            case("check-put-look-alike", LookAlike, "call('/checks', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case("check-post", Below, "call('/checks', { method: 'POST' })", "read 200", "POST ran"),
            case("check-post-look-alike", LookAlike, "call('/checks', { method: 'POST' })", "refused", "POST"),
            case("check-panics", Below, "call('/checks/panics')", "refused", "GET ran"),
            case("all-kinds-page", Page, "call('/checks/all-kinds')", "read 200", "GET ran"),
            case("all-kinds-friend", Friend, "call('/checks/all-kinds')", "read 200", "GET ran"),
            case("all-kinds-below", Below, "call('/checks/all-kinds')", "read 200", "GET ran"),
            case("all-kinds-stranger", Stranger, "call('/checks/all-kinds')", "refused", "GET ran"),
            // From here on the list changes while the page is open.
            case("reload-before", Stranger, "call('/lists/late')", "refused", "GET ran"),
            case("reload-before-put", Stranger, "call('/lists/late', { method: 'PUT' })", "refused", "OPTIONS PUT"),
            case(
                "reload-adds",
                Stranger,
                "[await reload([location.origin]), await call('/lists/late')]",
                "opaque, read 200",
                "GET ran",
            ),
            case(
                "reload-adds-put",
                Stranger,
                "call('/lists/late', { method: 'PUT' })",
                "read 200",
                "OPTIONS PUT, PUT ran",
            ),
            case("reload-adds-no-other", Page, "call('/lists/late')", "refused", "GET ran"),
            // A list that is not valid changes nothing.
            case(
                "reload-refused",
                Stranger,
                "[await reload(['http://localhost:8701/']), await call('/lists/late')]",
                "opaque, read 200",
                "GET ran",
            ),
            case(
                "reload-removes",
                Stranger,
                "[await reload([]), await call('/lists/late'), await call('/lists/late', { method: 'PUT' })]",
                "opaque, refused, refused",
                "GET ran, OPTIONS PUT",
            ),
        ],
    }
}
