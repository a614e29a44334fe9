//! Random numbers that a seed repeats.

/// SplitMix64.
pub struct Dice(u64);

/// A number from the environment, or another.
pub fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

impl Dice {
    /// From `GONGJI_SEED`, or a fixed seed; printed.
    pub fn new(test: &str) -> Dice {
        let seed = setting("GONGJI_SEED", 20_260_131);
        eprintln!("{test}: GONGJI_SEED={seed}");
        Dice(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.any() % end
    }

    /// A place in something of this length.
    pub fn at(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("small")
    }

    /// One of these.
    pub fn of<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        &list[self.at(list.len())]
    }

    /// Whether something that happens so often in a hundred happens.
    pub fn chance(&mut self, in_a_hundred: u64) -> bool {
        self.below(100) < in_a_hundred
    }
}
