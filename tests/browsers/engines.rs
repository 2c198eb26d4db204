//! The three engines: where they are, and how a page is opened in one.
//!
//! Most pages need no driver: the address stands on the command line, and the page posts its results to the server
//! that it came from. Then the processes are ended. `driver.rs` has what presses keys.

use std::ffi::OsString;
use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, process};

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

pub const ENGINES: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An engine on this machine.
#[derive(Clone, Debug)]
pub struct Installed {
    pub engine: Engine,
    program: PathBuf,
}

impl Engine {
    /// Its name in `CORS_BROWSERS`.
    pub fn key(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    /// What to install where it is missing, by the names of Debian's packages.
    pub fn packages(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox-esr",
            Engine::WebKit => "webkit2gtk-driver xvfb",
        }
    }

    /// Looks for it.
    pub fn find(self) -> Option<Installed> {
        let program = match self {
            Engine::Chromium => in_path("chromium")?,
            Engine::Firefox => in_path("firefox-esr").or_else(|| in_path("firefox"))?,
            // WebKit for GTK knows no headless mode, and takes orders from another program.
            Engine::WebKit => in_path("Xvfb").and(in_path("WebKitWebDriver")).and_then(|_| mini_browser())?,
        };
        Some(Installed { engine: self, program })
    }
}

fn in_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The browser that comes with GTK's edition of the engine. The name of the machine's architecture is in its path.
fn mini_browser() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/libexec", "/usr/lib64"].map(Path::new);
    let below =
        folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten().map(|entry| entry.path());
    let candidates = folders.iter().map(PathBuf::from).chain(below);
    candidates.map(|folder| folder.join("webkit2gtk-4.1/MiniBrowser")).find(|file| file.is_file())
}

impl Installed {
    /// The engine's name and version, as the program says it.
    pub fn version(&self) -> String {
        let home = Folder::new();
        // MiniBrowser does not even tell its version without a display.
        let display = (self.engine == Engine::WebKit).then(Display::open);
        let mut command = self.command(&home, display.as_ref(), None);
        let output = command.arg("--version").stderr(Stdio::null()).output().expect("tells its version");
        let text = String::from_utf8_lossy(&output.stdout);
        text.split(" built on ").next().unwrap_or_default().trim().to_owned()
    }

    /// Opens a page with a profile that nobody has used before.
    pub fn open(&self, url: &str) -> Browser {
        self.open_where(None, url)
    }

    /// The same, for a page on a name that no name server knows: it points to this machine.
    pub fn open_by_name(&self, name: &str, url: &str) -> Browser {
        self.open_where(Some(name), url)
    }

    /// Whether [`open_by_name`](Self::open_by_name) works here.
    pub fn takes_names(&self) -> bool {
        let home = Folder::new();
        self.engine != Engine::WebKit
            || with_hosts(&home, "localhost", Path::new("true")).status().is_ok_and(|status| status.success())
    }

    fn open_where(&self, name: Option<&str>, url: &str) -> Browser {
        let mut prepared = self.prepare(name);
        prepared.command.arg(url);
        prepared.start()
    }

    /// Prepares a browser with a profile that nobody has used before. `name` points to this machine.
    pub fn prepare(&self, name: Option<&str>) -> Prepared {
        let home = Folder::new();
        let display = (self.engine == Engine::WebKit).then(Display::open);
        let mut command = self.command(&home, display.as_ref(), name);
        match self.engine {
            Engine::Chromium => {
                command.args(CHROMIUM).arg(joined("--user-data-dir=", &home.0));
                command.args(name.map(|name| format!("--host-resolver-rules=MAP {name} 127.0.0.1")));
            }
            Engine::Firefox => {
                fs::write(home.0.join("user.js"), firefox_preferences(name)).expect("a writable profile");
                command.args(["--headless", "--no-remote", "--profile"]).arg(&home.0);
            }
            Engine::WebKit => {}
        }
        Prepared { command, display, home }
    }

    fn command(&self, home: &Folder, display: Option<&Display>, name: Option<&str>) -> Command {
        let mut command = match name.filter(|_| self.engine == Engine::WebKit) {
            Some(name) => with_hosts(home, name, &self.program),
            None => Command::new(&self.program),
        };
        command.stdin(Stdio::null()).env("HOME", &home.0);
        // The user's own configuration must not influence a test.
        for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "http_proxy", "HTTP_PROXY"]
        {
            command.env_remove(name);
        }
        if let Some(display) = display {
            command.env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
        }
        command
    }
}

/// A program for which a name points to this machine. `WebKit` has no setting for that and asks the system. So it gets
/// another `/etc/hosts`, which no other program sees. Root may do that, and users where they may have namespaces.
fn with_hosts(home: &Folder, name: &str, program: &Path) -> Command {
    let hosts = home.0.join("hosts");
    // Without the second line WebKit asks a name server as well.
    fs::write(&hosts, format!("127.0.0.1 localhost {name}\n::1 localhost {name}\n")).expect("a writable folder");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\""]);
    command.arg(hosts).arg(program);
    command
}

/// Keeps Chromium off the network and out of the way. Without the sandbox, since it refuses to start with it as root,
/// and the only pages that it opens are the ones in here.
const CHROMIUM: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Keeps Firefox off the network. `name` points to this machine.
fn firefox_preferences(name: Option<&str>) -> String {
    const OFF: [&str; 9] = [
        "app.update.enabled",
        "browser.aboutwelcome.enabled",
        "browser.safebrowsing.malware.enabled",
        "browser.safebrowsing.phishing.enabled",
        "browser.shell.checkDefaultBrowser",
        "datareporting.policy.dataSubmissionEnabled",
        "network.captive-portal-service.enabled",
        "network.connectivity-service.enabled",
        "toolkit.telemetry.enabled",
    ];
    let line = |name: &str, value: &str| format!("user_pref(\"{name}\", {value});\n");
    let mut lines: String = OFF.iter().map(|name| line(name, "false")).collect();
    lines += &line("datareporting.policy.dataSubmissionPolicyBypassNotification", "true");
    lines += &line("services.settings.server", "\"data:,#remote-settings-dummy/v1\"");
    lines.extend(name.map(|name| line("network.dns.localDomains", &format!("\"{name}\""))));
    lines
}

fn joined(start: &str, path: &Path) -> OsString {
    let mut text = OsString::from(start);
    text.push(path);
    text
}

/// A browser that has not been started.
#[derive(Debug)]
pub struct Prepared {
    pub command: Command,
    display: Option<Display>,
    home: Folder,
}

impl Prepared {
    /// The folder of the profile.
    pub fn home(&self) -> &Path {
        &self.home.0
    }

    /// Puts another program in the place of the browser, in the same environment. Returns the words of the command that
    /// starts the browser.
    pub fn replace(&mut self, program: &str) -> Vec<OsString> {
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let browser = std::mem::replace(&mut self.command, command);
        [browser.get_program()].into_iter().chain(browser.get_args()).map(OsString::from).collect()
    }

    pub fn start(mut self) -> Browser {
        let process = Group::spawn(self.command.stdout(Stdio::null()).stderr(Stdio::null()));
        Browser { process, _display: self.display, _home: self.home }
    }
}

/// An open browser. Its processes end and its profile goes when it is dropped.
#[derive(Debug)]
pub struct Browser {
    process: Group,
    _display: Option<Display>,
    _home: Folder,
}

impl Browser {
    /// Whether it has ended by itself, which it should not.
    pub fn is_gone(&mut self) -> bool {
        self.process.0.try_wait().is_ok_and(|status| status.is_some())
    }
}

/// A display that nobody sees.
#[derive(Debug)]
struct Display {
    name: String,
    _process: Group,
}

impl Display {
    fn open() -> Self {
        let mut command = Command::new("Xvfb");
        // It looks for a free number itself, and tells it. `xvfb-run` leaves processes behind when it is ended.
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        let mut process = Group::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut number = String::new();
        let output = process.0.stdout.take().expect("piped");
        BufReader::new(output).read_line(&mut number).expect("Xvfb tells its number");
        Display { name: format!(":{}", number.trim()), _process: process }
    }
}

/// A process with all that it starts: they are one group, and are ended together.
#[derive(Debug)]
pub struct Group(pub Child);

impl Group {
    pub fn spawn(command: &mut Command) -> Self {
        match own_group(command).spawn() {
            Ok(child) => Group(child),
            Err(error) => panic!("{} does not start: {error}", command.get_program().display()),
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let kill = format!("kill -s KILL -- -{}", self.0.id());
        // Nothing is left to be ended if these fail.
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) -> &mut Command {
    std::os::unix::process::CommandExt::process_group(command, 0)
}

/// Elsewhere the processes that a browser starts end with it.
#[cfg(not(unix))]
fn own_group(command: &mut Command) -> &mut Command {
    command
}

/// A separate folder, which is deleted when it is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("cors-browsers-{}-{number}", process::id()));
        fs::create_dir_all(&folder).expect("a folder for the profile");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A process that is being ended may still write. At worst a temporary folder stays.
        let _ = fs::remove_dir_all(&self.0);
    }
}
