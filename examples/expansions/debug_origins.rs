//! More origins while developing; every cross-origin request of others is turned away.

use cors_runtime::cross_origin;
use rocket::get;

#[cross_origin(origins = ["https://app.example.com"], debug_origins = ["http://localhost:*"], enforce)]
#[get("/report")]
fn report() -> &'static str {
    "report"
}
