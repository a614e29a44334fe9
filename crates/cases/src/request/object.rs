//! Reading an object of the case field by field, each error with its path.

use std::fmt;
use std::str::FromStr;

use gongji_money::{Fen, FenError, Rate};
use gongji_policy::view::value_label;
use gongji_policy::{Dimension, DimensionKind};
use jiff::civil::Date;

use super::limits::MOST_CHARACTERS;
use super::node::Node;
use crate::error::{CaseError, ErrorCode};

/// Where a value stands in the case; printed only when an error needs it.
#[derive(Clone, Copy)]
pub(crate) struct Path<'up> {
    parent: Option<&'up Path<'up>>,
    step: Step<'up>,
}

#[derive(Clone, Copy)]
enum Step<'up> {
    Root,
    Name(&'up str),
    Index(usize),
}

impl<'up> Path<'up> {
    /// The whole case.
    pub const ROOT: Path<'static> = Path { parent: None, step: Step::Root };

    /// A member.
    pub fn name(&'up self, name: &'up str) -> Path<'up> {
        Path { parent: Some(self), step: Step::Name(name) }
    }

    /// An entry of a list.
    pub fn index(&'up self, index: usize) -> Path<'up> {
        Path { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(formatter)?;
            if !matches!(parent.step, Step::Root) && matches!(self.step, Step::Name(_)) {
                formatter.write_str(".")?;
            }
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Name(name) => formatter.write_str(name),
            Step::Index(index) => write!(formatter, "[{index}]"),
        }
    }
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(crate) struct Value<'node> {
    pub node: &'node Node<'node>,
    pub path: Path<'node>,
}

/// An object whose names are all known and stand once.
pub(crate) struct Object<'node> {
    members: &'node [(std::borrow::Cow<'node, str>, Node<'node>)],
    pub path: Path<'node>,
}

/// The nearest of the names, if one is near.
pub(crate) fn nearest<'name>(found: &str, names: impl IntoIterator<Item = &'name str>) -> Option<&'name str> {
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(found, name), name))
        .filter(|(distance, name)| {
            *distance <= 1 + name.chars().count() / 3 && *distance < name.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

impl<'node> Value<'node> {
    /// An error at this value.
    pub fn error(&self, code: ErrorCode, problem: &str) -> CaseError {
        CaseError::new(code, self.path.to_string(), problem).found(self.node.describe())
    }

    fn wrong_type(&self, expected: &str) -> CaseError {
        if matches!(self.node, Node::TooMany) {
            return CaseError::new(ErrorCode::TooMany, self.path.to_string(), "内容过多").expected(expected);
        }
        self.error(ErrorCode::WrongType, "类型不对").expected(expected)
    }

    /// The value as an object that has only these names, each at most once.
    pub fn object(&self, names: &'static [&'static str]) -> Result<Object<'node>, CaseError> {
        let Node::Object(members) = self.node else { return Err(self.wrong_type("一个对象 {…}")) };
        for (position, (name, _)) in members.iter().enumerate() {
            if !names.contains(&name.as_ref()) {
                let path = self.path.name(name);
                let error = CaseError::new(ErrorCode::UnknownField, path.to_string(), "没有这个字段")
                    .expected(format!("其中之一：{}", names.join("、")));
                return Err(match nearest(name, names.iter().copied()) {
                    Some(near) => error.hint(format!("是不是想写 {near}？")),
                    None => error,
                });
            }
            if members[..position].iter().any(|(earlier, _)| earlier == name) {
                let path = self.path.name(name);
                return Err(CaseError::new(
                    ErrorCode::DuplicateField,
                    path.to_string(),
                    "同一个字段写了两次",
                ));
            }
        }
        Ok(Object { members, path: self.path })
    }

    /// The members of an object with free names, each at most once.
    pub fn members(&self) -> Result<impl Iterator<Item = (&'node str, &'node Node<'node>)>, CaseError> {
        let Node::Object(members) = self.node else { return Err(self.wrong_type("一个对象 {…}")) };
        for (position, (name, _)) in members.iter().enumerate() {
            if members[..position].iter().any(|(earlier, _)| earlier == name) {
                let path = self.path.name(name);
                return Err(CaseError::new(
                    ErrorCode::DuplicateField,
                    path.to_string(),
                    "同一个字段写了两次",
                ));
            }
        }
        Ok(members.iter().map(|(name, node)| (name.as_ref(), node)))
    }

    /// The value as a list of at most so many entries.
    pub fn list(&self, most: usize) -> Result<&'node [Node<'node>], CaseError> {
        let too_many = |found: String| {
            CaseError::new(ErrorCode::TooMany, self.path.to_string(), "条数过多")
                .found(found)
                .expected(format!("至多 {most} 条"))
        };
        match self.node {
            Node::List(nodes) if nodes.len() <= most => Ok(nodes),
            Node::List(nodes) => Err(too_many(format!("{} 条", nodes.len()))),
            Node::TooMany => Err(too_many(format!("超过 {} 条", super::limits::MOST_LIST))),
            _ => Err(self.wrong_type("一个列表 […]")),
        }
    }

    /// The value as a text that is neither empty nor too long.
    pub fn text(&self) -> Result<&'node str, CaseError> {
        match self.node {
            Node::Text(text) if text.is_empty() => Err(self.error(ErrorCode::UnknownValue, "不能为空")),
            Node::Text(text) if text.chars().nth(MOST_CHARACTERS).is_some() => Err(self
                .error(ErrorCode::TooLarge, "文字过长")
                .expected(format!("至多 {MOST_CHARACTERS} 个字"))),
            Node::Text(text) => Ok(text),
            _ => Err(self.wrong_type("一段文字")),
        }
    }

    /// The value as `true` or `false`.
    pub fn flag(&self) -> Result<bool, CaseError> {
        match self.node {
            Node::Bool(value) => Ok(*value),
            _ => Err(self.wrong_type("true 或 false")),
        }
    }

    /// The value as a whole number within bounds.
    pub fn integer(&self, low: i64, high: i64) -> Result<i64, CaseError> {
        let expected = format!("{low} 到 {high} 之间的整数");
        match self.node {
            Node::Integer(value) if (low..=high).contains(value) => Ok(*value),
            Node::Integer(_) | Node::Number(_) => {
                Err(self.error(ErrorCode::TooLarge, "数字不在范围内").expected(expected))
            }
            _ => Err(self.wrong_type(&expected)),
        }
    }

    /// The value as an amount that is not negative and at most the engine's limit.
    pub fn amount(&self) -> Result<Fen, CaseError> {
        let amount = self.balance()?;
        if amount.is_negative() {
            return Err(self.error(ErrorCode::NegativeAmount, "金额不能是负数").expected("零或正数"));
        }
        Ok(amount)
    }

    /// The value as an amount that may be below nothing, within the engine's limit.
    pub fn balance(&self) -> Result<Fen, CaseError> {
        const EXPECTED: &str = "以元为单位的文字，至多两位小数，如 \"1234.50\"";
        let text = match self.node {
            Node::Text(text) => text,
            Node::Integer(_) | Node::Number(_) => {
                return Err(self
                    .error(ErrorCode::AmountAsNumber, "金额要写成文字，不能写成数字")
                    .expected(EXPECTED)
                    .hint("请给金额加上引号，小数才不会走样"));
            }
            _ => return Err(self.wrong_type(EXPECTED)),
        };
        let too_large = || {
            self.error(ErrorCode::TooLarge, "金额过大").expected(format!("至多 {} 元", Fen::LIMIT.grouped()))
        };
        let amount = match Fen::from_str(text) {
            Ok(amount) => amount,
            Err(FenError::Overflow) => return Err(too_large()),
            Err(FenError::Malformed) => {
                return Err(self.error(ErrorCode::MalformedAmount, "金额写法不对").expected(EXPECTED));
            }
        };
        let within = amount <= Fen::LIMIT && amount.fen() >= -Fen::LIMIT.fen();
        if within { Ok(amount) } else { Err(too_large()) }
    }

    /// The value as a calendar day.
    pub fn date(&self) -> Result<Date, CaseError> {
        let expected = "YYYY-MM-DD，1900 至 2199 年，如 \"2023-05-30\"";
        let Node::Text(text) = self.node else { return Err(self.wrong_type(expected)) };
        let shaped = text.len() == 10
            && text.bytes().enumerate().all(|(place, byte)| match place {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date = if shaped { Date::from_str(text).ok() } else { None };
        date.filter(|date| (1900..2200).contains(&date.year())).ok_or_else(|| {
            self.error(ErrorCode::MalformedDate, "日期写法不对，或没有这一天").expected(expected)
        })
    }

    /// The value as one of a dimension's fixed names; its index.
    pub fn choice(&self, dimension: Dimension) -> Result<i64, CaseError> {
        let DimensionKind::Choice(names) = dimension.kind() else {
            return Err(CaseError::new(ErrorCode::Internal, self.path.to_string(), "没有固定的取值"));
        };
        let text = match self.node {
            Node::Text(text) => text.as_ref(),
            _ => return Err(self.wrong_type(&accepted(dimension, names))),
        };
        match names.iter().position(|name| *name == text) {
            Some(index) => Ok(index as i64),
            None => {
                let error = self
                    .error(ErrorCode::UnknownValue, &format!("{}没有这个取值", dimension.label()))
                    .expected(accepted(dimension, names));
                Err(match nearest(text, names.iter().copied()) {
                    Some(near) => error.hint(format!("是不是想写 {near}？")),
                    None => error,
                })
            }
        }
    }

    /// The value as an exact positive number: a whole number, or text such as `"1.5"`.
    pub fn quantity(&self) -> Result<Rate, CaseError> {
        let expected = "大于零的整数，或至多六位小数的文字，如 \"1.5\"";
        let quantity = match self.node {
            Node::Integer(value) => Rate::new(*value, 1),
            Node::Text(text) if !text.ends_with('%') => Rate::from_str(text).ok(),
            _ => return Err(self.wrong_type(expected)),
        };
        quantity
            .filter(|quantity| {
                *quantity > Rate::ZERO
                    && quantity.denominator() <= 1_000_000
                    && quantity.numerator() / quantity.denominator() <= 1_000_000_000
            })
            .ok_or_else(|| self.error(ErrorCode::MalformedNumber, "数量写法不对").expected(expected))
    }

    /// The value as a share between 0 and 100%.
    pub fn share(&self) -> Result<Rate, CaseError> {
        let expected = "0% 到 100% 的文字，如 \"10%\" 或 \"0.1\"";
        let Node::Text(text) = self.node else { return Err(self.wrong_type(expected)) };
        Rate::from_str(text)
            .ok()
            .filter(|share| {
                *share >= Rate::ZERO && *share <= Rate::ONE && share.denominator() <= 1_000_000_000
            })
            .ok_or_else(|| self.error(ErrorCode::MalformedNumber, "比例写法不对").expected(expected))
    }
}

/// The names of a choice with their terms: `retired（退休）`.
fn accepted(dimension: Dimension, names: &[&str]) -> String {
    let named = names.iter().map(|name| match value_label(dimension, name) {
        label if label == *name => (*name).to_owned(),
        label => format!("{name}（{label}）"),
    });
    named.collect::<Vec<_>>().join("、")
}

impl<'node> Object<'node> {
    /// A member, if it is there and not `null`.
    pub fn get(&'node self, name: &'node str) -> Option<Value<'node>> {
        let (_, node) = self.members.iter().find(|(known, _)| known == name)?;
        if matches!(node, Node::Null) {
            return None;
        }
        Some(Value { node, path: self.path.name(name) })
    }

    /// A member that must be there.
    pub fn require(&'node self, name: &'node str, expected: &str) -> Result<Value<'node>, CaseError> {
        self.get(name).ok_or_else(|| {
            CaseError::new(ErrorCode::MissingField, self.path.name(name).to_string(), "缺少这个字段")
                .expected(expected)
        })
    }
}
