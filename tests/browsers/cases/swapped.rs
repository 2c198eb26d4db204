//! A policy that is swapped while the page is open: the application stops, and its next version starts in its place.

use std::sync::{Arc, Mutex, PoisonError};

use cors_runtime::rocket::CrossOrigin;
use cors_tests::Server;
use rocket::fairing::AdHoc;
use rocket::tokio::task::spawn_blocking;
use rocket::{Build, Rocket};

use crate::record::Record;
use crate::table::Place::{App, Page, Stranger};
use crate::table::{Topic, case};

/// The application that is swapped.
#[derive(Clone, Debug)]
pub struct Swapped {
    record: Record,
    port: u16,
    /// `None` only between two versions.
    server: Arc<Mutex<Option<Server>>>,
}

impl Swapped {
    /// Launches the first version.
    pub fn launch(record: &Record) -> Self {
        let server =
            Server::launch(version(before::plain_routes(), record)).unwrap_or_else(|refused| panic!("{refused}"));
        Swapped { record: record.clone(), port: server.port(), server: Arc::new(Mutex::new(Some(server))) }
    }

    pub fn address(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Puts the second version in the place of the first.
    pub async fn swap(&self) {
        let swapped = self.clone();
        // A server waits for its end when it is dropped, which nobody may on an asynchronous thread.
        let swap = spawn_blocking(move || {
            let mut server = swapped.server.lock().unwrap_or_else(PoisonError::into_inner);
            server.take();
            let port = swapped.port;
            let same_port = AdHoc::on_ignite("Port", move |rocket| async move {
                let figment = rocket.figment().clone().merge(("port", port));
                rocket.configure(figment)
            });
            let next = version(after::plain_routes(), &swapped.record).attach(same_port);
            *server = Some(Server::launch(next).unwrap_or_else(|refused| panic!("{refused}")));
        });
        swap.await.expect("the next version launches");
    }
}

fn version(routes: Vec<rocket::Route>, record: &Record) -> Rocket<Build> {
    rocket::build()
        .attach(CrossOrigin::fairing())
        .attach(record.fairing("swapped"))
        .manage(record.clone())
        .mount("/", routes)
}

mod before {
    use cors_runtime::cross_origin;

    crate::api::handlers! {
        #[cross_origin(origins = ["http://localhost:8701"], max_age = 600)]
        get theme "/theme";

        #[cross_origin(origins = ["http://localhost:8701"], max_age = 600)]
        put set_theme "/theme";
    }
}

mod after {
    use cors_runtime::cross_origin;

    crate::api::handlers! {
        #[cross_origin(origins = ["http://app.localhost:8701"], max_age = 600)]
        get theme "/theme";

        #[cross_origin(origins = ["http://app.localhost:8701"], max_age = 600)]
        put set_theme "/theme";
    }
}

pub fn topic() -> Topic {
    Topic {
        title: "Another policy while the page is open",
        file: "swapped.rs",
        // They are not the application's: the swapped ones have their own.
        routes: Vec::new(),
        cases: vec![
            case("swap-before", Page, "call(url('/theme', swapped))", "read 200", "swapped GET ran"),
            case("swap-before-other", App, "call(url('/theme', swapped))", "refused", "swapped GET ran"),
            // The browser remembers the grant and does not ask again. The next version turns the request away.
            case(
                "swap",
                Page,
                "[await call(url('/theme', swapped), { method: 'PUT' }), await fetch('/swap', { method: 'POST' }).then(() => 'swapped'), await call(url('/theme', swapped), { method: 'PUT' })]",
                "read 200, swapped, refused",
                "swapped OPTIONS PUT, swapped PUT ran, swapped PUT",
            ),
            case("swap-after", Page, "call(url('/theme', swapped))", "refused", "swapped GET ran"),
            case(
                "swap-after-put",
                Page,
                "call(url('/theme', swapped), { method: 'PUT' })",
                "refused",
                "swapped OPTIONS PUT",
            ),
            case("swap-after-other", App, "call(url('/theme', swapped))", "read 200", "swapped GET ran"),
            case(
                "swap-after-other-put",
                App,
                "call(url('/theme', swapped), { method: 'PUT' })",
                "read 200",
                "swapped OPTIONS PUT, swapped PUT ran",
            ),
            case(
                "swap-after-stranger",
                Stranger,
                "call(url('/theme', swapped), { method: 'PUT' })",
                "refused",
                "swapped OPTIONS PUT",
            ),
        ],
    }
}
