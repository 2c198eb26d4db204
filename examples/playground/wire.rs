//! The wire between the browsers and the API: passes everything on, and notes the heads of requests and answers.
//!
//! The application itself cannot note what it answers. The CORS headers are set last, so no code of the application
//! sees them.

use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, TcpListener as StdListener};

use rocket::fairing::AdHoc;
use rocket::tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, copy};
use rocket::tokio::net::{TcpListener, TcpStream};
use rocket::tokio::{select, spawn};

use crate::calls::{Exchange, Journal, without_values_of_cookies};

/// How long a head may be, in bytes. What is longer is passed on and not noted.
const HEAD: usize = 16 * 1024;

/// Accepts the browsers' connections here, and passes them on to the server that this is attached to. That server has
/// to close each connection after one answer (`keep_alive` of 0).
pub(crate) fn stage(listener: StdListener) -> AdHoc {
    AdHoc::on_liftoff("Wire", |rocket| {
        Box::pin(async move {
            let journal = rocket.state::<Journal>().cloned().unwrap_or_default();
            let port = rocket.config().port;
            let accepted = listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener));
            match accepted {
                Ok(listener) => drop(spawn(accept(listener, port, journal))),
                Err(error) => eprintln!("Nobody listens for the API: {error}."),
            }
        })
    })
}

async fn accept(listener: TcpListener, port: u16, journal: Journal) {
    loop {
        // One that fails is the browser's affair.
        if let Ok((browser, _)) = listener.accept().await {
            let journal = journal.clone();
            spawn(async move { pass(browser, port, &journal).await });
        }
    }
}

/// Passes one request on, and its answer back.
async fn pass(mut browser: TcpStream, port: u16, journal: &Journal) -> io::Result<()> {
    let request = head(&mut browser).await?;
    if request.is_empty() {
        // Browsers open connections in advance and do not use all of them.
        return Ok(());
    }
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    server.write_all(&request).await?;
    let (mut from_browser, mut to_browser) = browser.split();
    let (mut from_server, mut to_server) = server.split();
    let answer = async {
        let answer = head(&mut from_server).await?;
        // Before the page has the answer, since it asks the journal as soon as it has.
        if let Some(name) = name(&request) {
            journal.answered(name, Exchange { sent: lines(&request), answered: lines(&answer) });
        }
        to_browser.write_all(&answer).await?;
        copy(&mut from_server, &mut to_browser).await?;
        to_browser.shutdown().await
    };
    let body = async {
        // If the browser has nothing more to send, the answer is still to come.
        let _ = copy(&mut from_browser, &mut to_server).await;
        pending().await
    };
    select! {
        done = answer => done,
        done = body => done,
    }
}

/// What comes until a head is complete; the start of the body may be there as well.
async fn head(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    while end(&read).is_none() && read.len() < HEAD {
        if from.read_buf(&mut read).await? == 0 {
            break;
        }
    }
    Ok(read)
}

/// Where the head ends.
fn end(read: &[u8]) -> Option<usize> {
    read.windows(4).position(|bytes| bytes == b"\r\n\r\n")
}

/// The lines of a head.
fn lines(read: &[u8]) -> Vec<String> {
    let head = String::from_utf8_lossy(&read[..end(read).unwrap_or_default()]);
    head.split("\r\n").filter(|line| !line.is_empty()).map(without_values_of_cookies).collect()
}

/// The name of the call that a request belongs to. The page puts it last into the query.
fn name(request: &[u8]) -> Option<&str> {
    let line = request.split(|byte| *byte == b'\r').next()?;
    let target = std::str::from_utf8(line).ok()?.split(' ').nth(1)?;
    let (_, name) = target.rsplit_once("call=")?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};

    use rocket::Config;
    use rocket::config::LogLevel;
    use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use rocket::tokio::net::TcpStream;
    use rocket::tokio::spawn;

    use super::{lines, name, stage};
    use crate::addresses::Addresses;
    use crate::api;

    async fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("the wire listens");
        stream.write_all(request.as_bytes()).await.expect("it takes a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("it answers");
        answer
    }

    #[rocket::async_test]
    async fn what_went_over_the_wire_is_noted() {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("a port");
        let config = Config { keep_alive: 0, port: 0, log_level: LogLevel::Off, ..Config::debug_default() };
        let server = spawn(api::rocket(&config, &Addresses::new(1, 2, 3)).attach(stage(listener)).launch());
        let preflight = "OPTIONS /items/7?call=n HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:8001\r\n\
                         Access-Control-Request-Method: DELETE\r\nCookie: a=secret\r\n\r\n";
        let answer = ask(address, preflight).await;
        let noted = ask(address, "GET /calls/n HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        let root = ask(address, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
        server.abort();
        assert!(answer.starts_with("HTTP/1.1 204 No Content\r\n"), "{answer}");
        for line in answer.lines().chain(preflight.lines()).filter(|line| !line.is_empty() && !line.contains("secret"))
        {
            assert!(noted.contains(&format!("\"{line}\"")), "no {line} in {noted}");
        }
        assert!(noted.contains("DELETE /items/<id> (remove_item)") && !noted.contains("secret"), "{noted}");
        assert!(root.contains("href=\"http://localhost:2\"") && root.contains("&lt;id&gt;"), "{root}");
    }

    #[test]
    fn a_head_is_noted_without_the_values_of_cookies() {
        let read = b"PUT /x?a=1&call=n-1 HTTP/1.1\r\ncookie: a=secret; b=c=d\r\nx: y\r\n\r\nbody\r\n\r\n";
        assert_eq!(lines(read), ["PUT /x?a=1&call=n-1 HTTP/1.1", "cookie: a=…; b=…", "x: y"]);
        assert_eq!(name(read), Some("n-1"));
    }

    #[test]
    fn what_is_not_a_head_is_not_noted() {
        assert!(lines(b"PUT /x?call=1 HTTP/1.1\r\ncookie: a=secret").is_empty());
        assert_eq!(name(b"\xff\xfe"), None);
    }
}
