//! Finding a text among many: by a table of hashes, in a time that does not grow with their number.
//!
//! The attribute writes the table of a long list into the policy, and a list that is known at run time makes one when it is
//! read.

/// The longest list that is searched from one end to the other: that costs less than to hash the text that is looked for.
const SHORT: usize = 8;

/// The seed of tables that are written into a policy, whose texts its author has chosen.
pub const OF_CONSTANTS: u64 = 0;

/// A table for [`find`], which finds texts among these by it. Empty if there are few of them.
///
/// Who may add texts to a list must not know the `seed`: with it, texts can be made that stand in one place, and are then
/// compared one after the other.
///
/// # Panics
/// There are more than 2³² texts.
#[must_use]
pub fn table<T: AsRef<str>>(texts: &[T], seed: u64) -> Vec<u32> {
    if texts.len() <= SHORT {
        return Vec::new();
    }
    // Half of it stays empty, so that a search is short, and ends. An entry is the place of a text from 1, and 0 is none.
    let mut table = vec![0; texts.len() * 2];
    for (index, text) in texts.iter().enumerate() {
        let start = start(text.as_ref().as_bytes(), seed, table.len());
        let (wrapped, first) = table.split_at_mut(start);
        if let Some(free) = first.iter_mut().chain(wrapped).find(|entry| **entry == 0) {
            *free = u32::try_from(index + 1).expect("a list of fewer than 2^32 texts");
        }
    }
    table
}

/// The place of a text among these, of which [`table()`] has made the table with the same seed.
// Not inlined, so that a search for one text does not pay for the registers of this one.
#[must_use]
#[inline(never)]
pub fn find<T: AsRef<str>>(texts: &[T], table: &[u32], seed: u64, text: &[u8]) -> Option<usize> {
    let is_at = |index: usize| texts.get(index).is_some_and(|known| known.as_ref().as_bytes() == text);
    if table.is_empty() {
        return (0..texts.len()).find(|index| is_at(*index));
    }
    let (wrapped, first) = table.split_at_checked(start(text, seed, table.len()))?;
    let entries = first.iter().chain(wrapped);
    entries.map_while(|entry| usize::try_from(*entry).ok()?.checked_sub(1)).find(|index| is_at(*index))
}

/// Where in a table of this length, which is not 0, the search for a text begins.
fn start(text: &[u8], seed: u64, length: usize) -> usize {
    let (_, start) = wide_product(hash(text, seed), length as u64);
    usize::try_from(start).unwrap_or_default()
}

/// A hash of eight bytes at a time, each of which is multiplied in, and folded. That is fast, and spreads well what differs
/// in a few letters. Without the seed nobody can tell which texts have one hash.
fn hash(text: &[u8], seed: u64) -> u64 {
    /// The fraction of the golden ratio, an odd number whose bits look random.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let (low, high) = wide_product(hash ^ word, FACTOR);
        low ^ high
    };
    let (words, rest) = text.as_chunks();
    let hash = words.iter().fold(seed ^ FACTOR, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    let rest = rest.iter().fold(text.len() as u64, |rest, byte| rest << 8 | u64::from(*byte));
    mix(mix(hash, rest), FACTOR)
}

/// The lower and the upper half of a product.
#[expect(clippy::cast_possible_truncation, reason = "they are halves")]
fn wide_product(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    (product as u64, (product >> 64) as u64)
}
