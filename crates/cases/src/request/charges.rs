//! What a bill costs: its four portions, or its lines.

use std::collections::BTreeMap;

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::Dimension;

use super::limits::MOST_LINES;
use super::object::{Object, Value};
use crate::error::{CaseError, ErrorCode};

/// What a bill costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charges {
    /// The four portions as a hospital has split them.
    Portions {
        /// 医疗费总额.
        total: Fen,
        /// 全自费.
        non_covered: Fen,
        /// 超限价自费.
        over_limit_price: Fen,
        /// 先行自付.
        upfront_self_pay: Fen,
        /// How much of the in-scope amount carries which tag of the benefit; the rest is `general`.
        by_tag: BTreeMap<String, Fen>,
    },
    /// Lines that the catalogue splits.
    Lines(Vec<LineInput>),
}

/// A line of a bill as it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineInput {
    /// The item's code.
    pub code: Option<String>,
    /// The item's name.
    pub name: Option<String>,
    /// 甲/乙/丙: index of [`Dimension::Class`].
    pub class: i64,
    /// The pack's name of a kind of item.
    pub item_class: Option<String>,
    /// How many units, exactly.
    pub quantity: Rate,
    /// The price of one unit.
    pub unit_price: Fen,
    /// What the line costs.
    pub amount: Fen,
    /// 先行自付比例 stated by the line.
    pub upfront_ratio: Option<Rate>,
    /// 限价 of one unit stated by the line.
    pub price_cap: Option<Fen>,
}

const PORTIONS: [&str; 5] =
    ["total", "non_covered", "over_limit_price", "upfront_self_pay", "in_scope_by_tag"];

impl Charges {
    pub(super) fn of(value: &Value<'_>) -> Result<Charges, CaseError> {
        let object = value.object(&[
            "total",
            "non_covered",
            "over_limit_price",
            "upfront_self_pay",
            "in_scope_by_tag",
            "lines",
        ])?;
        let Some(lines) = object.get("lines") else { return portions(&object) };
        if let Some(portion) = PORTIONS.into_iter().find(|name| object.get(name).is_some()) {
            let field = object.path.name(portion).to_string();
            return Err(CaseError::new(
                ErrorCode::PortionsAndLines,
                field,
                "明细 lines 与费用部分不能同时写",
            )
            .expected("只写 lines，或只写 total 等部分"));
        }
        let nodes = lines.list(MOST_LINES)?;
        if nodes.is_empty() {
            return Err(lines.error(ErrorCode::MissingField, "明细是空的").expected("至少一条明细"));
        }
        let mut read = Vec::with_capacity(nodes.len());
        let mut total = Fen::ZERO;
        for (index, node) in nodes.iter().enumerate() {
            let line = LineInput::of(&Value { node, path: lines.path.index(index) })?;
            total = match total.checked_add(line.amount) {
                Some(sum) if sum <= Fen::LIMIT => sum,
                _ => {
                    let field = lines.path.to_string();
                    return Err(CaseError::new(ErrorCode::TooLarge, field, "明细合计过大")
                        .expected(format!("至多 {} 元", Fen::LIMIT.grouped())));
                }
            };
            read.push(line);
        }
        Ok(Charges::Lines(read))
    }

    /// A bill that lies in the scope as a whole.
    pub fn in_scope(total: Fen) -> Charges {
        Charges::Portions {
            total,
            non_covered: Fen::ZERO,
            over_limit_price: Fen::ZERO,
            upfront_self_pay: Fen::ZERO,
            by_tag: BTreeMap::new(),
        }
    }

    /// 医疗费总额.
    pub fn total(&self) -> Fen {
        match self {
            Charges::Portions { total, .. } => *total,
            Charges::Lines(lines) => lines.iter().map(|line| line.amount).sum(),
        }
    }
}

fn portions(object: &Object<'_>) -> Result<Charges, CaseError> {
    let amount = |name: &'static str| object.get(name).map_or(Ok(Fen::ZERO), |value| value.amount());
    let total = object.require("total", "医疗费总额，或用明细 lines 代替")?.amount()?;
    let (non_covered, over_limit_price, upfront_self_pay) =
        (amount("non_covered")?, amount("over_limit_price")?, amount("upfront_self_pay")?);
    // Each is at most 10¹² fen.
    let in_scope = total.fen() - non_covered.fen() - over_limit_price.fen() - upfront_self_pay.fen();
    if in_scope < 0 {
        let field = object.path.name("total").to_string();
        return Err(CaseError::new(ErrorCode::PortionsExceedTotal, field, "各部分之和超过了总额")
            .found(format!(
                "总额 {total}，全自费 {non_covered} + 超限价自费 {over_limit_price} + 先行自付 {upfront_self_pay} = {}",
                Fen::new(total.fen() - in_scope)
            ))
            .expected("三项之和不超过总额"));
    }
    let mut by_tag = BTreeMap::new();
    if let Some(tags) = object.get("in_scope_by_tag") {
        let mut left = in_scope;
        for (name, node) in tags.members()? {
            let value = Value { node, path: tags.path.name(name) };
            let part = value.amount()?;
            left -= part.fen();
            if left < 0 {
                return Err(value
                    .error(ErrorCode::PortionsExceedTotal, "各标签之和超过了符合政策范围金额")
                    .expected(format!("合计不超过 {} 元", Fen::new(in_scope))));
            }
            if !part.is_zero() {
                by_tag.insert(name.to_owned(), part);
            }
        }
    }
    Ok(Charges::Portions { total, non_covered, over_limit_price, upfront_self_pay, by_tag })
}

impl LineInput {
    /// A line of one unit that costs so much, of a class (an index of [`Dimension::Class`]), with nothing stated besides.
    pub fn new(class: i64, amount: Fen) -> LineInput {
        LineInput {
            code: None,
            name: None,
            class,
            item_class: None,
            quantity: Rate::ONE,
            unit_price: amount,
            amount,
            upfront_ratio: None,
            price_cap: None,
        }
    }

    fn of(value: &Value<'_>) -> Result<LineInput, CaseError> {
        let object = value.object(&[
            "code",
            "name",
            "class",
            "item_class",
            "quantity",
            "unit_price",
            "amount",
            "upfront_ratio",
            "price_cap",
        ])?;
        let text =
            |name: &'static str| object.get(name).map(|value| value.text().map(str::to_owned)).transpose();
        let quantity = object.get("quantity").map(|value| value.quantity()).transpose()?;
        let unit_price = object.get("unit_price").map(|value| value.amount()).transpose()?;
        let amount = object.get("amount").map(|value| value.amount()).transpose()?;
        let (quantity, unit_price, amount) = match (quantity, unit_price, amount) {
            (quantity, Some(price), amount) => {
                let quantity = quantity.unwrap_or(Rate::ONE);
                let product = i128::from(price.fen()) * i128::from(quantity.numerator());
                let exact = Rounding::HALF_UP_FEN
                    .round_wide(product, i128::from(quantity.denominator()))
                    .filter(|exact| *exact <= Fen::LIMIT)
                    .ok_or_else(|| {
                        CaseError::new(ErrorCode::TooLarge, object.path.to_string(), "数量 × 单价过大")
                            .expected(format!("至多 {} 元", Fen::LIMIT.grouped()))
                    })?;
                if let Some(stated) = amount.filter(|stated| *stated != exact) {
                    let field = object.path.name("amount").to_string();
                    return Err(CaseError::new(ErrorCode::LineAmount, field, "金额不等于数量 × 单价")
                        .found(stated.to_string())
                        .expected(exact.to_string()));
                }
                (quantity, price, exact)
            }
            (Some(quantity), None, Some(amount)) if quantity != Rate::ONE => {
                // The price of a unit that the line leaves out: exact where it divides, otherwise it must be stated.
                let product = i128::from(amount.fen()) * i128::from(quantity.denominator());
                let price = i64::try_from(product / i128::from(quantity.numerator())).ok();
                match price.filter(|_| product % i128::from(quantity.numerator()) == 0) {
                    Some(price) if price <= Fen::LIMIT.fen() => (quantity, Fen::new(price), amount),
                    _ => {
                        object.require("unit_price", "单价：由数量和金额除不出整分的单价")?;
                        (quantity, Fen::ZERO, amount)
                    }
                }
            }
            (_, None, Some(amount)) => (Rate::ONE, amount, amount),
            (_, None, None) => {
                object.require("amount", "金额，或数量与单价")?;
                (Rate::ONE, Fen::ZERO, Fen::ZERO)
            }
        };
        Ok(LineInput {
            code: text("code")?,
            name: text("name")?,
            class: object.require("class", "A（甲类）、B（乙类）或 C（丙类）")?.choice(Dimension::Class)?,
            item_class: text("item_class")?,
            quantity,
            unit_price,
            amount,
            upfront_ratio: object.get("upfront_ratio").map(|value| value.share()).transpose()?,
            price_cap: object.get("price_cap").map(|value| value.amount()).transpose()?,
        })
    }
}
