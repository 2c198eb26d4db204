//! An application behind a real socket.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use axum::ServiceExt as _;
use axum::extract::Request;
use axum::response::Response;
use rocket::fairing::AdHoc;
use rocket::tokio::sync::Notify;
use rocket::{Build, Error, Rocket, Shutdown, tokio};
use tower::Service;

/// An application that serves requests on a free port, until it is dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    shutdown: Stop,
    /// `None` only while it is dropped.
    thread: Option<JoinHandle<()>>,
}

/// How a server is told to end.
#[derive(Debug)]
enum Stop {
    Rocket(Shutdown),
    Axum(Arc<Notify>),
}

impl Server {
    /// Launches the application on the loopback interface, and returns once it serves requests.
    ///
    /// Address, port and log level are taken from the tests; all other configuration stays.
    ///
    /// # Errors
    /// The launch was refused: what Rocket says of it, with the details of the error's kind.
    pub fn launch(rocket: Rocket<Build>) -> Result<Self, String> {
        let figment = rocket
            .figment()
            .clone()
            .merge(("address", Ipv4Addr::LOCALHOST))
            .merge(("port", 0))
            .merge(("log_level", "off"))
            // One application among several of a test has no business with the terminal's signals.
            .merge(("shutdown.ctrlc", false))
            .merge(("shutdown.grace", 1))
            .merge(("shutdown.mercy", 1));
        let (sender, launched) = mpsc::channel();
        let refused = sender.clone();
        let lifted_off = AdHoc::on_liftoff("Tell the test which port it is", move |rocket| {
            let server = (rocket.config().port, rocket.shutdown());
            // The receiver is gone only where nobody waits any longer.
            let _ = sender.send(Ok(server));
            Box::pin(async {})
        });
        let rocket = rocket.configure(figment).attach(lifted_off);
        let thread = thread::spawn(move || {
            if let Err(error) = serve(rocket) {
                let _ = refused.send(Err(error));
            }
        });
        match launched.recv() {
            Ok(Ok((port, shutdown))) => Ok(Server { port, shutdown: Stop::Rocket(shutdown), thread: Some(thread) }),
            Ok(Err(refused)) => Err(refused),
            Err(_) => Err("the launch panicked".to_owned()),
        }
    }

    /// Serves this service on the loopback interface by axum's server, over HTTP/1.1 and HTTP/2.
    ///
    /// # Panics
    /// There is no free port, or no thread.
    #[must_use]
    pub fn serve<S>(service: S) -> Self
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        listener.set_nonblocking(true).expect("a listener for tokio");
        let port = listener.local_addr().expect("an address").port();
        let stop = Arc::new(Notify::new());
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            runtime().expect("a runtime").block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                let serve = axum::serve(listener, service.into_make_service());
                // What is still open when the test ends is cut off.
                tokio::select! {
                    served = serve => served.expect("serves"),
                    () = stopped.notified() => {}
                }
            });
        });
        Server { port, shutdown: Stop::Axum(stop), thread: Some(thread) }
    }

    /// The port that the application listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address that the application listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// The URL of a path, which starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        match &self.shutdown {
            Stop::Rocket(shutdown) => shutdown.clone().notify(),
            Stop::Axum(stop) => stop.notify_one(),
        }
        if let Some(thread) = self.thread.take() {
            // A panic of the server's thread is on the terminal already, and must not become an abort here.
            let _ = thread.join();
        }
    }
}

/// Runs the application until it is shut down, on a runtime that no other test uses.
fn serve(rocket: Rocket<Build>) -> Result<(), String> {
    let runtime = runtime().map_err(|error| format!("no runtime: {error}"))?;
    // `Display` names the kind of the error and `Debug` has the routes, fairings or sentinels.
    let text = |error: Error| format!("{error}: {error:?}");
    runtime.block_on(rocket.launch()).map(drop).map_err(text)
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}
