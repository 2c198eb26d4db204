//! Another attribute stands in between: it is expanded first, and then `#[cross_origin]` once more.
//!
//! This is what `#[cross_origin]` generates for the file of the same name beside this one.

use cors_runtime::cross_origin;
use rocket::delete;
use rocket_grants::protect;

#[doc(hidden)]
#[allow(dead_code, non_camel_case_types)]
struct __cross_origin_kept_clear_b83be2705c9612cc {}

#[allow(dead_code, non_camel_case_types, unreachable_pub)]
mod __cross_origin_kept_clear_b83be2705c9612cc_or_not {
    pub struct clear {}
}

#[allow(unused_imports)]
use __cross_origin_kept_clear_b83be2705c9612cc_or_not::*;

#[allow(dead_code)]
const _: () = {
    use ::cors_runtime::__private::rocket::dropped::IntoInfo as _;
    fn check(handler: clear) {
        ::cors_runtime::__private::rocket::dropped::has_policy(handler.into_info())
    }
};

#[allow(clippy::unused_async)]
#[protect("ADMIN")]
#[::cors_runtime::__private::rocket::directly_above(
    origins = ["https://app.example.com"]
)]
#[delete("/users")]
async fn clear() {}
