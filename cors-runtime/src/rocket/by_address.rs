//! Finds the policy of a route by the address of the route.

use rocket::route::Route;

use super::sources::RoutePolicy;

/// The policies of an application's routes.
///
/// The router never moves a route once the application is ignited, and `Request::route()` hands out
/// references into it. A route that is not found here gets no header, so a mistake would share less.
///
/// A hash table, since each request with a route looks here: a search of sorted addresses takes ten instructions more for each
/// doubling of the routes.
#[derive(Debug)]
pub(super) struct ByAddress {
    /// A power of two, and at least twice as many as there are policies, so that each search ends soon at an empty one. Addresses
    /// with the same place are behind each other.
    places: Box<[Option<(usize, RoutePolicy)>]>,
    /// Leaves as many bits of a hash as the number of a place has.
    shift: u32,
}

/// The address of a route, as long as it is not moved.
pub(super) fn address(route: &Route) -> usize {
    std::ptr::from_ref(route) as usize
}

impl ByAddress {
    pub(super) fn new(policies: &[(usize, RoutePolicy)]) -> Self {
        let count = (policies.len() * 2).next_power_of_two().max(2);
        let mut table = ByAddress { places: vec![None; count].into(), shift: u64::BITS - count.ilog2() };
        for &(address, policy) in policies {
            let free = table.search(address).find(|&place| table.places[place].is_none());
            if let Some(place) = free {
                table.places[place] = Some((address, policy));
            }
        }
        table
    }

    /// The policy of the route at this address, if it has one.
    #[inline]
    pub(super) fn get(&self, address: usize) -> Option<RoutePolicy> {
        let found =
            self.search(address).map_while(|place| *self.places.get(place)?).find(|(known, _)| *known == address);
        found.map(|(_, policy)| policy)
    }

    /// The places where an address can be, in the order in which they are tried.
    #[inline]
    fn search(&self, address: usize) -> impl Iterator<Item = usize> + use<> {
        /// The golden ratio of 2⁶⁴.
        const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
        let last = self.places.len() - 1;
        // Twice: routes are a multiple of their size apart, and for some sizes once brings many of them to the same places.
        let mixed = (address as u64).wrapping_mul(FACTOR);
        let hash = (mixed ^ mixed >> 32).wrapping_mul(FACTOR) >> self.shift;
        // As many bits as the places have.
        let first = usize::try_from(hash).unwrap_or_default();
        (first..).map(move |place| place & last)
    }
}

#[cfg(test)]
mod tests {
    use super::ByAddress;
    use crate::policy::Policy;
    use crate::rocket::sources::RoutePolicy;

    fn policy(origin: &str) -> RoutePolicy {
        RoutePolicy::of(Box::leak(Box::new(Policy::builder().origins([origin]).leak().expect("a policy"))))
    }

    /// Also of addresses at equal distances, as those of routes are, whatever the distance is.
    #[test]
    fn a_search_is_short() {
        let any = policy("https://a.example");
        for step in (8..2_048).step_by(8) {
            for count in [100, 1_000, 10_000] {
                let policies: Vec<_> = (1..=count).map(|number| (number * step, any)).collect();
                let table = ByAddress::new(&policies);
                // From each place to the next empty one, as for an address that is not there.
                let runs = table.places.split(Option::is_none).map(<[_]>::len);
                let looked_at: usize = runs.map(|run| (run + 1) * (run + 2) / 2).sum();
                assert!(looked_at < 3 * table.places.len(), "{looked_at} for {count} at {step}");
            }
        }
    }

    #[test]
    fn each_address_has_its_own_policy() {
        let known = ["https://a.example", "https://b.example", "https://c.example"].map(policy);
        // As far apart as routes are, as near as nothing is, and where the last place is followed by the first.
        for step in [1, 16, 784, 4096, usize::MAX / 5] {
            for count in [0, 1, 2, 3, 4, 5, 100, 1_000] {
                let addresses: Vec<usize> = (1..=count).map(|number: usize| number.wrapping_mul(step)).collect();
                let policies: Vec<_> = addresses.iter().copied().zip(known.into_iter().cycle()).collect();
                let table = ByAddress::new(&policies);
                for &(address, policy) in &policies {
                    assert_eq!(table.get(address), Some(policy), "{count} at {step}: {address}");
                }
                let other = |address: &usize| !addresses.contains(address);
                for address in [0, 7, step / 2, usize::MAX].into_iter().filter(other) {
                    assert_eq!(table.get(address), None, "{count} at {step}: {address}");
                }
            }
        }
    }
}
