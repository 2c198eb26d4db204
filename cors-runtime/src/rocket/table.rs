//! The routes of an application and their policies, once all routes are mounted.

use std::fmt;

use rocket::http::uri::Origin;
use rocket::http::{MediaType, Method};
use rocket::route::Route;
use rocket::{Phase, Request, Rocket};

use super::annotation::{HandlerPlace, annotation_of};
use super::by_address::{ByAddress, address};
use super::config::Use;
use super::index::Index;
use super::launch_text::sorted;
use super::own::is_own;
use super::routing::{Shape, takes_format};
use super::sources::RoutePolicy;
use super::version;
use crate::policy::{Enforce, Policy, PolicyParts};
use crate::request::is_write;

/// The routes of an application and their policies.
#[derive(Debug)]
pub(super) struct Table {
    /// The policies of annotated routes.
    by_address: ByAddress,
    /// All routes, those of one method in the order in which Rocket tries them.
    pub(super) entries: Vec<Entry>,
    /// The places of the routes among them, by method and path.
    index: Vec<(&'static str, Index)>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) method: &'static str,
    /// The address of the route.
    address: usize,
    shape: Shape,
    pub(super) rank: isize,
    pub(super) format: Option<MediaType>,
    /// Whether the format is compared with a whole `Content-Type`.
    needs_content_type: bool,
    pub(super) policy: Option<RoutePolicy>,
    /// The file and the line of the attribute.
    place: Option<&'static HandlerPlace>,
    /// The path and the query, from the root of the server.
    pub(super) path: String,
    /// The path that it is mounted at.
    pub(super) mounted_at: String,
    /// The name of the handler.
    pub(super) name: String,
}

impl Table {
    /// Reads the routes of an application that has been ignited: from then on they are sorted by rank.
    pub(super) fn read<P: Phase>(rocket: &Rocket<P>) -> Self {
        let mut policies = Vec::new();
        let mut entries = Vec::new();
        let mut index: Vec<(_, Index)> = Vec::new();
        let routes = version::routes(rocket).filter(|route| !is_own(route));
        for (route, method) in routes.flat_map(|route| version::methods(route).map(move |method| (route, method))) {
            let annotation = annotation_of(route);
            let policy = annotation.map(|annotation| annotation.policy);
            policies.extend(policy.map(|policy| (address(route), policy)));
            let shape = Shape::of(&route.uri);
            let method = method.as_str();
            let place = index.iter().position(|(known, _)| *known == method).unwrap_or_else(|| {
                index.push((method, Index::default()));
                index.len() - 1
            });
            index[place].1.insert(&shape, entries.len());
            entries.push(Entry {
                method,
                address: address(route),
                shape,
                rank: route.rank,
                format: route.format.clone(),
                needs_content_type: version::needs_content_type(route),
                policy,
                place: annotation.and_then(|annotation| annotation.place),
                path: route.uri.to_string(),
                mounted_at: route.uri.base().to_string(),
                name: route.name.as_deref().unwrap_or("unnamed").to_owned(),
            });
        }
        Table { by_address: ByAddress::new(&policies), entries, index }
    }

    /// All routes by path, and those of one path by method: Rocket hands them out in another order each time.
    pub(super) fn sorted(&self) -> Vec<&Entry> {
        by_path(self.entries.iter())
    }

    /// The policy of the route that a request has been routed to.
    pub(super) fn policy(&self, route: &Route) -> Option<RoutePolicy> {
        self.by_address.get(address(route))
    }

    /// The route that a request with this method and URI would be tried on first: its method, and its policy.
    pub(super) fn serving(&self, method: &str, uri: &Origin<'_>) -> Option<(&'static str, Option<RoutePolicy>)> {
        self.trying(method, uri).map(|(method, first, _)| (method, first.policy))
    }

    /// The method as the routes have it, and the routes that a request with this method and URI would be tried on: the
    /// first, and the others in their order. Methods are compared byte by byte; after the HEAD routes those of GET serve HEAD.
    pub(super) fn trying(
        &self,
        method: &str,
        uri: &Origin<'_>,
    ) -> Option<(&'static str, &Entry, impl Iterator<Item = &Entry>)> {
        let methods = if method == "HEAD" { ["HEAD", "GET"] } else { [method, ""] };
        let indices = methods.map(|method| self.index_of(method));
        let places = indices.into_iter().flatten().flat_map(|index| index.taking(uri));
        let mut entries = places.filter_map(|place| self.entries.get(place)).filter(|entry| entry.shape.matches(uri));
        // The name of the method is the route's own, not the request's.
        let first = entries.next()?;
        Some((if method == "HEAD" { "HEAD" } else { first.method }, first, entries))
    }

    fn index_of(&self, method: &str) -> Option<&Index> {
        self.index.iter().find(|(known, _)| *known == method).map(|(_, index)| index)
    }

    /// The routes that Rocket tries a request on, in their order.
    pub(super) fn matching(&self, request: &Request<'_>) -> impl Iterator<Item = &Entry> {
        self.taking(request.method(), request.uri(), request.format())
    }

    /// The routes that Rocket tries a request with this format on: see [`takes_format`].
    pub(super) fn taking<'t>(
        &'t self,
        method: Method,
        uri: &Origin<'_>,
        format: Option<&MediaType>,
    ) -> impl Iterator<Item = &'t Entry> {
        let routes = self.trying(method.as_str(), uri);
        let routes = routes.into_iter().flat_map(|(_, first, others)| std::iter::once(first).chain(others));
        routes.filter(move |entry| takes_format(entry.needs_content_type, entry.format.as_ref(), format))
    }

    /// The route that a request is tried on after this one. If Rocket tried it on one that is not found here, it is any of the
    /// others that comes first without a policy, so that a mistake would let less through.
    pub(super) fn after(&self, route: &Route, request: &Request<'_>) -> Option<&Entry> {
        let tried: Vec<_> = self.matching(request).collect();
        if let Some(place) = tried.iter().position(|entry| entry.address == address(route)) {
            return tried.get(place + 1).copied();
        }
        tried.into_iter().find(|entry| entry.policy.is_none())
    }

    /// Pairs of routes that only the format tells apart (Rocket lets no others share a rank and a path), and that
    /// have different policies. A preflight does not know the format, so it could not be answered.
    pub(super) fn conflicts(&self) -> impl Iterator<Item = (&Entry, &Entry)> {
        let pairs = self.entries.iter().enumerate().flat_map(|(place, a)| {
            let later = self.overlapping(a).filter(move |(other, _)| *other > place);
            later.map(move |(_, b)| (a, b))
        });
        pairs.filter(|(a, b)| a.rank == b.rank && a.shape.overlaps(&b.shape) && !a.decides_like(b))
    }

    /// The routes of the same method that may take a path of this one, with their places. There may be thousands of routes,
    /// so they are not compared each with each.
    pub(super) fn overlapping(&self, entry: &Entry) -> impl Iterator<Item = (usize, &Entry)> {
        let places = self.index_of(entry.method).map(|index| index.overlapping(&entry.shape));
        places.into_iter().flatten().filter_map(|place| Some((place, self.entries.get(place)?)))
    }

    /// The write routes that requests may be passed on to though they would not grant them: those without a policy, and
    /// those whose policy turns nobody away; and the routes with a policy that pass them on. A guard that forwards, a
    /// parameter that does not parse and a format that is another one pass requests on.
    pub(super) fn unprotected(&self) -> Vec<(&Entry, Vec<&Entry>)> {
        let mut found: Vec<_> = self
            .entries
            .iter()
            .filter(|target| is_write(target.method) && target.turns_nobody_away())
            .map(|target| {
                let passes_on = |entry: &&Entry| entry.may_forward_to(target) && entry.grants_more_than(target);
                (target, self.overlapping(target).map(|(_, entry)| entry).filter(passes_on).collect::<Vec<_>>())
            })
            .filter(|(_, from)| !from.is_empty())
            .collect();
        // Rocket hands out routes in another order each time.
        for (_, from) in &mut found {
            *from = sorted(std::mem::take(from), |a, b| a.to_string().cmp(&b.to_string()));
        }
        sorted(found, |(a, _), (b, _)| a.to_string().cmp(&b.to_string()))
    }

    /// The policies that name lists of the configuration, with the routes that have them.
    pub(super) fn uses(&self) -> impl Iterator<Item = Use> {
        self.entries.iter().filter_map(|entry| {
            let RoutePolicy { policy, sources } = entry.policy?;
            Some(Use { policy, read: sources.lists?, by: entry.to_string() })
        })
    }

    /// The policies of the routes.
    pub(super) fn policies(&self) -> impl Iterator<Item = RoutePolicy> {
        self.entries.iter().filter_map(|entry| entry.policy)
    }
}

impl Entry {
    /// Whether both routes have policies that decide alike. What a policy accepts of the rules is not part of a decision.
    pub(super) fn decides_like(&self, other: &Entry) -> bool {
        let decides = |policy: &Policy| PolicyParts { allow: &[], ..policy.parts };
        match (self.policy, other.policy) {
            (Some(a), Some(b)) => a == b || (a.sources == b.sources && decides(a.policy) == decides(b.policy)),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

/// The route as people see it: `GET /users/<id> (user)`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.name)
    }
}

impl Entry {
    /// Whether a policy lets pages of any origin write to this route.
    pub(super) fn is_open(&self) -> bool {
        let takes_writes = is_write(self.method) && self.policy.is_some();
        takes_writes && self.turns_nobody_away()
    }

    /// Whether a form of another site can write to this route, as far as its method and its format go. Rocket lets a form that
    /// is sent by POST say another method, as `_method`.
    pub(super) fn takes_forms(&self) -> bool {
        let is_of_forms = |format: &MediaType| {
            format.is_form() || format.is_form_data() || format.is_plain() || format.specificity() < 2
        };
        let format = self.format.as_ref().filter(|_| self.needs_content_type);
        is_write(self.method) && format.is_none_or(is_of_forms)
    }

    /// Whether a policy names an origin.
    pub(super) fn names_somebody(&self) -> bool {
        self.policy.is_some_and(|route| !route.names_nobody())
    }

    /// Whether a policy is with `credentials`.
    pub(super) fn has_credentials(&self) -> bool {
        self.policy.is_some_and(|route| route.policy.parts.credentials)
    }

    fn turns_nobody_away(&self) -> bool {
        self.policy.is_none_or(|route| route.policy.parts.enforce == Enforce::Nothing)
    }

    /// Whether this route has a policy, and its preflights grant what the other one's would not. Any policy is more than
    /// none: one that names nobody protects its route.
    fn grants_more_than(&self, other: &Entry) -> bool {
        let Some(own) = self.policy else { return false };
        let Some(other) = other.policy else { return true };
        let gives_up = own.policy.parts.credentials && !other.policy.parts.credentials;
        !own.names_nobody() && (gives_up || !other.names_all_of(&own))
    }

    /// Whether a request that this route forwards may be tried on the other one.
    pub(super) fn may_forward_to(&self, other: &Entry) -> bool {
        self.method == other.method && self.rank < other.rank && self.shape.overlaps(&other.shape)
    }

    /// Whether it passes requests on to the other one, as far as that can be seen: it has a format or a parameter that may not
    /// fit; or the other one is never tried otherwise.
    pub(super) fn passes_on_to(&self, other: &Entry) -> bool {
        let other_format = self.format.is_some() && self.format != other.format;
        let may_not_fit = other_format || self.shape.has_parameters();
        self.may_forward_to(other) && (may_not_fit || self.shape.covers(&other.shape))
    }

    /// The file and the line of the attribute. A route that a named policy covers has none.
    pub(super) fn source(&self) -> Option<String> {
        self.place.map(|place| format!("{}:{}", place.file, place.line))
    }

    /// The route and its policy, for messages.
    pub(super) fn describe(&self) -> String {
        match self.policy {
            Some(route) => format!("{self}, shared with {}", route.policy),
            None => format!("{self}, not shared"),
        }
    }
}

/// How many routes a line names before it counts the others.
const NAMED: usize = 3;

/// Some routes for people: the first three, and how many more there are.
pub(super) fn named(routes: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = routes.collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// Routes by path, and those of one path by method.
pub(super) fn by_path<'t>(routes: impl Iterator<Item = &'t Entry>) -> Vec<&'t Entry> {
    let key = |entry: &'t Entry| (&entry.path, entry.method, &entry.name);
    sorted(routes.collect(), |a, b| key(a).cmp(&key(b)))
}
