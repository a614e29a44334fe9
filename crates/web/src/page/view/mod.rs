//! What a page shows of an answer: laid out, never computed again.
//!
//! Shares of a bar are whole ten-thousandths, made here from the answer's fen only to draw; no amount is derived from them.

mod bars;
mod basis;
mod summary;
mod table;
mod year;

pub use bars::Bars;
pub use basis::Basis;
pub use basis::grade_class;
pub use summary::{Item, summary};
pub use table::{TableLine, table};
pub use year::{Meter, meters};

/// A share of a whole as a percentage with two decimals for coordinates: `72.10%`. Nothing of nothing is `0%`.
pub fn share(part: i64, whole: i64) -> String {
    percent(i128::from(part), i128::from(whole), 2)
}

/// A share for people, with one decimal: `72.1%`.
pub fn spoken(part: i64, whole: i64) -> String {
    percent(i128::from(part), i128::from(whole), 1)
}

fn percent(part: i128, whole: i128, decimals: u32) -> String {
    if whole <= 0 || part <= 0 {
        return "0%".to_owned();
    }
    let scale = 10_i128.pow(decimals);
    let units = (part * 100 * scale * 2 + whole) / (whole * 2);
    let (above, below) = (units / scale, units % scale);
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{above}.{below:0width$}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(share(1, 3), "33.33%");
        assert_eq!(share(2, 3), "66.67%");
        assert_eq!(spoken(7206, 10_000), "72.1%");
        assert_eq!(spoken(0, 0), "0%");
        assert_eq!(share(1_000_000_000_000, 1_000_000_000_000), "100.00%");
    }
}
