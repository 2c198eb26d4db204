//! The tenants: a table of them, and a cache of its answers.
//!
//! Browsers send `Origin` with every call, and so may anybody else, with whatever they like in it. The cache
//! protects the database from that: it remembers unknown origins as well as tenants, and has a limit.

use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cors_runtime::Origin;
use moka::Expiry;
use moka::future::Cache;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

/// How many origins are remembered. Each has at most about 300 bytes, so unknown origins cannot fill the memory.
const REMEMBERED: u64 = 10_000;

/// For how long a tenant is remembered. A second process of this application hears of a change only after that.
const TENANT: Duration = Duration::from_secs(300);

/// For how long an unknown origin is remembered: long enough to hold off a page that calls in a loop, and no longer
/// than a new tenant likes to wait.
const UNKNOWN: Duration = Duration::from_secs(10);

/// The database, and the cache in front of it.
pub(crate) struct Directory {
    database: SqlitePool,
    /// Whether an origin is a tenant's, by its text.
    answers: Cache<String, bool>,
}

impl Directory {
    /// A directory in memory, with two tenants: one below this service's domain, one on its own domain.
    pub(crate) async fn open() -> sqlx::Result<Self> {
        // A database in memory is one connection's own and ends with it, so the pool keeps just one, for good. One in a
        // file, or on a server, has no such limits.
        let options = SqliteConnectOptions::from_str("sqlite::memory:")?;
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let database = pool.connect_with(options).await?;
        sqlx::raw_sql(
            "CREATE TABLE tenants (name TEXT PRIMARY KEY, host TEXT NOT NULL UNIQUE) STRICT;
             INSERT INTO tenants VALUES ('acme', 'acme.example.com'), ('globex', 'shop.globex.example');",
        )
        .execute(&database)
        .await?;
        let answers =
            Cache::builder().max_capacity(REMEMBERED).time_to_live(TENANT).expire_after(UnknownSooner).build();
        Ok(Directory { database, answers })
    }

    /// Whether this is the origin of a tenant's pages.
    pub(crate) async fn has(&self, origin: &Origin<'_>) -> Result<bool, Arc<sqlx::Error>> {
        // Tenants are served over https and on its usual port, so other origins need no look-up.
        if origin.scheme() != "https" || origin.port().is_some() {
            return Ok(false);
        }
        let look_up = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM tenants WHERE host = ?1)")
            .bind(origin.host())
            .fetch_one(&self.database);
        // Of many requests at once with a new origin, one looks it up. An error is not remembered.
        self.answers.try_get_with_by_ref(origin.as_str(), look_up).await
    }

    /// Adds a tenant, whose pages are at this origin. `false` if the name or the origin is another tenant's.
    pub(crate) async fn add(&self, name: &str, origin: &Origin<'_>) -> sqlx::Result<bool> {
        let insert = sqlx::query("INSERT INTO tenants VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        let added = insert.bind(name).bind(origin.host()).execute(&self.database).await?;
        // It was unknown until now, and may be remembered as that.
        self.answers.invalidate(origin.as_str()).await;
        Ok(added.rows_affected() == 1)
    }

    /// The database itself, for the tests.
    #[cfg(test)]
    pub(crate) fn database(&self) -> &SqlitePool {
        &self.database
    }
}

/// Unknown origins are forgotten sooner than tenants.
struct UnknownSooner;

impl Expiry<String, bool> for UnknownSooner {
    fn expire_after_create(&self, _: &String, is_tenant: &bool, _: Instant) -> Option<Duration> {
        (!is_tenant).then_some(UNKNOWN)
    }
}
