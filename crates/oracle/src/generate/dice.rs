//! Seeded randomness.

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

/// A source of random choices: the same seed gives the same choices on every machine.
pub(crate) struct Dice {
    rng: TestRng,
}

impl Dice {
    pub fn new(seed: u64) -> Dice {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Dice { rng: TestRng::from_seed(RngAlgorithm::ChaCha, &bytes) }
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.rng.random_range(low..=high)
    }

    /// An index below `length`, which is at least 1.
    pub fn below(&mut self, length: usize) -> usize {
        self.rng.random_range(0..length)
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    /// One of the items; the slice is not empty.
    pub fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    /// The index of one of the weights, in proportion.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.rng.random_range(0..weights.iter().sum::<u32>());
        for (index, &weight) in weights.iter().enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// The items in another order.
    pub fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for index in (1..items.len()).rev() {
            let other = self.below(index + 1);
            items.swap(index, other);
        }
        items
    }

    /// A number from 1 to `10^digits`, every order of magnitude as likely.
    pub fn magnitude(&mut self, digits: u32) -> i64 {
        let power = self.rng.random_range(0..digits);
        self.between(10_i64.pow(power), 10_i64.pow(power + 1))
    }
}
