//! Fee lines: read, checked, and split into the four portions.

use gongji_agency::Stop;
use gongji_agency::command::LineAsked;
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Item, ItemKind, Line};
use gongji_agency::settlement::{Asked, charges_of_lines, question};
use gongji_cases::settle::Portions;
use gongji_money::{Fen, Rate};
use jiff::civil::Date;

use crate::fault::Fault;
use crate::input::Node;
use crate::output::{self, Member};
use crate::tables::Codes;
use crate::wire::Wire;

/// So many lines at most come in one message.
pub const MOST_LINES: usize = 1_000;

/// A line as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// 费用明细流水号.
    pub serial: String,
    /// 数量, as sent.
    quantity: String,
    /// 单价, as sent.
    price: String,
    /// Whether the price has parts of a fen, so that the line counts as one unit of its amount.
    fine_price: bool,
    /// The 费用明细流水号 that it takes back, for a return.
    pub returns: Option<String>,
    /// The line as it is uploaded; of a return what is taken back.
    pub asked: LineAsked,
}

/// A price without cap.
const NO_CAP: &str = "999999";

impl Sent {
    /// Reads a line.
    ///
    /// # Errors
    /// The faults `missing_field`, `malformed_number`, `malformed_date`, `line_amount` and `return_line`.
    pub fn read(node: &Node<'_>) -> Result<Sent, Fault> {
        let serial = node.need("feedetl_sn")?;
        let need = |field: &str, decimals: u32| {
            node.need(field)?;
            Ok::<i64, Fault>(node.scaled(field, decimals)?.unwrap_or_default())
        };
        let (quantity, price, amount) = (need("cnt", 4)?, need("pric", 6)?, need("det_item_fee_sumamt", 2)?);
        let back = quantity < 0;
        let (quantity, amount) = if back { (-quantity, -amount) } else { (quantity, amount) };
        if quantity == 0 || amount < 0 {
            let problem = format!("明细 {serial} 的数量、金额应当都大于 0，退费明细都小于 0");
            return Err(Fault::new("return_line", problem));
        }
        if price < 0 {
            return Err(Fault::new("return_line", format!("明细 {serial} 的单价小于 0；退费写负的数量")));
        }
        let returns = match (back, node.text("init_feedetl_sn")) {
            (true, None) => {
                let problem =
                    format!("退费明细 {serial} 要在 init_feedetl_sn（原费用流水号）里写退的是哪一条");
                return Err(Fault::new("return_line", problem));
            }
            (true, original) => original,
            (false, _) => None,
        };
        // 10⁻⁴ units × 10⁻⁶ yuan = 10⁻⁸ fen.
        let product = i128::from(quantity) * i128::from(price);
        let exact = (product + 50_000_000) / 100_000_000;
        if exact != i128::from(amount) {
            let problem = format!(
                "明细 {serial} 的金额 {} 不等于数量 × 单价 = {}",
                Fen::new(amount),
                Fen::new(i64::try_from(exact).unwrap_or(i64::MAX))
            );
            return Err(Fault::new("line_amount", problem));
        }
        let fine_price = price % 10_000 != 0;
        let (units, unit_price) =
            if fine_price { ("1".to_owned(), amount) } else { (decimal(quantity, 4), price / 10_000) };
        let asked = LineAsked {
            code: node.need("med_list_codg")?,
            name: node.text("medins_list_name").unwrap_or_default(),
            on: Some(node.need_date("fee_ocur_time")?),
            quantity: units,
            unit_price: Fen::new(unit_price),
            amount: Fen::new(amount),
            returns: None,
        };
        let sign = if back { "-" } else { "" };
        let quantity = format!("{sign}{}", decimal(quantity, 4));
        Ok(Sent { serial, quantity, price: decimal(price, 6), fine_price, returns, asked })
    }

    /// A line as the agency has it.
    pub fn of(serial: String, line: &Line) -> Sent {
        let asked = LineAsked {
            code: line.code.clone(),
            name: line.name.clone(),
            on: Some(line.on),
            quantity: line.quantity.clone(),
            unit_price: Fen::new(line.unit_price),
            amount: Fen::new(line.amount),
            returns: None,
        };
        let price = decimal(line.unit_price, 2);
        Sent { serial, quantity: line.quantity.clone(), price, fine_price: false, returns: None, asked }
    }

    /// What the line costs, fen; below zero for a return.
    pub fn amount(&self) -> i64 {
        if self.returns.is_some() { -self.asked.amount.fen() } else { self.asked.amount.fen() }
    }

    /// The line by itself, a return as what it takes back.
    fn line(&self, on: Date) -> Line {
        self.asked.line(on)
    }
}

/// A number of so many decimals without zeros at its end.
pub fn decimal(value: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", value, width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// A ratio such as `10%` to four decimals.
pub fn share(text: &str) -> Option<String> {
    let rate: Rate = text.parse().ok()?;
    let scaled = i128::from(rate.numerator()) * 20_000 + i128::from(rate.denominator());
    let scaled = scaled / (2 * i128::from(rate.denominator()));
    Some(decimal(i64::try_from(scaled).ok()?, 4))
}

/// Splits lines as a settlement of the bill would, were it settled with these lines alone.
///
/// # Errors
/// What a settlement would be refused for; `price_digits` for a price with parts of a fen where the item has a cap.
pub fn split(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    bill: &Asked,
    sent: &[Sent],
) -> Result<Vec<Split>, Stop> {
    let (area, level) = (&bill.institution.area, bill.institution.level.as_deref());
    let lines: Vec<Line> = sent.iter().map(|sent| sent.line(bill.date)).collect();
    let charges = charges_of_lines(&lines, area, level, desk)?;
    let mut items = Vec::with_capacity(lines.len());
    for (sent, line) in sent.iter().zip(&lines) {
        let known = Known::of(desk, line, area, level)?;
        if known.cap.is_some() && sent.fine_price {
            return Err(Refusal::new("price_digits", "有限价的项目单价要精确到分")
                .at(format!("明细 {}", sent.serial))
                .found(&sent.price)
                .into());
        }
        items.push(known);
    }
    let (insured, event) = question(desk, context, &Asked { charges, expect: None, ..bill.clone() })?;
    let portions = context.rules.split(&insured, &event)?;
    Ok(portions.into_iter().zip(items).map(|(portions, known)| Split { portions, known }).collect())
}

/// What the catalogue says of a line's item.
#[derive(Clone, Debug)]
pub struct Known {
    class: String,
    kind: ItemKind,
    cap: Option<i64>,
    /// 先行自付比例, to four decimals, where the catalogue and not the rules of the area state it.
    share: Option<String>,
    name: String,
}

impl Known {
    /// What the catalogue of an area, or the national one, says of a line's item at an institution of a level.
    ///
    /// # Errors
    /// Those of the store; an item that is gone.
    pub fn of(desk: &mut Desk<'_>, line: &Line, area: &str, level: Option<&str>) -> Result<Known, Stop> {
        let item = match desk.get::<Item>(&format!("{area}/{}", line.code))? {
            Some(item) => item,
            None => desk.need::<Item>(&format!("000000/{}", line.code))?,
        };
        let version = item.on(line.on);
        Ok(Known {
            class: version.map(|version| version.class.clone()).unwrap_or_default(),
            kind: item.kind,
            cap: version.and_then(|version| version.price_cap(level)),
            share: version.and_then(|version| share(version.upfront_ratio.as_deref()?)),
            name: item.name.clone(),
        })
    }
}

impl Known {
    /// 甲、乙、丙 as the catalogue has it: `A`, `B`, `C`.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// 医疗收费项目类别.
    pub fn charge_kind(&self, codes: Codes<'_>) -> &'static str {
        codes.exact("med_chrgitm_type", self.kind_name()).unwrap_or_default()
    }

    fn kind_name(&self) -> &'static str {
        match self.kind {
            ItemKind::Drug => "drug",
            ItemKind::Service => "service",
            ItemKind::Consumable => "consumable",
        }
    }

    /// Whether it is a drug.
    pub fn is_drug(&self) -> bool {
        self.kind == ItemKind::Drug
    }
}

/// How a line was split.
#[derive(Clone, Debug)]
pub struct Split {
    /// Its portions.
    pub portions: Portions,
    /// What the catalogue says of its item.
    pub known: Known,
}

impl Split {
    /// 先行自付比例, or 1 for a line that nothing covers.
    fn ratio(&self) -> String {
        let upfront = self.portions.upfront_self_pay.fen();
        let split = upfront + self.portions.in_scope.fen();
        if self.portions.non_covered.fen() > 0 && split == 0 {
            return "1".to_owned();
        }
        if upfront == 0 || split == 0 {
            return "0".to_owned();
        }
        if let Some(share) = &self.known.share {
            return share.clone();
        }
        decimal((upfront * 20_000 + split) / (2 * split), 4)
    }

    /// The named values of a line, in the answer of an upload or a query.
    pub fn members(&self, sent: &Sent, codes: Codes<'_>) -> Vec<Member> {
        let kind = self.known.kind_name();
        let sign = if sent.returns.is_some() { -1 } else { 1 };
        let part = |fen: Fen| Wire::fen(sign * fen.fen());
        let cap = self.known.cap.map_or(NO_CAP.to_owned(), |cap| Fen::new(cap).to_string());
        vec![
            ("feedetl_sn", Wire::text(sent.serial.clone())),
            ("det_item_fee_sumamt", Wire::fen(sent.amount())),
            ("cnt", Wire::Number(sent.quantity.clone())),
            ("pric", Wire::Number(sent.price.clone())),
            ("pric_uplmt_amt", Wire::Number(cap)),
            ("selfpay_prop", Wire::Number(self.ratio())),
            ("fulamt_ownpay_amt", part(self.portions.non_covered)),
            ("overlmt_amt", part(self.portions.over_limit_price)),
            ("preselfpay_amt", part(self.portions.upfront_self_pay)),
            ("inscp_scp_amt", part(self.portions.in_scope)),
            ("chrgitm_lv", output::text(codes.exact("chrgitm_lv", &self.known.class))),
            ("med_chrgitm_type", output::text(codes.exact("med_chrgitm_type", kind))),
            ("list_type", output::text(codes.exact("list_type", kind))),
            ("lmt_used_flag", Wire::text("0")),
            ("hilist_code", Wire::text(sent.asked.code.clone())),
            ("hilist_name", Wire::text(self.known.name.clone())),
            ("med_list_codg", Wire::text(sent.asked.code.clone())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::list;

    fn read(quantity: &str, price: &str, amount: &str) -> Result<Sent, Fault> {
        let text = format!(
            r#"{{"feedetail":{{"feedetl_sn":1,"cnt":{quantity},"pric":"{price}","det_item_fee_sumamt":{amount},
            "med_list_codg":"D1","fee_ocur_time":"2026-03-05 08:00:00"}}}}"#
        );
        let wire = Wire::read(&text).expect("json");
        Sent::read(&list("2204", &wire, "feedetail").expect("a list")[0])
    }

    #[test]
    fn amounts_are_quantity_times_price() {
        let line = read("1.5", "3.00", "4.50").expect("a line");
        assert_eq!((line.asked.quantity.as_str(), line.asked.unit_price.fen()), ("1.5", 300));
        let fine = read("3", "0.1234", "0.37").expect("a line");
        assert_eq!((fine.asked.quantity.as_str(), fine.asked.unit_price.fen()), ("1", 37));
        assert_eq!((fine.quantity.as_str(), fine.price.as_str()), ("3", "0.1234"));
        assert_eq!(read("2", "1.00", "2.01").expect_err("differs").code, "line_amount");
        assert_eq!(read("-2", "1.00", "-2.00").expect_err("of what").code, "return_line");
        assert_eq!(read("-2", "1.00", "2.00").expect_err("signs").code, "return_line");
        assert_eq!(read("2", "-1.00", "-2.00").expect_err("signs").code, "return_line");
        assert_eq!(read("0", "1.00", "0.00").expect_err("nothing").code, "return_line");
        assert_eq!(read("1", "1.0000001", "1").expect_err("digits").code, "malformed_number");
    }

    #[test]
    fn decimals_are_short() {
        for (value, expected) in [(10_000, "1"), (15_000, "1.5"), (1, "0.0001"), (0, "0")] {
            assert_eq!(decimal(value, 4), expected);
        }
    }
}
