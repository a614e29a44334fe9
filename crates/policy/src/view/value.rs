//! The values of tables in the words that people read.

use gongji_money::{Fen, Rate, RoundMode, RoundUnit, Rounding};

use crate::model::{AmountRule, BillMeasure, Choice, Setting, Share, Step, Table};

/// A value of a table that can be put into words.
pub trait ValueWords {
    /// The words; `indices` are those of the pack, for multiples of an index.
    fn words(&self, indices: &[Table<AmountRule>]) -> String;
}

fn yuan(amount: Fen) -> String {
    format!("{} 元", amount.grouped())
}

fn measure_words(measure: BillMeasure) -> &'static str {
    match measure {
        BillMeasure::Total => "医疗费总额",
        BillMeasure::InScope => "符合政策范围金额",
        BillMeasure::Eligible => "本层计算金额",
    }
}

fn rounding_words(rounding: Rounding) -> String {
    let mode = match rounding.mode {
        RoundMode::HalfUp => "四舍五入到",
        RoundMode::Truncate => "舍去到",
        RoundMode::Up => "进位到",
    };
    let unit = match rounding.unit {
        RoundUnit::Fen => "分",
        RoundUnit::Jiao => "角",
        RoundUnit::Yuan => "元",
    };
    format!("{mode}{unit}")
}

fn step_words(step: &Step) -> String {
    match step.upto {
        Some(upto) if step.included => format!("{}以内为 {}", yuan(upto), yuan(step.amount)),
        Some(upto) => format!("不满 {}为 {}", yuan(upto), yuan(step.amount)),
        None => format!("其余为 {}", yuan(step.amount)),
    }
}

impl ValueWords for AmountRule {
    fn words(&self, indices: &[Table<AmountRule>]) -> String {
        match self {
            AmountRule::Fixed(amount) => yuan(*amount),
            AmountRule::Unlimited => "不限额".to_owned(),
            AmountRule::NotApplied => "不适用".to_owned(),
            AmountRule::PercentOf { measure, rate, low, high } => {
                let mut text = format!("{}的 {rate}", measure_words(*measure));
                if let Some(low) = low {
                    text.push_str(&format!("，最低 {}", yuan(*low)));
                }
                if let Some(high) = high {
                    text.push_str(&format!("，最高 {}", yuan(*high)));
                }
                text
            }
            AmountRule::OfIndex { index, rate, rounding } => {
                let label = indices.get(*index).map_or("指标", |table| table.label.as_str());
                format!("{label}的 {rate}（{}）", rounding_words(*rounding))
            }
            AmountRule::Steps { measure, steps } => {
                let steps: Vec<_> = steps.iter().map(step_words).collect();
                format!("按{}：{}", measure_words(*measure), steps.join("，"))
            }
        }
    }
}

impl ValueWords for Rate {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        self.to_percent()
    }
}

impl ValueWords for bool {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        if *self { "是" } else { "否" }.to_owned()
    }
}

impl ValueWords for Vec<Fen> {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        if self.is_empty() {
            return "不分段".to_owned();
        }
        let bounds: Vec<_> = self.iter().map(|bound| yuan(*bound)).collect();
        bounds.join("、")
    }
}

impl ValueWords for Share {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        match self {
            Share::Nothing => "不可用".to_owned(),
            Share::All => "全部余额".to_owned(),
            Share::CarriedOver => "仅历年结转".to_owned(),
            Share::Above(floor) => format!("超过 {}的部分", yuan(*floor)),
        }
    }
}

impl ValueWords for i64 {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        self.to_string()
    }
}

impl ValueWords for Choice {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        self.label().to_owned()
    }
}

impl ValueWords for String {
    fn words(&self, _indices: &[Table<AmountRule>]) -> String {
        self.clone()
    }
}

impl<V: ValueWords> ValueWords for Setting<V> {
    fn words(&self, indices: &[Table<AmountRule>]) -> String {
        match self {
            Setting::Known(value) => value.words(indices),
            Setting::Unknown(reason) => format!("未知（{reason}）"),
        }
    }
}
