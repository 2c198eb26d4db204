//! Numbers that look random, and are the same in every run.

/// Xorshift, from a seed that is not 0.
#[derive(Debug)]
pub struct Random(pub u64);

impl Random {
    /// A number from 0 to `end`, without `end`.
    ///
    /// # Panics
    /// `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % end
    }
}
