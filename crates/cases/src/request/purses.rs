//! What is in the purses before the first event.

use gongji_money::Fen;
use gongji_policy::Dimension;

use super::limits::MOST_RELATIVES;
use super::object::{Object, Value};
use super::person::area_code;
use crate::error::{CaseError, ErrorCode};

/// The own account and relatives' accounts, in fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purses {
    /// The own account, current year; below nothing only where a clearing of the area may leave it so.
    pub current_year: Fen,
    /// The own account, carried over.
    pub carried_over: Fen,
    /// Relatives, in the order in which their accounts are drawn on.
    pub mutual_aid: Vec<Relative>,
}

/// A relative's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relative {
    /// The relation: index of [`Dimension::Relation`].
    pub relation: i64,
    /// Where the relative is insured.
    pub pooling_area: String,
    /// Current year.
    pub current_year: Fen,
    /// Carried over.
    pub carried_over: Fen,
    /// The most that one bill may draw on it, where less was granted than the rules allow.
    pub limit: Option<Fen>,
    /// Whether it is the person's own wallet (医保钱包), filled by relatives: rules of sharing were asked when it was filled.
    pub wallet: bool,
}

/// Words for wider relations, which no rule knows: named so that the refusal can say what they are.
const WIDER: [(&str, &str); 6] = [
    ("parent_in_law", "配偶的父母"),
    ("child_in_law", "子女的配偶"),
    ("uncle_aunt", "叔伯姑舅姨"),
    ("cousin", "堂表兄弟姐妹"),
    ("nephew_niece", "侄甥"),
    ("friend", "朋友"),
];

impl Purses {
    pub(super) fn of(value: &Value<'_>) -> Result<Purses, CaseError> {
        let object = value.object(&["current_year", "carried_over", "mutual_aid"])?;
        let mut mutual_aid = Vec::new();
        if let Some(list) = object.get("mutual_aid") {
            for (index, node) in list.list(MOST_RELATIVES)?.iter().enumerate() {
                mutual_aid.push(Relative::of(&Value { node, path: list.path.index(index) })?);
            }
        }
        Ok(Purses {
            current_year: object.get("current_year").map_or(Ok(Fen::ZERO), |value| value.balance())?,
            carried_over: amount(&object, "carried_over")?,
            mutual_aid,
        })
    }
}

impl Relative {
    fn of(value: &Value<'_>) -> Result<Relative, CaseError> {
        let object =
            value.object(&["relation", "pooling_area", "current_year", "carried_over", "limit", "wallet"])?;
        let relation = object.require("relation", "与本人的关系，如 spouse（配偶）")?;
        let named = relation.choice(Dimension::Relation).map_err(|error| {
            let text = relation.text().unwrap_or_default();
            match WIDER.iter().find(|(name, _)| *name == text) {
                Some((_, label)) if error.code == ErrorCode::UnknownValue => {
                    CaseError {
                        problem: format!("{label}不在家庭共济的近亲属范围内"), hint: None, ..error
                    }
                }
                _ => error,
            }
        })?;
        let area = object.require("pooling_area", "亲属参保地的六位行政区划代码")?;
        Ok(Relative {
            relation: named,
            pooling_area: area_code(&area)?,
            current_year: amount(&object, "current_year")?,
            carried_over: amount(&object, "carried_over")?,
            limit: object.get("limit").map(|value| value.amount()).transpose()?,
            wallet: object.get("wallet").map_or(Ok(false), |value| value.flag())?,
        })
    }
}

/// An amount that is nothing where it is not given.
fn amount(object: &Object<'_>, name: &str) -> Result<Fen, CaseError> {
    object.get(name).map_or(Ok(Fen::ZERO), |value| value.amount())
}
