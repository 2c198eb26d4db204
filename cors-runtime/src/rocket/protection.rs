//! What protects an application beside the policies of its routes: `own_origins`, `own_hosts`, `protect_all` and
//! `report_only`. From the fairing, and from the configuration.

use cors_rules::own::{self, SETTINGS};
use rocket::figment::Figment;
use rocket::figment::value::Value;

use super::config::{list_help, source};
use crate::list_errors::ListError;
use crate::own_origins::OwnOrigins;

const CORS: &str = "cors";
const OWN_ORIGINS: &str = "cors.own_origins";
const OWN_HOSTS: &str = "cors.own_hosts";
const REPORT_ONLY: &str = "cors.report_only";

/// A setting that is a list: its key, an element, and what makes one.
struct Kind {
    key: &'static str,
    example: &'static str,
    check: fn(&str) -> Result<(), own::Finding>,
}

const ORIGINS: Kind =
    Kind { key: OWN_ORIGINS, example: "https://app.example.com", check: |text| own::origin(text).map(drop) };
const HOSTS: Kind = Kind { key: OWN_HOSTS, example: "app.internal", check: |text| own::host(text).map(drop) };

/// What was given to the fairing.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) own_origins: Vec<String>,
    pub(super) own_hosts: Vec<String>,
    pub(super) all: bool,
    pub(super) report_only: bool,
}

/// What is in force.
#[derive(Debug, Default)]
pub(super) struct Protection {
    pub(super) own: Option<OwnOrigins>,
    /// Whether routes without a policy are protected.
    pub(super) all: bool,
    /// Whether nothing is turned away.
    pub(super) report_only: bool,
}

impl Given {
    /// Adds what another fairing of the same application was given.
    pub(super) fn merge(&mut self, other: &Given) {
        self.own_origins.extend(other.own_origins.iter().cloned());
        self.own_hosts.extend(other.own_hosts.iter().cloned());
        self.all |= other.all;
        self.report_only |= other.report_only;
    }

    /// Whether requests have to be looked at before they are routed.
    pub(super) fn needs_gate(&self, figment: &Figment) -> bool {
        self.all || !self.own_origins.is_empty() || figment.find_value(OWN_ORIGINS).is_ok()
    }

    /// Reads the configuration, and checks both.
    pub(super) fn settle(&self, figment: &Figment) -> Result<Protection, Vec<ListError>> {
        let mut errors = Vec::new();
        // A value in the environment that cannot be parsed is a text, and hides the table of a file: nothing would be protected.
        if figment.find_value(CORS).is_ok_and(|value| value.as_dict().is_none()) {
            let help = format!(
                "write a table: `[default.cors]` in `Rocket.toml`, or `ROCKET_CORS='{{own_origins=[\"{}\"]}}'`",
                ORIGINS.example
            );
            errors.push(entry_error(CORS, &source(figment, CORS), "it is not a table of settings".to_owned(), help));
        }
        errors.extend(misspelt(figment));
        let origins = Setting::read(&ORIGINS, &self.own_origins, figment, &mut errors);
        let hosts = Setting::read(&HOSTS, &self.own_hosts, figment, &mut errors);
        let report_only = match figment.find_value(REPORT_ONLY).map(|value| value.to_bool()) {
            Err(_) => self.report_only,
            Ok(Some(report_only)) => report_only,
            Ok(None) => {
                let help = format!("write `{REPORT_ONLY} = true` or `{REPORT_ONLY} = false`");
                let message = "it is neither `true` nor `false`".to_owned();
                errors.push(entry_error(REPORT_ONLY, &source(figment, REPORT_ONLY), message, help));
                false
            }
        };
        origins.check(&mut errors);
        hosts.check(&mut errors);
        if let (false, Some(text)) = (origins.is_given, hosts.texts.first()) {
            let message =
                "there are hosts of the application, and no origins: `Host` is checked only beside own origins";
            let help =
                format!("name the origins under which browsers reach it: `{OWN_ORIGINS} = [\"{}\"]`", ORIGINS.example);
            errors.push(entry_error(OWN_HOSTS, &text.source, message.to_owned(), help));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let own = origins.is_given.then(|| OwnOrigins::new(origins.iter()).and_then(|own| own.hosts(hosts.iter())));
        let own = own.transpose().map_err(|findings| {
            let source = source(figment, OWN_ORIGINS);
            let error = |finding: &own::Finding| {
                entry_error(OWN_ORIGINS, &source, finding.message.clone(), finding.help.clone())
            };
            findings.iter().map(error).collect::<Vec<_>>()
        })?;
        Ok(Protection { own, all: self.all, report_only })
    }
}

/// What is meant to protect the application, and has no effect: a setting under another name, and `protect_all`, which only
/// the fairing has.
fn misspelt(figment: &Figment) -> Vec<ListError> {
    let table = figment.find_value(CORS).ok().and_then(Value::into_dict).unwrap_or_default();
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '_'], "").trim_end_matches('s').to_owned();
    let unknown = table.iter().filter(|(name, _)| !SETTINGS.contains(&&***name));
    let errors = unknown.filter_map(|(name, value)| {
        let key = format!("{CORS}.{name}");
        let (message, help) = if let Some(meant) = SETTINGS.iter().find(|known| plain(known) == plain(name)) {
            ("it is not a setting".to_owned(), format!("did you mean `{CORS}.{meant}`?"))
        } else if plain(name) == "protectall" && value.as_array().is_none() {
            let help = "write `CrossOrigin::fairing().protect_all()`, and remove it here".to_owned();
            ("it is not read from the configuration, so nothing is protected by it".to_owned(), help)
        } else {
            return None;
        };
        Some(entry_error(&key, &source(figment, &key), message, help))
    });
    errors.collect()
}

/// The entries of a setting, each with where it stands.
struct Setting {
    kind: &'static Kind,
    texts: Vec<Text>,
    /// Whether the setting is there, with or without entries.
    is_given: bool,
}

struct Text {
    text: String,
    source: String,
}

impl Setting {
    fn read(kind: &'static Kind, given: &[String], figment: &Figment, errors: &mut Vec<ListError>) -> Self {
        let Kind { key, example, check } = kind;
        let method = format!("`CrossOrigin::{}`", key.trim_start_matches("cors."));
        let mut texts: Vec<_> = given.iter().map(|text| Text { text: text.clone(), source: method.clone() }).collect();
        let configured = figment.find_value(key).is_ok();
        if configured {
            let source = source(figment, key);
            match figment.extract_inner::<Vec<String>>(key) {
                Ok(read) => texts.extend(read.into_iter().map(|text| Text { text, source: source.clone() })),
                Err(found) => {
                    let help = list_help(figment, key, example, |text| check(text).is_ok());
                    errors.extend(
                        found.into_iter().map(|found| entry_error(key, &source, found.to_string(), help.clone())),
                    );
                }
            }
        }
        Setting { kind, is_given: configured || !texts.is_empty(), texts }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|text| &*text.text)
    }

    /// Adds what is wrong with the entries, each of them once.
    fn check(&self, errors: &mut Vec<ListError>) {
        let Kind { key, check, .. } = self.kind;
        for (index, Text { text, source }) in self.texts.iter().enumerate() {
            let before = &self.texts[..index];
            if before.iter().any(|other| other.text == *text) {
                // What the fairing and the configuration both say is not a mistake.
                if before.iter().any(|other| other.text == *text && other.source == *source) {
                    let message = format!("`{}` is listed twice", text.escape_debug());
                    errors.push(entry_error(key, source, message, "remove one of the two".to_owned()));
                }
            } else if let Err(finding) = check(text) {
                let rule = finding.rule.map(|rule| rule.name);
                errors.push(ListError { rule, ..entry_error(key, source, finding.message, finding.help) });
            }
        }
    }
}

fn entry_error(key: &str, source: &str, message: String, help: String) -> ListError {
    let (key, source) = (key.to_owned(), source.to_owned());
    ListError { key, message, help, rule: None, source, used_by: Vec::new() }
}
