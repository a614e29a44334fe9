//! Figures in formulas and sentences: exact amounts, percentages, roundings.

use gongji_money::{Fen, Rate, RoundMode, RoundUnit, Rounding};

/// An exact amount of `numerator / denominator` fen, in yuan: all decimals where they end within eight, otherwise six and `…`.
pub(crate) fn exact_yuan(numerator: i128, denominator: i128) -> String {
    let below = denominator.max(1) * 100;
    let sign = if numerator < 0 { "-" } else { "" };
    let (whole, mut rest) = (numerator.abs() / below, numerator.abs() % below);
    let mut decimals = String::new();
    while decimals.len() < 8 && (rest != 0 || decimals.len() < 2) {
        rest *= 10;
        decimals.push_str(&(rest / below).to_string());
        rest %= below;
    }
    if rest != 0 {
        decimals.truncate(6);
        decimals.push('…');
    }
    format!("{sign}{whole}.{decimals}")
}

/// An exact amount as above, from so many fen.
pub(crate) fn yuan(fen: i64) -> String {
    Fen::new(fen).to_string()
}

/// An amount as people read it: `28,630.93`.
pub(crate) fn grouped(fen: i64) -> String {
    Fen::new(fen).grouped()
}

/// A rate as a percentage.
pub(crate) fn percent(numerator: i64, denominator: i64) -> String {
    Rate::new(numerator, denominator).map_or_else(String::new, Rate::to_percent)
}

/// A share of an amount as a percentage of at most two decimals, half up; `None` of nothing.
pub(crate) fn share_percent(part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let doubled = i128::from(part) * 20_000 + i128::from(whole);
    let hundredths = doubled.div_euclid(2 * i128::from(whole));
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    Some(format!("{}%", text.trim_end_matches('0').trim_end_matches('.')))
}

/// 四舍五入到分.
pub(crate) fn rounding_words(rounding: Rounding) -> String {
    let mode = match rounding.mode {
        RoundMode::HalfUp => "四舍五入到",
        RoundMode::Truncate => "舍去到",
        RoundMode::Up => "进位到",
    };
    let unit = match rounding.unit {
        RoundUnit::Fen => "分",
        RoundUnit::Jiao => "角",
        RoundUnit::Yuan => "元",
    };
    format!("{mode}{unit}")
}

/// 一处, 两处, 三处.
pub(crate) fn places(count: usize) -> String {
    match count {
        1 => "一处".to_owned(),
        2 => "两处".to_owned(),
        3 => "三处".to_owned(),
        4 => "四处".to_owned(),
        5 => "五处".to_owned(),
        count => format!("{count} 处"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_amounts_in_yuan() {
        assert_eq!(exact_yuan(121_328_768, 100), "12132.8768");
        assert_eq!(exact_yuan(90_000, 1), "900.00");
        assert_eq!(exact_yuan(-5, 2), "-0.025");
        assert_eq!(exact_yuan(100, 3), "0.333333…");
        assert_eq!(exact_yuan(0, 1), "0.00");
    }

    #[test]
    fn shares_as_percentages() {
        assert_eq!(share_percent(2_063_288, 2_498_736).as_deref(), Some("82.57%"));
        assert_eq!(share_percent(2_063_288, 2_863_093).as_deref(), Some("72.07%"));
        assert_eq!(share_percent(1, 2).as_deref(), Some("50%"));
        assert_eq!(share_percent(0, 5).as_deref(), Some("0%"));
        assert_eq!(share_percent(5, 0), None);
    }
}
