//! The servers of one engine's run: two copies of the API, and the pages.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use cors_tests::Server;
use rocket::fairing::AdHoc;
use rocket::http::ContentType;
use rocket::serde::json::Json;
use rocket::serde::{Deserialize, Serialize};
use rocket::shield::{Frame, Shield};
use rocket::{Build, Rocket, State, get, post, routes};

use crate::engines::Browser;
use crate::record::Record;
use crate::table::{Case, Place};
use crate::{api, cases};

/// The port of the page. It cannot be another: policies are constants, and say `http://localhost:8701`.
pub const PORT: u16 = 8701;

/// How long a browser may take from its start to its report. It takes some seconds on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// A file of a page.
pub type Page = (ContentType, &'static str);

/// What a page found of one case.
#[derive(Clone, Debug, Deserialize)]
#[serde(crate = "rocket::serde")]
pub struct Found {
    pub id: String,
    pub verdict: String,
    pub readable: Vec<String>,
}

/// What a page found.
#[derive(Clone, Debug, Deserialize)]
#[serde(crate = "rocket::serde")]
pub struct Report {
    pub results: Vec<Found>,
    /// Why the page could not go through the table.
    pub broken: Option<String>,
}
