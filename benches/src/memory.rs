//! Whether memory stays as it is: millions of requests over HTTP, most of them from origins that are refused and that
//! are never the same, while the lists of the configuration are read again every second.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use cors_runtime::rocket::OriginLists;
use rocket::fairing::AdHoc;
use rocket::tokio::{spawn, time::interval};

use crate::applications::{Application, List, Way};
use crate::load::Server;
use crate::table::{Table, count};
use crate::{Result, page};

const CONNECTIONS: u64 = 4;
/// How many requests a connection writes before it reads the answers.
const BATCH: u64 = 100;
/// How much more the second half may take at its highest than the first half: lists of different length come and go.
const GROWTH: f64 = 1.25;

/// The process of the server.
pub(crate) fn serve(port: &str) -> Result<()> {
    let port = port.parse()?;
    let application = |count| Application { list: List::Configured(count), ..Application::small(Way::Library) };
    let figments = [1_000, 10_000].map(|count| application(count).figment(port));
    let reloads = AdHoc::on_liftoff("Reloads", |rocket| {
        Box::pin(async move {
            let lists = rocket.state::<OriginLists>().expect("the library's fairing is attached").clone();
            spawn(async move {
                let mut seconds = interval(Duration::from_secs(1));
                // One list after the other: what the old one took has to be free again.
                for figment in figments.iter().cycle() {
                    seconds.tick().await;
                    let figment = figment.clone();
                    lists.reload_with(move || figment).await.expect("a valid list");
                }
            });
        })
    });
    // With its log, since that is where refusals are counted.
    let figment = application(1_000).figment(port).merge(("log_level", "normal"));
    let rocket = application(1_000).build_with(figment).attach(reloads);
    rocket::execute(rocket.launch())?;
    Ok(())
}

pub(crate) fn memory(millions: &str, write: bool) -> Result<()> {
    let goal = millions.parse::<u64>()?.max(1) * 1_000_000;
    let server = Server::start(&["serve-reloading"])?;
    let sent = AtomicU64::new(0);
    let started = Instant::now();
    let mut table = Table::new(["requests", "seconds and reloads", "resident memory, MB"].map(str::to_owned).to_vec());
    let mut highest = [0.0_f64; 2];
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(|| flood(server.port, &sent, goal))).collect();
        for tenth in 0..=10_u32 {
            while sent.load(Ordering::Relaxed) < goal / 10 * u64::from(tenth)
                && !clients.iter().all(ScopedJoinHandle::is_finished)
            {
                thread::sleep(Duration::from_millis(5));
            }
            let resident = resident(server.child.id())?;
            let half = &mut highest[usize::from(tenth > 5)];
            *half = half.max(resident);
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let so_far = sent.load(Ordering::Relaxed) as f64;
            table.row(vec![count(so_far), started.elapsed().as_secs().to_string(), format!("{resident:.1}")]);
        }
        for client in clients {
            client.join().map_err(|_| "a client has panicked")??;
        }
        Ok::<_, crate::Error>(())
    })?;
    println!("{table}");
    if write {
        page::write("memory", &table.to_string())?;
    }
    let [first, second] = highest;
    if second <= first * GROWTH {
        Ok(())
    } else {
        Err(format!("memory has grown from {first:.1} to {second:.1} MB").into())
    }
}

/// Writes requests on one connection, and reads their answers, until all connections together have sent enough.
fn flood(port: u16, sent: &AtomicU64, goal: u64) -> Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let path = Application::small(Way::Library).path();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let first = sent.fetch_add(BATCH, Ordering::Relaxed);
        if first >= goal {
            return Ok(());
        }
        let mut batch = String::new();
        for number in first..first + BATCH {
            let origin = if number % 4 == 0 {
                crate::applications::ORIGIN.to_owned()
            } else {
                format!("https://x{number}.example.net")
            };
            let (method, more) = match number % 4 {
                0 | 1 => ("GET", ""),
                2 => ("OPTIONS", "Access-Control-Request-Method: PUT\r\n"),
                _ => ("PUT", "Content-Length: 0\r\n"),
            };
            let _ =
                write!(batch, "{method} {path} HTTP/1.1\r\nHost: api.example.com\r\nOrigin: {origin}\r\n{more}\r\n");
        }
        stream.write_all(batch.as_bytes())?;
        let (mut answered, mut refused, mut rest) = (0, 0, 0);
        while answered < BATCH {
            let read = stream.read(&mut buffer[rest..])?;
            if read == 0 {
                return Err("the server has closed a connection".into());
            }
            let text = &buffer[..rest + read];
            for status in text.windows(REFUSED.len()).filter(|part| part.starts_with(START)) {
                answered += 1;
                refused += u64::from(status == REFUSED);
            }
            // The start of an answer may be cut in two.
            let kept = text.len().min(REFUSED.len() - 1);
            let from = text.len() - kept;
            buffer.copy_within(from..from + kept, 0);
            rest = kept;
        }
        // Reads of another origin run, and the browser keeps their answers. Preflights and writes get 403.
        if refused != BATCH / 2 {
            return Err(format!("{refused} of {BATCH} requests were refused").into());
        }
    }
}

const START: &[u8] = b"HTTP/1.1 ";
const REFUSED: &[u8] = b"HTTP/1.1 403";

/// In megabytes.
fn resident(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("the server has ended")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1000.0)
}
