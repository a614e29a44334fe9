//! Rows of a bill pasted as text: 名称 类别 数量 单价, and 先行自付比例 where it is known.

use gongji_money::Fen;
use serde_json::{Value, json};

/// How many rows an address may carry; more belong into the API.
const LIMIT: usize = 200;

fn class(text: &str) -> Option<&'static str> {
    match text.trim_end_matches('类') {
        "甲" | "A" | "a" => Some("A"),
        "乙" | "B" | "b" => Some("B"),
        "丙" | "自费" | "C" | "c" => Some("C"),
        _ => None,
    }
}

fn row(number: usize, text: &str) -> Result<Value, String> {
    let mut words: Vec<&str> = split(text);
    let shape = || {
        format!("第 {number} 行“{text}”读不懂。请写成“名称 类别 数量 单价”，例如“阿莫西林胶囊 甲 2 12.50”")
    };
    let upfront = words.pop_if(|word| word.ends_with('%'));
    let [name @ .., kind, quantity, price] = words.as_slice() else { return Err(shape()) };
    if name.is_empty() {
        return Err(shape());
    }
    let class = class(kind).ok_or_else(|| format!("第 {number} 行的类别“{kind}”不是甲、乙、丙"))?;
    let price: Fen = price
        .replace([',', '¥', '￥', '元'], "")
        .parse()
        .map_err(|_| format!("第 {number} 行的单价“{price}”不是以元为单位、至多两位小数的数"))?;
    let count: i64 = quantity
        .parse()
        .ok()
        .filter(|count| (1..=1_000_000).contains(count))
        .ok_or_else(|| format!("第 {number} 行的数量“{quantity}”不是大于 0 的整数"))?;
    let amount = price.fen().checked_mul(count).map(Fen::new);
    let amount = amount.ok_or_else(|| format!("第 {number} 行的金额太大"))?;
    let mut line = json!({
        "name": name.join(" "),
        "class": class,
        "quantity": quantity,
        "unit_price": price.to_string(),
        "amount": amount.to_string(),
    });
    if let Some(upfront) = upfront {
        line["upfront_ratio"] = Value::from(upfront);
    }
    Ok(line)
}

/// The fields of a row: between blanks where there are enough, otherwise between commas, which amounts may also hold.
fn split(text: &str) -> Vec<&str> {
    let by = |is: fn(char) -> bool| text.split(is).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let blanks = by(|sign| sign.is_whitespace() || matches!(sign, ';' | '；' | '|'));
    if blanks.len() >= 4 {
        blanks
    } else {
        by(|sign| sign.is_whitespace() || matches!(sign, ',' | '，' | ';' | '；' | '|'))
    }
}

/// Reads pasted rows as the lines of a case.
///
/// # Errors
/// A sentence naming the row and what would be accepted.
pub fn read(text: &str) -> Result<Vec<Value>, String> {
    let rows: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if rows.len() > LIMIT {
        return Err(format!(
            "这里至多粘贴 {LIMIT} 行，收到 {} 行。更大的单子请用接口 /api/v1/quotes",
            rows.len()
        ));
    }
    rows.iter().enumerate().map(|(index, text)| row(index + 1, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_lines() {
        let lines = read("阿莫西林 胶囊 甲类 2 12.50\n\n床位费，乙，3，40").unwrap();
        assert_eq!(lines[0]["name"], "阿莫西林 胶囊");
        assert_eq!(lines[0]["amount"], "25.00");
        assert_eq!(lines[1]["class"], "B");
        assert_eq!(lines[1]["amount"], "120.00");
        let lines = read("支架 乙 1 12,000.00 30%").unwrap();
        assert_eq!((&lines[0]["amount"], &lines[0]["upfront_ratio"]), (&json!("12000.00"), &json!("30%")));
    }

    #[test]
    fn a_bad_row_is_named() {
        assert!(read("甲 1 2").unwrap_err().contains("第 1 行"));
        assert!(read("药 丁 1 2").unwrap_err().contains("甲、乙、丙"));
        assert!(read("药 甲 0 2").unwrap_err().contains("数量"));
        assert!(read("药 甲 1 2.345").unwrap_err().contains("单价"));
    }
}
