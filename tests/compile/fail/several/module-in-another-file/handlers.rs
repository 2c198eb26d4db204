#[rocket::get("/")]
pub fn index() {}
