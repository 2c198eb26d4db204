//! The tenants: a table of them, and a cache of what it said.
//!
//! Browsers send `Origin` with every call, and so may anybody else, with whatever they like in it. The cache keeps the
//! database out of that: it holds the strangers as well as the tenants, and has a limit.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cors_runtime::Origin;
use moka::Expiry;
use moka::future::Cache;
use rocket::tokio::task::spawn_blocking;
use rusqlite::Connection;

/// How many origins are remembered. One is at most some 300 bytes long, so strangers cannot fill the memory.
const REMEMBERED: u64 = 10_000;

/// For how long a tenant is remembered. A second process of this application hears of a change only after that.
const TENANT: Duration = Duration::from_secs(300);

/// For how long a stranger is: long enough to hold off a page that calls in a loop, and no longer than somebody who
/// has just become a tenant likes to wait.
const STRANGER: Duration = Duration::from_secs(10);

pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// The database, and the cache in front of it.
pub(crate) struct Directory {
    database: Arc<Mutex<Connection>>,
    /// Whether an origin is a tenant's, by its text.
    answers: Cache<String, bool>,
}

impl Directory {
    /// A directory in memory, with two tenants: one below this service's domain, one on a domain of its own.
    pub(crate) fn open() -> rusqlite::Result<Self> {
        let database = Connection::open_in_memory()?;
        database.execute_batch(
            "CREATE TABLE tenants (name TEXT PRIMARY KEY, host TEXT NOT NULL UNIQUE) STRICT;
             INSERT INTO tenants VALUES ('acme', 'acme.example.com'), ('globex', 'shop.globex.example');",
        )?;
        let answers =
            Cache::builder().max_capacity(REMEMBERED).time_to_live(TENANT).expire_after(StrangersSooner).build();
        Ok(Directory { database: Arc::new(Mutex::new(database)), answers })
    }

    /// Whether this is the origin of a tenant's pages.
    pub(crate) async fn has(&self, origin: &Origin<'_>) -> Result<bool, Arc<Failure>> {
        // They are served over https and on its usual port, so for others there is nothing to look up.
        if origin.scheme() != "https" || origin.port().is_some() {
            return Ok(false);
        }
        let host = origin.host().to_owned();
        let look_up = self.query(move |database| {
            database.query_row("SELECT EXISTS (SELECT 1 FROM tenants WHERE host = ?1)", [host], |row| row.get(0))
        });
        // Of many requests at once with a new origin, one looks it up. An error is not remembered.
        self.answers.try_get_with_by_ref(origin.as_str(), look_up).await
    }

    /// Adds a tenant, whose pages are at this origin. `false` where the name or the origin is another tenant's.
    pub(crate) async fn add(&self, name: String, origin: &Origin<'_>) -> Result<bool, Failure> {
        let host = origin.host().to_owned();
        let insert = "INSERT INTO tenants VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        let added = self.query(move |database| database.execute(insert, [name, host])).await?;
        // It was a stranger until now, and may be remembered as one.
        self.answers.invalidate(origin.as_str()).await;
        Ok(added == 1)
    }

    /// Asks the database. It blocks, so it gets a thread that may be blocked.
    pub(crate) async fn query<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let database = Arc::clone(&self.database);
        let answer = spawn_blocking(move || query(&database.lock().unwrap_or_else(PoisonError::into_inner)));
        Ok(answer.await??)
    }
}

/// Strangers are forgotten sooner than the cache forgets.
struct StrangersSooner;

impl Expiry<String, bool> for StrangersSooner {
    fn expire_after_create(&self, _: &String, is_tenant: &bool, _: Instant) -> Option<Duration> {
        (!is_tenant).then_some(STRANGER)
    }
}
