//! `config("name")`: lists of origins in the application's configuration, checked by the rules of the attribute.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cors_rules::{Finding, Pattern, nearest};
use rocket::figment::Figment;
use rocket::tokio::task::spawn_blocking;

use crate::list_errors::{ListError, ListErrors};
use crate::origin_list::{Lists, OriginList};
use crate::policy::{Policy, PolicyParts};

/// The lists of origins of an application, in its managed state: take it as `&State<OriginLists>`.
///
/// A list is named by `config("name")` in a policy, and stands as `cors.name` in the configuration: in a profile of
/// `Rocket.toml`, in the environment (`ROCKET_CORS='{name=["https://app.example.com"]}'`), or in any other provider.
///
/// A handler that reads them again needs a guard, and a policy, so that no other site can make the browser of an
/// administrator send the request:
///
/// ```
/// # use rocket::request::{FromRequest, Outcome, Request};
/// # use rocket::{State, error, http::Status, post};
/// use cors_runtime::cross_origin;
/// use cors_runtime::rocket::OriginLists;
///
/// # struct Admin;
/// # #[rocket::async_trait]
/// # impl<'r> FromRequest<'r> for Admin {
/// #     type Error = ();
/// #     async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
/// #         Outcome::Error((Status::Unauthorized, ()))
/// #     }
/// # }
/// #[cross_origin(origins = ["https://admin.example.com"], allow_headers = ["authorization"])]
/// #[post("/reload")]
/// async fn reload(_admin: Admin, lists: &State<OriginLists>) -> Result<(), Status> {
///     lists.reload_with(rocket::Config::figment).await.map_err(|errors| {
///         error!("The lists of origins stay as they were: {errors}");
///         Status::Conflict
///     })
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct OriginLists {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The policies that name lists. Known once, at launch.
    uses: RwLock<Vec<Use>>,
    /// The lists in effect.
    lists: RwLock<Arc<Lists>>,
    /// Held while lists are read, so that an older configuration cannot replace a newer one.
    reading: Mutex<()>,
}

/// A policy that names lists, how they are read, and the handlers that have the policy.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) policy: &'static Policy,
    pub(super) read: ReadLists,
    pub(super) by: String,
}

impl ListError {
    /// Not read, because the application ends.
    fn shut_down() -> Self {
        ListError {
            key: "cors".to_owned(),
            message: "the lists were not read, since the application is shutting down".to_owned(),
            help: "read them when it runs again".to_owned(),
            rule: None,
            source: "no configuration".to_owned(),
            used_by: Vec::new(),
        }
    }

    /// The configuration has changed between two steps of the launch.
    pub(super) fn too_late() -> Self {
        ListError {
            key: "cors.own_origins".to_owned(),
            message: "they came into the configuration when the fairings had been attached, too late to be in force"
                .to_owned(),
            help: "attach the fairing that configures the application before `CrossOrigin::fairing()`".to_owned(),
            rule: None,
            source: "a fairing".to_owned(),
            used_by: Vec::new(),
        }
    }
}

impl OriginLists {
    /// Reads the lists again, from the configuration that the function returns, on a separate thread: the function may
    /// read files, and checking a long list takes a while.
    ///
    /// What has been decided about requests under way stays: what a list has let in is answered by that list. Most reads
    /// are decided on when they are answered.
    ///
    /// # Errors
    /// Something is wrong with one of the lists: all of them stay as they were.
    ///
    /// # Panics
    /// The function panics.
    pub async fn reload_with<F>(&self, configuration: F) -> Result<(), ListErrors>
    where
        F: FnOnce() -> Figment + Send + 'static,
    {
        let lists = self.clone();
        let read = move || {
            let reading = lists.inner.reading.lock().unwrap_or_else(PoisonError::into_inner);
            let reloaded = lists.replace(&configuration());
            drop(reading);
            reloaded
        };
        match spawn_blocking(read).await {
            Ok(reloaded) => reloaded,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => Err(ListErrors::of(vec![ListError::shut_down()])),
            },
        }
    }

    /// Reads the lists again, from a configuration that has been read already.
    ///
    /// A long list takes a while, and the thread serves no other request meanwhile: in a handler, use
    /// [`reload_with`](Self::reload_with).
    ///
    /// # Errors
    /// Something is wrong with one of the lists: all of them stay as they were.
    pub fn reload(&self, figment: &Figment) -> Result<(), ListErrors> {
        let _reading = self.inner.reading.lock().unwrap_or_else(PoisonError::into_inner);
        self.replace(figment)
    }

    /// To be called while `reading` is held.
    fn replace(&self, figment: &Figment) -> Result<(), ListErrors> {
        let uses = self.inner.uses.read().unwrap_or_else(PoisonError::into_inner);
        let lists = read(&uses, figment)?;
        *self.inner.lists.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(lists);
        Ok(())
    }

    /// Whether a list of the policy names the origin, of the lists in effect.
    pub(super) fn name(&self, policy: &Policy, origin: &str) -> bool {
        self.inner.lists.read().unwrap_or_else(PoisonError::into_inner).names(policy, origin)
    }

    /// The lists in effect.
    pub(super) fn snapshot(&self) -> Arc<Lists> {
        self.inner.lists.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the rules find in a list that no policy names, as if one without `credentials` did. Nothing if no policy names
    /// any list: then the rules are not linked into the application.
    pub(super) fn findings_in_unused(&self, key: &str, figment: &Figment) -> Vec<ListError> {
        const UNNAMED: Policy = Policy::new(PolicyParts::EMPTY);
        let uses = self.inner.uses.read().unwrap_or_else(PoisonError::into_inner);
        let read = uses.first().map(|used| used.read);
        read.and_then(|ReadLists(read)| read(&UNNAMED, key, figment).err()).unwrap_or_default()
    }

    /// Reads the lists for the first time.
    pub(super) fn load(&self, mut uses: Vec<Use>, figment: &Figment) -> Result<(), ListErrors> {
        // Rocket hands out routes in another order each time.
        uses.sort_by(|a, b| a.by.cmp(&b.by));
        *self.inner.uses.write().unwrap_or_else(PoisonError::into_inner) = uses;
        self.reload(figment)
    }
}

fn read(uses: &[Use], figment: &Figment) -> Result<Lists, ListErrors> {
    let mut lists = Lists::default();
    let mut errors = ListErrors::default();
    for Use { policy, read: ReadLists(read), by } in uses {
        for name in policy.parts.lists {
            match read(policy, &format!("cors.{name}"), figment) {
                Ok(list) => {
                    lists.insert(name, list);
                }
                Err(found) => found.into_iter().for_each(|error| errors.add(error, by)),
            }
        }
    }
    errors.or(lists)
}

/// Reads one list, by the rules. Only policies that name lists refer to this, by a pointer: so the rules are not linked
/// into applications that have none.
#[derive(Clone, Copy)]
pub struct ReadLists(fn(&Policy, &str, &Figment) -> Result<OriginList, Vec<ListError>>);

impl ReadLists {
    /// What every policy with lists refers to.
    pub const BY_THE_RULES: Self = ReadLists(read_one);
}

impl fmt::Debug for ReadLists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadLists")
    }
}

// There is one value.
impl PartialEq for ReadLists {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ReadLists {}

fn read_one(policy: &Policy, key: &str, figment: &Figment) -> Result<OriginList, Vec<ListError>> {
    let source = source(figment, key);
    let error = |message: String, help: String, rule| ListError {
        key: key.to_owned(),
        message,
        help,
        rule,
        source: source.clone(),
        used_by: Vec::new(),
    };
    let texts: Vec<String> = figment.extract_inner(key).map_err(|errors| {
        let help = help_for(policy, figment, key);
        errors.into_iter().map(|found| error(found.to_string(), help.clone(), None)).collect::<Vec<_>>()
    })?;
    OriginList::checked(&texts, policy).map_err(|findings| {
        let as_error = |finding: Finding| error(finding.message, finding.help, Some(finding.rule.name));
        findings.into_iter().map(as_error).collect()
    })
}

/// How to write a list of the configuration where its value is something else.
fn help_for(policy: &Policy, figment: &Figment, key: &str) -> String {
    // Who means every origin is told what the rules say of it in a list.
    if let Some("any" | "*") = figment.find_value(key).ok().as_ref().and_then(|value| value.as_str())
        && let Err(mut findings) = OriginList::checked(&["*".to_owned()], policy)
        && let Some(finding) = findings.pop()
    {
        return finding.help;
    }
    if let Some(near) = nearest_list(figment, key) {
        return format!("did you mean `cors.{near}`, which is there? Write `config(\"{near}\")`, or rename the list");
    }
    list_help(figment, key, "https://app.example.com", |part| Pattern::parse(part).is_ok())
}

/// The list of the configuration whose name is nearly that of a list that is missing.
fn nearest_list(figment: &Figment, key: &str) -> Option<String> {
    if figment.contains(key) {
        return None;
    }
    let table = figment.find_value("cors").ok()?.into_dict()?;
    let lists = table.into_iter().filter(|(_, value)| value.as_array().is_some());
    let lists = lists.map(|(name, _)| name).filter(|name| !name.starts_with("own_"));
    nearest(key.strip_prefix("cors.")?, lists)
}

/// How to write a list of such elements where its value is something else.
pub(super) fn list_help(figment: &Figment, key: &str, example: &str, is_element: impl Fn(&str) -> bool) -> String {
    let value = figment.find_value(key).ok();
    let text = value.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
    // Several elements in one text, as other systems have them in the environment.
    let parts: Vec<_> = text.split([',', ' ', ';']).filter(|part| !part.is_empty()).take(LONGEST_LIST + 1).collect();
    let known = !parts.is_empty() && parts.len() <= LONGEST_LIST && parts.iter().all(|part| is_element(part));
    let elements = if known { parts } else { vec![example] };
    let list = elements.iter().map(|origin| format!("\"{origin}\"")).collect::<Vec<_>>().join(", ");
    // The name of the source is that of figment's `Env`: "`ROCKET_` environment variable(s)".
    let metadata = value.as_ref().and_then(|value| figment.get_metadata(value.tag()));
    let prefix =
        metadata.and_then(|metadata| metadata.name.strip_prefix('`')?.strip_suffix("` environment variable(s)"));
    match (prefix, key.split_once('.')) {
        (Some(prefix), Some((table, name))) => {
            format!("write `{prefix}{}='{{{name}=[{list}]}}'`", table.to_ascii_uppercase())
        }
        _ => format!("write a list, as in `{key} = [{list}]`"),
    }
}

/// The most origins that a message spells out.
const LONGEST_LIST: usize = 6;

/// The profile and the source of a value, as figment knows them.
pub(super) fn source(figment: &Figment, key: &str) -> String {
    let Ok(value) = figment.find_value(key) else {
        return format!("profile {}", figment.profile());
    };
    let profile = value.tag().profile().unwrap_or_else(|| figment.profile().clone());
    match figment.get_metadata(value.tag()) {
        None => format!("profile {profile}"),
        Some(metadata) => match &metadata.source {
            None => format!("profile {profile}, {}", metadata.name),
            Some(source) => format!("profile {profile}, {} {source}", metadata.name),
        },
    }
}

#[cfg(test)]
mod tests {
    use rocket::figment::Figment;

    use super::list_help;

    #[test]
    fn a_text_that_could_be_a_list_is_written_as_one() {
        let help = |text: &str| {
            let figment = Figment::new().merge(("cors.a", text));
            list_help(&figment, "cors.a", "example", |part| part.starts_with('a'))
        };
        let list = |elements: &str| format!("write a list, as in `cors.a = [{elements}]`");
        assert_eq!(help("a1"), list("\"a1\""));
        assert_eq!(help("a1, a2;a3  a4"), list("\"a1\", \"a2\", \"a3\", \"a4\""));
        assert_eq!(help("a a a a a a"), list("\"a\", \"a\", \"a\", \"a\", \"a\", \"a\""));
        // More than a message spells out, nothing at all, and what is no element.
        for text in ["a a a a a a a", "", " , ", "a b", "b"] {
            assert_eq!(help(text), list("\"example\""), "{text}");
        }
    }
}
