//! Amounts in commands: text in yuan with at most two decimals, as in the case format.

use gongji_money::Fen;
use serde::{Deserialize, Deserializer, Serializer};

/// Writes plain yuan.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(amount: &Fen, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(amount)
}

/// Reads plain yuan that are not negative.
///
/// # Errors
/// A number instead of text, a malformed or negative amount, one beyond [`Fen::LIMIT`].
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Fen, D::Error> {
    let text = std::borrow::Cow::<str>::deserialize(from)?;
    read(&text).map_err(serde::de::Error::custom)
}

fn read(text: &str) -> Result<Fen, String> {
    let amount: Fen = text
        .parse()
        .map_err(|_| format!("“{text}”不是金额；应为以元为单位、至多两位小数的文字，如 \"1234.50\""))?;
    if amount.is_negative() {
        return Err(format!("金额不能是负数：“{text}”"));
    }
    if amount > Fen::LIMIT {
        return Err(format!("金额超出范围：“{text}”；至多 {} 元", Fen::LIMIT.grouped()));
    }
    Ok(amount)
}

/// The same where the amount may be negative, as what a cancellation takes back.
pub mod signed {
    use super::{Deserialize, Deserializer, Fen, Serializer};

    /// Writes plain yuan.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(amount: &Fen, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(amount)
    }

    /// Reads plain yuan.
    ///
    /// # Errors
    /// A number instead of text, a malformed amount, one beyond [`Fen::LIMIT`] on either side.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Fen, D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(from)?;
        let amount = match text.strip_prefix('-') {
            Some(rest) => super::read(rest).map(|amount| -amount),
            None => super::read(&text),
        };
        amount.map_err(serde::de::Error::custom)
    }
}

/// The same where the field may be left out.
pub mod optional {
    use super::{Deserialize, Deserializer, Fen, Serializer, read};

    /// Writes plain yuan, or null.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(amount: &Option<Fen>, to: S) -> Result<S::Ok, S::Error> {
        match amount {
            Some(amount) => to.collect_str(amount),
            None => to.serialize_none(),
        }
    }

    /// Reads plain yuan, or nothing.
    ///
    /// # Errors
    /// As for an amount that must be there.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Fen>, D::Error> {
        let text = Option::<std::borrow::Cow<'_, str>>::deserialize(from)?;
        text.map(|text| read(&text).map_err(serde::de::Error::custom)).transpose()
    }
}
