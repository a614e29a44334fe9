//! Every parameter of a pack, flat and in words.

use jiff::civil::Date;

use super::value::ValueWords;
use super::visit::{AnyTable, Place, Role, visit_tables, with_table};
use super::words::{conditions_words, interval_words};
use crate::model::{Grade, OpenValues, Pack, Row, Table};

/// One row of a parameter, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowView {
    /// When it serves: `人员类别：退休；机构级别：三级`.
    pub conditions: String,
    /// First day in force.
    pub from: Date,
    /// Last day in force; `None` while still in force.
    pub to: Option<Date>,
    /// The value: `900.00 元`, `88%`, `未知（…）`.
    pub value: String,
    /// The source's id.
    pub source: String,
    /// The source's weight.
    pub grade: Grade,
    /// The article, of the row or else of the source.
    pub article: Option<String>,
    /// A remark for readers.
    pub note: Option<String>,
}

impl RowView {
    /// The interval in words: `2022-07-01 起`.
    pub fn interval(&self) -> String {
        interval_words(self.from, self.to)
    }

    /// Whether the day lies in the row's interval.
    pub fn in_force(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// One parameter: a table with its rows in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterView {
    /// The path in the pack.
    pub path: String,
    /// Where it stands and what it is called: `职工医保 · 住院 · 统筹基金 · 支付比例`.
    pub label: String,
    /// The rows, in the order of the text.
    pub rows: Vec<RowView>,
    /// The intervals of the benefits that use it; empty for parameters of a whole scheme or area.
    pub(super) used: Vec<(Date, Option<Date>)>,
}

impl ParameterView {
    /// Whether something uses the parameter on that day: an area's or a scheme's always, a benefit's while it is in force.
    pub fn in_use(&self, day: Date) -> bool {
        self.used.is_empty()
            || self.used.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day <= to))
    }
}

impl Role {
    /// What a table in that role decides, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Role::Index => "指标",
            Role::Exclusion => "不予支付的就医原因",
            Role::Sharing => "家庭共济可用范围",
            Role::Covered => "是否纳入支付",
            Role::Upfront => "先行自付比例",
            Role::PriceCap => "限价",
            Role::UnitBounds => "单价分段",
            Role::UnitUpfront => "单价分段先行自付比例",
            Role::Tag => "金额标记",
            Role::Applies => "是否适用",
            Role::Deductible => "起付标准",
            Role::DeductibleAdjust => "起付标准的调整",
            Role::Limit => "起付的上限",
            Role::Bands => "费用分段",
            Role::Ratio => "支付比例",
            Role::RatioAdjust => "支付比例的调整",
            Role::Cap => "最高支付限额",
            Role::CapAdjust => "限额的调整",
            Role::GuaranteeRate => "保底比例",
            Role::Parameter => "参数",
        }
    }
}

/// Every parameter of the pack, in the order of [`visit_tables`]. A parameter that several benefits share comes once.
pub fn parameters(pack: &Pack) -> Vec<ParameterView> {
    let mut all: Vec<ParameterView> = Vec::new();
    visit_tables(pack, |place, table| {
        let mut view = with_table!(AnyTable, table, table => view_of(pack, place, table));
        if let Some(known) = all.iter_mut().find(|known| known.path == view.path && known.rows == view.rows) {
            known.used.append(&mut view.used);
        } else {
            all.push(view);
        }
    });
    all
}

fn view_of<V: ValueWords>(pack: &Pack, place: Place, table: &Table<V>) -> ParameterView {
    let scheme = place.scheme.and_then(|scheme| pack.schemes.get(scheme));
    let benefit = scheme.zip(place.benefit).and_then(|(scheme, benefit)| scheme.benefits.get(benefit));
    let none = OpenValues::new();
    let values = scheme.map_or(&none, |scheme| &scheme.values);
    ParameterView {
        path: table.path.clone(),
        label: label_of(pack, place, &table.path, &table.label),
        rows: table.rows.iter().map(|row| row_view(pack, values, row)).collect(),
        used: benefit.map(|benefit| (benefit.from, benefit.to)).into_iter().collect(),
    }
}

/// Where a table stands and what it is called.
pub(super) fn label_of(pack: &Pack, place: Place, path: &str, own: &str) -> String {
    let scheme = place.scheme.and_then(|scheme| pack.schemes.get(scheme));
    let benefit = scheme.zip(place.benefit).and_then(|(scheme, benefit)| scheme.benefits.get(benefit));
    let layer = benefit.zip(place.layer).and_then(|(benefit, layer)| benefit.layers.get(layer));
    // A layer of the whole scheme belongs to no one benefit.
    let benefit = benefit.filter(|_| path.contains(".benefit."));
    let mut parts = Vec::new();
    parts.extend(scheme.map(|scheme| scheme.label.as_str()));
    parts.extend(benefit.map(|benefit| benefit.label.as_str()));
    parts.extend(layer.map(|layer| layer.label.as_str()));
    parts.push(if own.is_empty() { place.role.label() } else { own });
    parts.retain(|part| !part.is_empty());
    parts.dedup();
    parts.join(" · ")
}

fn row_view<V: ValueWords>(pack: &Pack, values: &OpenValues, row: &Row<V>) -> RowView {
    let source = pack.sources.get(row.source);
    RowView {
        conditions: conditions_words(&row.when, row.otherwise, values),
        from: row.from,
        to: row.to,
        value: row.value.words(&pack.indices),
        source: source.map(|source| source.id.clone()).unwrap_or_default(),
        grade: source.map_or(Grade::Unverified, |source| source.grade),
        article: row.article.clone().or_else(|| source.and_then(|source| source.article.clone())),
        note: row.note.clone(),
    }
}
