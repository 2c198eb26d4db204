//! A real nginx in front of an application.
//!
//! Where nginx is missing, the tests that need it are left out, with a line that says so. `CORS_NGINX=required` makes
//! that a failure.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use crate::Server;

/// How long nginx may take until it listens. It takes some milliseconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An nginx that passes requests on to an application, until it is dropped. It speaks plain http.
#[derive(Debug)]
pub struct Nginx {
    process: Child,
    /// Its configuration, its log, and what it writes.
    folder: PathBuf,
    address: SocketAddr,
}

impl Nginx {
    /// Looks for the program. If it is missing, a line says that `tests` are left out.
    ///
    /// # Panics
    /// It is missing, and `CORS_NGINX` is `required`; or `CORS_NGINX` is something else.
    #[must_use]
    pub fn find(tests: &str) -> Option<PathBuf> {
        let required = env::var_os("CORS_NGINX");
        // A misspelt word would ask for nothing, and be green.
        assert!(required.is_none_or(|word| word == "required"), "CORS_NGINX is `required`, or not set");

        let path = env::var_os("PATH").unwrap_or_default();
        // It is a program of the administrator, so it need not be in the path of everybody.
        let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
        let found = folders.map(|folder| folder.join("nginx")).find(|file| file.is_file());
        if found.is_none() {
            let missing = "nginx is not there; on Debian: apt-get install --no-install-recommends nginx-light";
            assert!(env::var_os("CORS_NGINX").is_none(), "{missing}");
            // The harness withholds what is printed. Nobody is there to be told where this fails.
            let _ = io::stderr().write_all(format!("{tests} were LEFT OUT: {missing}\n").as_bytes());
        }
        found
    }

    /// A port that nobody listens on. The system gives none of this range away by itself, so it stays free.
    ///
    /// # Panics
    /// All are taken.
    #[must_use]
    pub fn free_port() -> u16 {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let of_process = u16::try_from(process::id() % 8000).expect("below 8000");
        let mut ports = (0..8000).map(|_| 20_000 + (of_process + NEXT.fetch_add(1, Ordering::Relaxed) % 8000) % 8000);
        ports.find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()).expect("a free port")
    }

    /// Starts it on this port, and returns once it listens. `lines` stand beside `proxy_pass`.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start(program: &Path, port: u16, application: &Server, lines: &str) -> Self {
        Self::start_server(program, port, application.address(), "", lines)
    }

    /// The same in front of whatever listens there, with lines that stand in the block `server`:
    /// `listen 127.0.0.1:20443 ssl;`.
    ///
    /// # Panics
    /// It does not start.
    #[must_use]
    pub fn start_server(program: &Path, port: u16, application: SocketAddr, server: &str, lines: &str) -> Self {
        let folder = env::temp_dir().join(format!("cors-nginx-{}-{port}", process::id()));
        // A process that was killed may have left one of this name.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).expect("a folder of its own");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let configuration = configuration(address, application, server, lines);
        fs::write(folder.join("nginx.conf"), configuration).expect("a writable folder");
        let mut command = Command::new(program);
        command.arg("-p").arg(&folder).args(["-c", "nginx.conf", "-e", "error.log"]);
        let process = command.stdin(Stdio::null()).spawn().expect("nginx starts");
        let mut nginx = Nginx { process, folder, address };

        let end = Instant::now() + PATIENCE;
        while TcpStream::connect(address).is_err() {
            let status = nginx.process.try_wait().expect("a child");
            assert!(status.is_none() && Instant::now() < end, "nginx does not listen; its log:\n{}", nginx.log());
            thread::sleep(Duration::from_millis(10));
        }
        nginx
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("error.log")).unwrap_or_default()
    }
}

/// One process in the foreground, with a cache that `lines` may use: `proxy_cache answers;`. All paths are in its folder, also those of modules that are not used: the default
/// ones may not be written by everybody.
fn configuration(address: SocketAddr, application: SocketAddr, server: &str, lines: &str) -> String {
    format!(
        "daemon off;
master_process off;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
    proxy_cache_path cache keys_zone=answers:1m;
    server {{
        listen {address};
        {server}
        location / {{
            proxy_pass http://{application};
            {lines}
        }}
    }}
}}
"
    )
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It has ended already if these fail. At worst a temporary folder stays.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
