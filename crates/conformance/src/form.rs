//! Amounts, days and ids as the interface writes them.

/// An amount in yuan as fen; `None` for what is no number or has parts of a fen.
pub fn fen(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let (decimals, more) = decimals.split_at(decimals.len().min(2));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(decimals) || more.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let fen: i64 = format!("{whole}{decimals:0<2}").parse().ok()?;
    Some(if negative { -fen } else { fen })
}

/// Fen as an amount in yuan.
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// Whether a text is so many digits.
pub fn digits(text: &str, many: usize) -> bool {
    text.len() == many && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the first fourteen digits of a text are a moment: `yyyyMMddHHmmss`.
pub fn moment(text: &str) -> bool {
    let Some(text) = text.get(..14).filter(|text| digits(text, 14)) else { return false };
    let written = format!(
        "{}-{}-{}T{}:{}:{}",
        &text[..4],
        &text[4..6],
        &text[6..8],
        &text[8..10],
        &text[10..12],
        &text[12..14]
    );
    written.parse::<jiff::civil::DateTime>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_and_write() {
        for (text, expected) in [
            ("4.52", Some(452)),
            ("4.5", Some(450)),
            ("-3", Some(-300)),
            ("0.1000", Some(10)),
            ("4.525", None),
            ("", None),
            ("x", None),
            (".5", None),
        ] {
            assert_eq!(fen(text), expected, "{text}");
        }
        assert_eq!((yuan(452), yuan(-5)), ("4.52".to_owned(), "-0.05".to_owned()));
    }

    #[test]
    fn moments_are_on_the_calendar() {
        assert!(moment("20260131080000123"));
        assert!(!moment("20260231080000123"));
        assert!(!moment("2026013108"));
        assert!(!moment("2026-01-31 08:00:00"));
    }
}
