//! Reading the fields of a request: numbers as text, one object for a list, what stands for nothing.

use gongji_money::Fen;
use jiff::civil::{Date, DateTime};

use crate::fault::Fault;
use crate::fields::{Direction, transaction};
use crate::wire::Wire;

/// One node of a request.
#[derive(Clone, Copy, Debug)]
pub struct Node<'wire> {
    /// The number of the transaction, for the meaning of fields.
    number: &'wire str,
    name: &'wire str,
    wire: &'wire Wire,
}

/// The node of a name in `input`. A list stands for its first entry.
///
/// # Errors
/// The fault `missing_node`.
pub fn node<'wire>(number: &'wire str, input: &'wire Wire, name: &'wire str) -> Result<Node<'wire>, Fault> {
    let found = list(number, input, name)?;
    found.into_iter().next().ok_or_else(|| missing_node(name))
}

/// The nodes of a name: a list, or one bare object; none where it is absent.
///
/// # Errors
/// The fault `malformed_node` where it is something else.
pub fn list<'wire>(
    number: &'wire str,
    input: &'wire Wire,
    name: &'wire str,
) -> Result<Vec<Node<'wire>>, Fault> {
    let Some(found) = input.get(name).filter(|found| !found.is_absent()) else { return Ok(Vec::new()) };
    let entries = match found {
        Wire::List(entries) => entries.iter().collect(),
        one => vec![one],
    };
    for entry in &entries {
        if !matches!(entry, Wire::Object(_)) {
            return Err(Fault::new("malformed_node", format!("节点 {name} 应为对象或对象的数组")));
        }
    }
    Ok(entries.into_iter().map(|wire| Node { number, name, wire }).collect())
}

/// That a node is missing.
pub fn missing_node(name: &str) -> Fault {
    Fault::new("missing_node", format!("缺少节点 {name}"))
}

impl<'wire> Node<'wire> {
    /// The field as messages name it.
    fn called(&self, field: &str) -> String {
        let described = transaction(self.number)
            .and_then(|known| known.node(Direction::In, self.name))
            .and_then(|node| node.field(field));
        match described {
            Some(described) => format!("{}.{field}（{}）", self.name, described.meaning),
            None => format!("{}.{field}", self.name),
        }
    }

    /// A field as it was sent.
    pub fn wire(&self, field: &str) -> Option<&'wire Wire> {
        self.wire.get(field)
    }

    /// A field as text; `None` where it stands for nothing.
    pub fn text(&self, field: &str) -> Option<String> {
        match self.wire.get(field).filter(|value| !value.is_absent())? {
            Wire::Text(text) => Some(text.trim().to_owned()),
            Wire::Number(digits) => Some(digits.clone()),
            Wire::Bool(value) => Some(if *value { "1" } else { "0" }.to_owned()),
            Wire::Null | Wire::List(_) | Wire::Object(_) => None,
        }
    }

    /// A field that must be there.
    ///
    /// # Errors
    /// The fault `missing_field`.
    pub fn need(&self, field: &str) -> Result<String, Fault> {
        self.text(field)
            .ok_or_else(|| Fault::new("missing_field", format!("{} 没有填写", self.called(field))))
    }

    /// A number to so many decimals, as that many times ten to the power of it.
    ///
    /// # Errors
    /// The fault `malformed_number`.
    pub fn scaled(&self, field: &str, decimals: u32) -> Result<Option<i64>, Fault> {
        let Some(text) = self.text(field) else { return Ok(None) };
        scaled(&text, decimals).map(Some).ok_or_else(|| {
            let problem = format!("{} 应为至多 {decimals} 位小数的数字，写的是 {text}", self.called(field));
            Fault::new("malformed_number", problem)
        })
    }

    /// An amount of money.
    ///
    /// # Errors
    /// The fault `malformed_number`.
    pub fn amount(&self, field: &str) -> Result<Option<Fen>, Fault> {
        Ok(self.scaled(field, 2)?.map(Fen::new))
    }

    /// A day, of a date or of a date with a time.
    ///
    /// # Errors
    /// The fault `malformed_date`.
    pub fn date(&self, field: &str) -> Result<Option<Date>, Fault> {
        let Some(text) = self.text(field) else { return Ok(None) };
        date(&text).map(Some).ok_or_else(|| {
            let problem =
                format!("{} 应为 2026-01-31 或 2026-01-31 08:00:00，写的是 {text}", self.called(field));
            Fault::new("malformed_date", problem)
        })
    }

    /// A day that must be there.
    ///
    /// # Errors
    /// The faults `missing_field` and `malformed_date`.
    pub fn need_date(&self, field: &str) -> Result<Date, Fault> {
        self.need(field)?;
        self.date(field)?
            .ok_or_else(|| Fault::new("missing_field", format!("{} 没有填写", self.called(field))))
    }

    /// Every field that is text or a number, as text: what an interface keeps of a node.
    pub fn kept(&self) -> serde_json::Map<String, serde_json::Value> {
        let Wire::Object(members) = self.wire else { return serde_json::Map::new() };
        let fields = members.iter().filter_map(|(key, _)| Some((key.clone(), self.text(key)?.into())));
        fields.collect()
    }
}

/// The day of a date, or of a date with a time.
pub fn date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    if let Ok(time) = text.parse::<DateTime>() {
        return Some(time.date());
    }
    // Some clients write 20260131 or 20260131080000.
    let digits = text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let day = digits.then(|| format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..8]))?;
    day.parse().ok()
}

/// A decimal number times ten to the power of `decimals`; `None` for more decimals than that, and for what is no number.
pub fn scaled(text: &str, decimals: u32) -> Option<i64> {
    let (number, power) = match text.split_once(['e', 'E']) {
        Some((number, power)) => (number, power.parse::<i32>().ok().filter(|power| power.abs() <= 18)?),
        None => (text, 0),
    };
    let (negative, digits) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !plain(whole) || !plain(fraction) {
        return None;
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    // The value stands for value × 10^(power − decimals of the fraction).
    let shift = i64::from(decimals) + i64::from(power) - i64::try_from(fraction.len()).ok()?;
    for _ in 0..shift.max(0) {
        value = value.checked_mul(10)?;
    }
    for _ in 0..(-shift).max(0) {
        if value % 10 != 0 {
            return None;
        }
        value /= 10;
    }
    i64::try_from(if negative { -value } else { value }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        for (text, decimals, expected) in [
            ("4.52", 2, Some(452)),
            ("4.520000", 2, Some(452)),
            ("4.525", 2, None),
            ("-0.5", 2, Some(-50)),
            (".5", 2, Some(50)),
            ("1e2", 2, Some(10_000)),
            ("1.5E-1", 2, Some(15)),
            ("1e-1000000000", 2, None),
            ("", 2, None),
            (".", 2, None),
            ("-", 2, None),
            ("四", 2, None),
            ("12345678901234567890", 2, None),
        ] {
            assert_eq!(scaled(text, decimals), expected, "{text}");
        }
    }

    #[test]
    fn days_are_read_in_every_writing() {
        let day = Some(Date::constant(2026, 1, 31));
        for text in ["2026-01-31", "2026-01-31 08:00:00", "2026-01-31T08:00:00", "20260131", "20260131080000"]
        {
            assert_eq!(date(text), day, "{text}");
        }
        for text in ["", "2026-02-30", "31.1.2026", "二〇二六年", "2026-1"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn one_object_stands_for_a_list() {
        let one = Wire::read(r#"{"feedetail":{"cnt":"2","pric":null,"memo":"NULL"}}"#).expect("json");
        let found = list("2204", &one, "feedetail").expect("a list");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].scaled("cnt", 4).expect("a number"), Some(20_000));
        assert_eq!((found[0].text("pric"), found[0].text("memo")), (None, None));
        let missing = found[0].need("mdtrt_id").expect_err("missing").text();
        assert_eq!(missing, "[missing_field] feedetail.mdtrt_id（就诊ID） 没有填写");
        assert!(list("2204", &Wire::read(r#"{"feedetail":[1]}"#).expect("json"), "feedetail").is_err());
    }
}
