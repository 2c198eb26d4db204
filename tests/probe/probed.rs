//! Launches the application that the tests of `cargo cors probe` ask.

mod application;

#[rocket::main]
async fn main() -> Result<(), Box<rocket::Error>> {
    application::rocket().launch().await.map(drop).map_err(Box::new)
}
