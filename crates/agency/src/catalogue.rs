//! The catalogue as a table (CSV): import, export, and the small one that ships.

use std::collections::BTreeMap;

use gongji_money::Fen;
use jiff::civil::Date;

use crate::command::{ItemAsked, PutItems, Yuan};
use crate::refusal::Refusal;
use crate::row::{Item, ItemKind};

/// A small invented catalogue, to try things with. Its codes begin with `DEMO`.
pub const SHIPPED: &str = include_str!("../assets/catalogue.csv");

const CODE: &str = "编码";
const NAME: &str = "名称";
const KIND: &str = "种类";
const UNIT: &str = "单位";
const CLASS: &str = "目录类别";
const ITEM_CLASS: &str = "项目类别";
const UPFRONT: &str = "先行自付比例";
const FROM: &str = "开始日期";
const TO: &str = "结束日期";

/// The columns of price caps with the levels that they are for.
const CAPS: [(&str, &str); 7] = [
    ("限价", "*"),
    ("限价（基层）", "primary"),
    ("限价（一级）", "1"),
    ("限价（二级）", "2"),
    ("限价（三级）", "3"),
    ("限价（特级）", "special"),
    ("限价（未定级）", "ungraded"),
];

const KINDS: [(&str, ItemKind); 3] =
    [("药品", ItemKind::Drug), ("医疗服务", ItemKind::Service), ("耗材", ItemKind::Consumable)];

const CLASSES: [(&str, &str); 3] = [("甲", "A"), ("乙", "B"), ("丙", "C")];

fn columns() -> Vec<&'static str> {
    let mut names = vec![CODE, NAME, KIND, UNIT, CLASS, ITEM_CLASS, UPFRONT];
    names.extend(CAPS.map(|(name, _)| name));
    names.extend([FROM, TO]);
    names
}

/// Where something is wrong: line and column.
fn at(line: u64, column: &str) -> String {
    if column.is_empty() { format!("第 {line} 行") } else { format!("第 {line} 行“{column}”") }
}

/// The column of a field of an item.
fn column_of(field: &str) -> &'static str {
    match field {
        "code" => CODE,
        "name" => NAME,
        "unit" => UNIT,
        "class" => CLASS,
        "item_class" => ITEM_CLASS,
        "upfront_ratio" => UPFRONT,
        "to" => TO,
        _ => "限价",
    }
}

/// One line of the table.
struct Line<'text> {
    number: u64,
    cells: BTreeMap<&'text str, &'text str>,
}

impl<'text> Line<'text> {
    fn get(&self, column: &str) -> &'text str {
        self.cells.get(column).copied().unwrap_or_default()
    }

    fn optional(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    fn one_of<T: Copy>(&self, column: &str, names: &[(&str, T)]) -> Result<T, Refusal> {
        let cell = self.get(column);
        names.iter().find(|(name, _)| *name == cell).map(|(_, value)| *value).ok_or_else(|| {
            let expected: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            Refusal::new("unknown_value", "没有这个取值")
                .at(at(self.number, column))
                .found(if cell.is_empty() { "空" } else { cell })
                .expected(expected.join("、"))
        })
    }

    fn date(&self, column: &str) -> Result<Option<Date>, Refusal> {
        let Some(cell) = self.optional(column) else { return Ok(None) };
        cell.parse().map(Some).map_err(|_| {
            Refusal::new("malformed_date", "日期写法不对")
                .at(at(self.number, column))
                .found(&cell)
                .expected("2026-01-31 这样的日期")
        })
    }

    fn caps(&self) -> Result<BTreeMap<String, Yuan>, Refusal> {
        let mut caps = BTreeMap::new();
        for (column, level) in CAPS {
            let Some(cell) = self.optional(column) else { continue };
            let cap = cell.parse::<Fen>().ok().filter(|cap| !cap.is_negative() && *cap <= Fen::LIMIT);
            let cap = cap.ok_or_else(|| {
                Refusal::new("malformed_amount", "金额写法不对")
                    .at(at(self.number, column))
                    .found(&cell)
                    .expected("以元为单位、至多两位小数的金额")
            })?;
            caps.insert(level.to_owned(), Yuan(cap));
        }
        Ok(caps)
    }

    fn item(&self) -> Result<ItemAsked, Refusal> {
        let item = ItemAsked {
            code: self.get(CODE).to_owned(),
            name: self.get(NAME).to_owned(),
            kind: self.one_of(KIND, &KINDS)?,
            unit: self.get(UNIT).to_owned(),
            class: self.one_of(CLASS, &CLASSES)?.to_owned(),
            item_class: self.optional(ITEM_CLASS),
            upfront_ratio: self.optional(UPFRONT),
            price_caps: self.caps()?,
            from: self
                .date(FROM)?
                .ok_or_else(|| Refusal::new("missing_field", "要写开始日期").at(at(self.number, FROM)))?,
            to: self.date(TO)?,
        };
        item.version(|field| at(self.number, column_of(field)))?;
        Ok(item)
    }
}

/// Reads a table of items for the catalogue of an area (`000000` for the national one). The first line names the columns, in any order; what is empty is unanswered.
///
/// # Errors
/// A refusal that names the line and the column.
pub fn items_from_csv(area: &str, text: &str) -> Result<PutItems, Refusal> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).has_headers(true).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let known = columns();
    for (position, name) in headers.iter().enumerate() {
        if !known.contains(&name) {
            return Err(Refusal::new("unknown_column", "没有这一列")
                .at(at(1, name))
                .expected(known.join("、")));
        }
        if headers.iter().take(position).any(|before| before == name) {
            return Err(Refusal::new("unknown_column", "列重复").at(at(1, name)));
        }
    }
    for needed in [CODE, NAME, KIND, CLASS, FROM] {
        if !headers.iter().any(|name| name == needed) {
            return Err(Refusal::new("missing_column", "缺少一列").at(at(1, needed)));
        }
    }
    let mut items = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let number = record.position().map_or(0, csv::Position::line);
        let line = Line { number, cells: headers.iter().zip(record.iter()).collect() };
        items.push(line.item()?);
    }
    if items.is_empty() {
        return Err(Refusal::new("item_count", "表里没有项目").at("第 2 行"));
    }
    Ok(PutItems { area: area.to_owned(), items })
}

fn unreadable(error: &csv::Error) -> Refusal {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Refusal::new("cell_count", "列数与表头不同")
                .at(at(line, ""))
                .found(format!("{len} 列"))
                .expected(format!("{expected_len} 列"))
        }
        _ => Refusal::new("malformed_csv", "表读不懂").at(at(line, "")).hint("请保存为 UTF-8 的 CSV"),
    }
}

/// Writes items as a table that [`items_from_csv`] reads back: a line for each version, in order of code and time.
///
/// # Errors
/// The refusal `malformed_csv` where a table cannot be written, which never happens.
pub fn items_to_csv(items: &[Item]) -> Result<String, Refusal> {
    let failed = || Refusal::new("malformed_csv", "表写不成");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns()).map_err(|_| failed())?;
    for item in items {
        let kind = KINDS.iter().find(|(_, kind)| *kind == item.kind).map_or("", |(name, _)| name);
        for version in &item.versions {
            let class =
                CLASSES.iter().find(|(_, class)| *class == version.class).map_or("", |(name, _)| name);
            let mut cells = vec![
                item.code.clone(),
                item.name.clone(),
                kind.to_owned(),
                item.unit.clone(),
                class.to_owned(),
                version.item_class.clone().unwrap_or_default(),
                version.upfront_ratio.clone().unwrap_or_default(),
            ];
            for (_, level) in CAPS {
                let cap = version.price_caps.get(level);
                cells.push(cap.map(|fen| Fen::new(*fen).to_string()).unwrap_or_default());
            }
            cells.push(version.from.to_string());
            cells.push(version.to.map(|to| to.to_string()).unwrap_or_default());
            writer.write_record(&cells).map_err(|_| failed())?;
        }
    }
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_catalogue_reads() {
        let put = items_from_csv("000000", SHIPPED).expect("the catalogue");
        assert!(put.items.len() >= 60, "{} items", put.items.len());
        assert!(put.items.iter().all(|item| item.code.starts_with("DEMO")), "codes are plainly invented");
        for class in ["A", "B", "C"] {
            assert!(put.items.iter().any(|item| item.class == class));
        }
        for (_, kind) in KINDS {
            assert!(put.items.iter().any(|item| item.kind == kind));
        }
        assert!(put.items.iter().any(|item| item.price_caps.len() > 2), "caps by level");
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let head = "编码,名称,种类,目录类别,先行自付比例,限价,开始日期,结束日期\n";
        let good = "D1,甲药,药品,甲,,,2026-01-01,\n";
        let wrong = |line: &str| {
            let table = format!("{head}{good}{line}\n");
            items_from_csv("990301", &table).expect_err(line).to_string()
        };
        insta::assert_snapshot!(
            [
                wrong("D2,乙药,药材,乙,,,2026-01-01,"),
                wrong("D2,乙药,药品,丁,,,2026-01-01,"),
                wrong("D2,乙药,药品,乙,一成,,2026-01-01,"),
                wrong("D2,乙药,药品,丙,10%,,2026-01-01,"),
                wrong("D2,乙药,药品,乙,10%,1.234,2026-01-01,"),
                wrong("D2,乙药,药品,乙,10%,-1,2026-01-01,"),
                wrong("D2,乙药,药品,乙,10%,,2026/1/1,"),
                wrong("D2,乙药,药品,乙,10%,,,"),
                wrong("D2,乙药,药品,乙,10%,,2026-01-01,2025-12-31"),
                wrong("D/2,乙药,药品,乙,10%,,2026-01-01,"),
                wrong("D2,,药品,乙,10%,,2026-01-01,"),
                wrong("D2,乙药,药品"),
            ]
            .join("\n")
        );
        let headless = |table: &str| items_from_csv("990301", table).expect_err(table).to_string();
        insta::assert_snapshot!(
            "headers",
            [
                headless("编码,名称\n"),
                headless("编码,价格\n"),
                headless("编码,编码\n"),
                headless(head),
                headless("")
            ]
            .join("\n")
        );
    }

    #[test]
    fn a_table_of_another_editor_reads() {
        let table = "\u{feff}开始日期,目录类别,种类,名称,编码\r\n2026-01-01, 甲 ,药品,\"甲药,片\",D1\r\n";
        let put = items_from_csv("990301", table).expect("items");
        assert_eq!(put.items[0].name, "甲药,片");
        assert_eq!(put.items[0].class, "A");
    }
}
