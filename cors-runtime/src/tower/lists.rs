//! `config("name")`: lists of origins that the application gives to its layers, and may replace while it runs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use cors_rules::{Finding, nearest};

use crate::list_errors::{ListError, ListErrors};
use crate::origin_list::{Lists, OriginList};
use crate::policy::Policy;

/// Lists of origins by their names, for policies with `config("name")`. Clones share the lists.
///
/// They come from wherever the application has them: from a `Vec`, or from anything that gives a map of lists, such as
/// serde, figment or a database.
///
/// ```
/// use std::collections::HashMap;
/// use cors_runtime::cross_origin;
/// use cors_runtime::tower::OriginLists;
///
/// #[cross_origin(origins = [config("partners")])]
/// pub struct Partners;
///
/// let configured: HashMap<String, Vec<String>> =
///     serde_json::from_str(r#"{"partners": ["https://a.example"]}"#).unwrap();
/// let lists = OriginLists::new(configured);
/// let layer = Partners.layer(&lists).expect("the list is sound");
///
/// // Later, while requests are served: all layers have the new lists, or none of them.
/// lists.replace([("partners", vec!["https://a.example", "https://b.example"])]).unwrap();
/// let errors = lists.replace([("partners", vec!["https://b.example/"])]).unwrap_err();
/// assert!(errors.to_string().contains("trailing slash"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct OriginLists {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// What the lists are made of, and the policies that name them. Held while lists are checked, so that an older
    /// configuration cannot replace a newer one.
    given: Mutex<Given>,
    /// The lists in effect. A request keeps the ones that it started with.
    lists: RwLock<Arc<Lists>>,
}

#[derive(Debug, Default)]
struct Given {
    texts: HashMap<String, Vec<String>>,
    uses: Vec<Use>,
}

/// A policy that names lists, and the name of the policy.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Use {
    policy: Policy,
    by: &'static str,
}

impl OriginLists {
    /// The lists of an application. They are checked by the rules when a layer is made of a policy that names them.
    pub fn new<N, L, T>(lists: impl IntoIterator<Item = (N, L)>) -> Self
    where
        N: Into<String>,
        L: IntoIterator<Item = T>,
        T: Into<String>,
    {
        let given = Given { texts: texts(lists), uses: Vec::new() };
        OriginLists { inner: Arc::new(Inner { given: Mutex::new(given), lists: RwLock::default() }) }
    }

    /// Replaces all lists. Requests under way keep the lists that they started with.
    ///
    /// A long list takes a while to be checked, and the thread does nothing else meanwhile.
    ///
    /// # Errors
    /// Something is wrong with one of the lists that a layer's policy names, or it is not there: all of them stay as they
    /// were.
    pub fn replace<N, L, T>(&self, lists: impl IntoIterator<Item = (N, L)>) -> Result<(), ListErrors>
    where
        N: Into<String>,
        L: IntoIterator<Item = T>,
        T: Into<String>,
    {
        let texts = texts(lists);
        let mut given = self.inner.given.lock().unwrap_or_else(PoisonError::into_inner);
        self.put(check(&texts, &given.uses)?);
        given.texts = texts;
        Ok(())
    }

    /// Adds a policy that names lists.
    pub(super) fn add(&self, policy: Policy, by: &'static str) -> Result<(), ListErrors> {
        let mut given = self.inner.given.lock().unwrap_or_else(PoisonError::into_inner);
        let (added, mut uses) = (Use { policy, by }, given.uses.clone());
        if !uses.contains(&added) {
            uses.push(added);
        }
        self.put(check(&given.texts, &uses)?);
        given.uses = uses;
        Ok(())
    }

    fn put(&self, lists: Lists) {
        *self.inner.lists.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(lists);
    }

    /// A list as it was given, sorted.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        let given = self.inner.given.lock().unwrap_or_else(PoisonError::into_inner);
        let mut texts = given.texts.get(name).cloned().unwrap_or_default();
        texts.sort();
        texts
    }

    /// The lists in effect.
    pub(super) fn snapshot(&self) -> Arc<Lists> {
        self.inner.lists.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn texts<N: Into<String>, L: IntoIterator<Item = T>, T: Into<String>>(
    lists: impl IntoIterator<Item = (N, L)>,
) -> HashMap<String, Vec<String>> {
    lists.into_iter().map(|(name, list)| (name.into(), list.into_iter().map(Into::into).collect())).collect()
}

/// The lists that these policies name, by the rules.
fn check(texts: &HashMap<String, Vec<String>>, uses: &[Use]) -> Result<Lists, ListErrors> {
    let mut lists = Lists::default();
    let mut errors = ListErrors::default();
    for Use { policy, by } in uses {
        for name in policy.parts.lists {
            let error = |message, help, rule| ListError {
                key: (*name).to_owned(),
                message,
                help,
                rule,
                source: String::new(),
                used_by: Vec::new(),
            };
            match texts.get(*name).map(|texts| OriginList::checked(texts, policy)) {
                Some(Ok(list)) => {
                    lists.insert(name, list);
                }
                Some(Err(findings)) => findings.into_iter().for_each(|Finding { message, help, rule, .. }| {
                    errors.add(error(message, help, Some(rule.name)), by);
                }),
                None => errors.add(error("there is no list of this name".to_owned(), help(texts, name), None), by),
            }
        }
    }
    errors.or(lists)
}

/// What to write where a list is missing.
fn help(texts: &HashMap<String, Vec<String>>, name: &str) -> String {
    match nearest(name, texts.keys().cloned()) {
        Some(near) => format!("did you mean `{near}`, which is there? Write `config(\"{near}\")`, or rename the list"),
        None => {
            format!("give it to `OriginLists`, as in `OriginLists::new([({name:?}, [\"https://app.example.com\"])])`")
        }
    }
}
