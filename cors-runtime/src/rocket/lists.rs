//! `config("name")`: lists of origins in the application's configuration, checked by the rules of the attribute.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use cors_rules::{Checked, Declared, Element, Finding, Origins, Pattern, Port, Scope, check};
use rocket::Request;
use rocket::figment::Figment;

use crate::policy::Policy;

/// The lists of origins of an application, in its managed state: take it as `&State<OriginLists>`.
///
/// A list is named by `config("name")` in a policy, and stands as `cors.name` in the configuration: in a profile of
/// `Rocket.toml`, in the environment (`ROCKET_CORS='{name=["https://app.example.com"]}'`), or in any other provider.
///
/// ```
/// # use rocket::{State, post, response::status::Conflict};
/// use cors_runtime::rocket::OriginLists;
///
/// #[post("/reload")]
/// fn reload(lists: &State<OriginLists>) -> Result<(), Conflict<String>> {
///     lists.reload(&rocket::Config::figment()).map_err(|errors| Conflict(errors.to_string()))
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct OriginLists {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// Who uses which list. Known once, at launch.
    uses: RwLock<Vec<Use>>,
    /// The lists in effect. A request keeps the ones that it started with.
    lists: RwLock<Arc<Lists>>,
}

type Lists = HashMap<&'static str, List>;

/// A policy that names a list, and the handlers that have the policy.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) policy: &'static Policy,
    pub(super) by: String,
}

/// One list, as requests need it: the time that it takes to find an origin does not grow with the list.
#[derive(Debug, Default)]
struct List {
    exact: HashSet<Box<str>>,
    /// Patterns by their host: that of a request, or one of the domains that it is below.
    patterns: HashMap<Box<str>, Vec<OwnPattern>>,
}

/// A [`Pattern`] that owns its scheme. Its host is the key that it stands under.
#[derive(Debug)]
struct OwnPattern {
    scheme: Box<str>,
    subdomains: bool,
    port: Port,
}

impl OwnPattern {
    fn matches(&self, host: &str, origin: &[u8]) -> bool {
        let OwnPattern { scheme, subdomains, port } = self;
        Pattern { scheme, host, subdomains: *subdomains, port: *port }.matches(origin)
    }
}

impl List {
    fn names(&self, origin: &[u8]) -> bool {
        let Ok(text) = std::str::from_utf8(origin) else { return false };
        if self.exact.contains(text) {
            return true;
        }
        if self.patterns.is_empty() {
            return false;
        }
        let Some(host) = crate::Origin::parse(origin).map(|origin| origin.host()) else { return false };
        let below = host.match_indices('.').map(|(dot, _)| &host[dot + 1..]);
        std::iter::once(host).chain(below).any(|domain| {
            let patterns = self.patterns.get(domain).into_iter().flatten();
            patterns.into_iter().any(|pattern| pattern.matches(domain, origin))
        })
    }
}

/// What is wrong with the lists of a configuration. All of it at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListErrors {
    errors: Vec<ListError>,
}

/// One thing that is wrong with a list of origins in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListError {
    /// The key of the list: `cors.name`.
    pub key: String,
    /// What is wrong, in the words that the compiler uses for a literal; or what figment says of the value.
    pub message: String,
    /// What to write instead.
    pub help: String,
    /// The name of the rule that is broken, if it is one.
    pub rule: Option<&'static str>,
    /// The profile and the source that figment reports: `profile debug, Rocket.toml TOML file`.
    pub source: String,
    /// The handlers whose policy names the list.
    pub used_by: Vec<String>,
}

impl ListErrors {
    /// The errors, in the order of the lists' names and of their elements.
    pub fn iter(&self) -> impl Iterator<Item = &ListError> {
        self.errors.iter()
    }
}

impl fmt::Display for ListErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; help: {}", self.key, self.message, self.help)?;
        if let Some(rule) = self.rule {
            write!(f, "; rule `{rule}`")?;
        }
        write!(f, "; {}; used by {}", self.source, self.used_by.join(", "))
    }
}

impl std::error::Error for ListErrors {}
impl std::error::Error for ListError {}

impl OriginLists {
    /// Reads the lists anew, from a configuration that is given.
    ///
    /// Requests under way keep the lists that they started with.
    ///
    /// # Errors
    /// Something is wrong with one of the lists: all of them stay as they were.
    pub fn reload(&self, figment: &Figment) -> Result<(), ListErrors> {
        let uses = self.shared.uses.read().unwrap_or_else(PoisonError::into_inner);
        let lists = read(&uses, figment)?;
        *self.shared.lists.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(lists);
        Ok(())
    }

    /// The lists in effect.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot(self.shared.lists.read().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Reads the lists for the first time.
    pub(super) fn load(&self, mut uses: Vec<Use>, figment: &Figment) -> Result<(), ListErrors> {
        // Rocket hands out routes in another order each time.
        uses.sort_by(|a, b| a.by.cmp(&b.by));
        *self.shared.uses.write().unwrap_or_else(PoisonError::into_inner) = uses;
        self.reload(figment)
    }
}

/// Whether a list of the policy names the origin, of the lists that the request started with.
pub(super) fn name(policy: &'static Policy, request: &Request<'_>, origin: &[u8]) -> bool {
    !policy.lists.is_empty() && kept(request).is_some_and(|lists| lists.name(policy, origin))
}

/// Keeps the lists that are in effect now for the rest of the request, if its policy has some: a handler that swaps them
/// does not change what is said of its own response.
pub(super) fn keep(policy: &'static Policy, request: &Request<'_>) {
    if !policy.lists.is_empty() {
        kept(request);
    }
}

fn kept<'r>(request: &'r Request<'_>) -> Option<&'r Snapshot> {
    let lists = request.rocket().state::<OriginLists>()?;
    Some(request.local_cache(|| lists.snapshot()))
}

/// The lists that a request started with.
pub(super) struct Snapshot(Arc<Lists>);

impl Snapshot {
    /// Whether a list of the policy names the origin.
    pub(super) fn name(&self, policy: &Policy, origin: &[u8]) -> bool {
        policy.lists.iter().filter_map(|name| self.0.get(name)).any(|list| list.names(origin))
    }

    /// How many origins and patterns are in a list.
    pub(super) fn size(&self, name: &str) -> usize {
        self.0.get(name).map_or(0, |list| list.exact.len() + list.patterns.values().map(Vec::len).sum::<usize>())
    }
}

fn read(uses: &[Use], figment: &Figment) -> Result<Lists, ListErrors> {
    let mut lists = Lists::new();
    let mut errors: Vec<ListError> = Vec::new();
    for Use { policy, by } in uses {
        for name in policy.lists {
            let key = format!("cors.{name}");
            let Some(ReadList(read)) = policy.read_list else { continue };
            match read(policy, &key, figment) {
                Ok(list) => {
                    lists.insert(name, list);
                }
                Err(found) => {
                    for mut error in found {
                        // Two handlers of one policy, or of two that a list breaks alike, share an entry.
                        let known =
                            errors.iter_mut().find(|known| known.key == error.key && known.message == error.message);
                        match known {
                            Some(known) if known.used_by.contains(by) => {}
                            Some(known) => known.used_by.push(by.clone()),
                            None => {
                                error.used_by.push(by.clone());
                                errors.push(error);
                            }
                        }
                    }
                }
            }
        }
    }
    errors.sort_by(|a, b| a.key.cmp(&b.key));
    if errors.is_empty() { Ok(lists) } else { Err(ListErrors { errors }) }
}

/// Reads one list, by the rules. Only policies that name lists refer to this, by a pointer: so the rules are not linked
/// into applications that have none.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct ReadList(fn(&Policy, &str, &Figment) -> Result<List, Vec<ListError>>);

impl ReadList {
    /// What every policy with lists refers to.
    #[doc(hidden)]
    pub const BY_THE_RULES: Self = ReadList(read_one);
}

impl fmt::Debug for ReadList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadList")
    }
}

// There is one value.
impl PartialEq for ReadList {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ReadList {}

fn read_one(policy: &Policy, key: &str, figment: &Figment) -> Result<List, Vec<ListError>> {
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
        let help = format!("write a list of origins, as in `{key} = [\"https://app.example.com\"]`; it may be empty");
        errors.into_iter().map(|found| error(found.to_string(), help.clone(), None)).collect::<Vec<_>>()
    })?;
    let declared = Declared {
        origins: Some(texts.iter().map(|text| Element::Text(text)).collect()),
        credentials: policy.credentials,
        allow: policy.allow.to_vec(),
        ..Declared::default()
    };
    let Checked { findings, policy: compiled } = check(&declared, Scope::ConfiguredList);
    if !findings.is_empty() {
        let as_error = |finding: Finding| error(finding.message, finding.help, Some(finding.rule.name));
        return Err(findings.into_iter().map(as_error).collect());
    }
    let mut list = List::default();
    // A configuration has texts only, and every origin is named by the word `any` only.
    if let Origins::Listed { exact, patterns } = compiled.release {
        list.exact.extend(exact.into_iter().map(Box::from));
        for Pattern { scheme, host, subdomains, port } in patterns {
            let pattern = OwnPattern { scheme: scheme.into(), subdomains, port };
            list.patterns.entry(host.into()).or_default().push(pattern);
        }
    }
    Ok(list)
}

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
