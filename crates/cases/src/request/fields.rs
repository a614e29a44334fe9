//! Small readers for events that are no bill: months, lists, movements, employers.

use gongji_money::Fen;
use gongji_policy::Dimension;
use gongji_rules::{CoverageYear, Employer, Movement, PaidMonths, PaidPeriod, Retirees};
use jiff::civil::Date;

use super::Node;
use super::limits::MOST_CONDITIONS;
use super::object::{Object, Value, nearest};
use super::question::{ClearedRun, CoverYear};
use crate::error::{CaseError, ErrorCode};

/// What may have happened to a person, by the names of `account_use.condition`, with what people read.
const CIRCUMSTANCES: [(&str, &str); 4] = [
    ("none", "都没有"),
    ("death", "去世"),
    ("relation_moved", "参保关系转出"),
    ("settled_abroad", "出境定居"),
];

/// One event under its names.
pub(super) struct Fields<'node>(pub Object<'node>);

impl<'node> Fields<'node> {
    pub fn amount(&self, name: &str) -> Result<Option<Fen>, CaseError> {
        self.0.get(name).map(|value| value.amount()).transpose()
    }

    pub fn needed_amount(&self, name: &str, what: &str) -> Result<Fen, CaseError> {
        self.0.require(name, what)?.amount()
    }

    pub fn date(&self, name: &str) -> Result<Option<Date>, CaseError> {
        self.0.get(name).map(|value| value.date()).transpose()
    }

    pub fn needed_date(&self, name: &str, what: &str) -> Result<Date, CaseError> {
        self.0.require(name, what)?.date()
    }

    pub fn count(&self, name: &str, most: i64) -> Result<Option<i64>, CaseError> {
        self.0.get(name).map(|value| value.integer(0, most)).transpose()
    }

    pub fn flag(&self, name: &str) -> Result<Option<bool>, CaseError> {
        self.0.get(name).map(|value| value.flag()).transpose()
    }

    pub fn month(&self, name: &str) -> Result<Date, CaseError> {
        month(&self.0.require(name, "属期，如 \"2024-07\"")?)
    }

    pub fn year(&self, name: &str) -> Result<i16, CaseError> {
        let year = self.0.require(name, "待遇年度，如 2027")?.integer(1990, 2199)?;
        Ok(i16::try_from(year).unwrap_or(i16::MAX))
    }

    /// Years missed, and how many of them were paid for.
    pub fn missed(&self) -> Result<(i64, i64), CaseError> {
        let missed = self.count("missed_years", 100)?.unwrap_or(0);
        let repaired = self.count("repaired_years", 100)?.unwrap_or(0);
        if repaired > missed {
            let path = self.0.path.name("repaired_years").to_string();
            return Err(CaseError::new(ErrorCode::Contradiction, path, "补缴的年数多于断保的年数")
                .found(repaired.to_string())
                .expected(format!("至多 {missed}")));
        }
        Ok((missed, repaired))
    }

    /// Months paid so far, where given.
    pub fn paid(&self) -> Result<PaidMonths, CaseError> {
        Ok(PaidMonths {
            total: self.count("paid_months", 1_200)?,
            local: self.count("local_months", 1_200)?,
            province: self.count("province_months", 1_200)?,
            continuous: None,
        })
    }

    /// What happened, by its name.
    pub fn circumstance(&self, name: &str) -> Result<Option<&'static str>, CaseError> {
        let Some(value) = self.0.get(name) else { return Ok(None) };
        let text = value.text()?;
        let names = CIRCUMSTANCES.map(|(name, _)| name);
        if let Some(known) = names.into_iter().find(|name| *name == text) {
            return Ok(Some(known));
        }
        let accepted = CIRCUMSTANCES.map(|(name, label)| format!("{name}（{label}）")).join("、");
        let error = value.error(ErrorCode::UnknownValue, "没有这种情形").expected(accepted);
        Err(match nearest(text, names) {
            Some(near) => error.hint(format!("是不是想写 {near}？")),
            None => error,
        })
    }

    pub fn list<T>(
        &self,
        name: &str,
        mut read: impl FnMut(&Value<'_>) -> Result<T, CaseError>,
    ) -> Result<Vec<T>, CaseError> {
        let Some(list) = self.0.get(name) else { return Ok(Vec::new()) };
        let mut read_all = Vec::new();
        for (index, node) in list.list(MOST_CONDITIONS)?.iter().enumerate() {
            read_all.push(read(&Value { node, path: list.path.index(index) })?);
        }
        Ok(read_all)
    }
}

/// A month, `YYYY-MM`; its first day.
fn month(value: &Value<'_>) -> Result<Date, CaseError> {
    let text = value.text()?;
    let parts = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2);
    let read = parts.and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok());
    read.filter(|date| (1900..2200).contains(&date.year())).ok_or_else(|| {
        value.error(ErrorCode::MalformedDate, "月份写法不对").expected("YYYY-MM，如 \"2024-07\"")
    })
}

pub(super) fn opening(value: &Value<'_>) -> Result<[Fen; 2], CaseError> {
    let object = value.object(&["current_year", "carried_over"])?;
    // A clearing may leave the current year below nothing.
    let current = object.get("current_year").map_or(Ok(Fen::ZERO), |value| value.balance())?;
    Ok([current, object.get("carried_over").map_or(Ok(Fen::ZERO), |value| value.amount())?])
}

pub(super) fn movement(value: &Value<'_>) -> Result<Movement, CaseError> {
    let object = value.object(&["date", "sub_account", "in", "out"])?;
    let amount = match (object.get("in"), object.get("out")) {
        (Some(paid), None) => paid.amount()?.fen(),
        (None, Some(taken)) => -taken.amount()?.fen(),
        _ => {
            return Err(value
                .error(ErrorCode::Contradiction, "收入与支出要写一个，也只写一个")
                .expected("in（入账金额）或 out（支出金额）"));
        }
    };
    Ok(Movement {
        date: object.require("date", "日期")?.date()?,
        sub_account: usize::from(
            object.require("sub_account", "账户部分")?.choice(Dimension::SubAccount)? == 1,
        ),
        amount,
    })
}

pub(super) fn employer(value: &Value<'_>) -> Result<Employer, CaseError> {
    let object = value.object(&["months", "average_wage"])?;
    Ok(Employer {
        months: object.require("months", "月数")?.integer(1, 1_200)?,
        average_wage: object.require("average_wage", "该单位月平均工资")?.amount()?,
    })
}

pub(super) fn period(value: &Value<'_>) -> Result<PaidPeriod, CaseError> {
    let fields = Fields(value.object(&["from", "to", "repaired", "status_changed"])?);
    let (from, to) = months(value, &fields)?;
    Ok(PaidPeriod {
        from,
        to,
        repaired: fields.flag("repaired")?.unwrap_or(false),
        status_changed: fields.flag("status_changed")?,
    })
}

/// First and last month of a run.
fn months(value: &Value<'_>, fields: &Fields<'_>) -> Result<(Date, Date), CaseError> {
    let from = month(&fields.0.require("from", "首月，如 \"2021-05\"")?)?;
    let to = month(&fields.0.require("to", "末月，如 \"2021-07\"")?)?;
    if to < from {
        return Err(value.error(ErrorCode::DatesGoBack, "末月早于首月"));
    }
    Ok((from, to))
}

/// Refuses runs of months that go back or overlap.
pub(super) fn in_order(value: &Value<'_>, runs: impl Iterator<Item = (Date, Date)>) -> Result<(), CaseError> {
    let mut last: Option<Date> = None;
    for (from, to) in runs {
        if last.is_some_and(|last| from <= last) {
            return Err(CaseError::new(
                ErrorCode::DatesGoBack,
                value.path.to_string(),
                "缴费的月份要按先后写，不能重叠",
            )
            .found(format!("{} 不晚于前一段的末月", from.strftime("%Y-%m"))));
        }
        last = Some(to);
    }
    Ok(())
}

/// Months for which contributions arrived, at one base.
pub(super) fn cleared(value: &Value<'_>) -> Result<ClearedRun, CaseError> {
    let fields = Fields(value.object(&["from", "to", "wage", "base", "pension"])?);
    let (from, to) = months(value, &fields)?;
    let (wage, base) = (fields.amount("wage")?, fields.amount("base")?);
    if wage.is_some() && base.is_some() {
        return Err(value.error(ErrorCode::Contradiction, "工资（wage）与缴费基数（base）只写一个"));
    }
    Ok(ClearedRun { from, to, wage, base, pension: fields.amount("pension")? })
}

/// An enterprise's retirees: a number, or by age.
pub(super) fn retirees(value: &Value<'_>) -> Result<Vec<Retirees>, CaseError> {
    const MOST: i64 = 1_000_000;
    let Node::List(_) = value.node else {
        return Ok(vec![Retirees { age: None, count: value.integer(1, MOST)? }]);
    };
    let mut all = Vec::new();
    for (index, node) in value.list(MOST_CONDITIONS)?.iter().enumerate() {
        let entry = Value { node, path: value.path.index(index) };
        let fields = Fields(entry.object(&["age", "count"])?);
        all.push(Retirees {
            age: fields.count("age", 150)?,
            count: fields.0.require("count", "人数")?.integer(1, MOST)?,
        });
    }
    Ok(all)
}

pub(super) fn cover_year(value: &Value<'_>) -> Result<CoverYear, CaseError> {
    let object = value.object(&["coverage_year", "paid_on", "missed_years", "repaired_years"])?;
    let fields = Fields(object);
    let (missed_years, repaired_years) = fields.missed()?;
    Ok(CoverYear {
        year: fields.year("coverage_year")?,
        paid_on: fields.needed_date("paid_on", "缴费日期")?,
        missed_years,
        repaired_years,
    })
}

pub(super) fn history_year(value: &Value<'_>) -> Result<CoverageYear, CaseError> {
    let fields = Fields(value.object(&["insured", "claimed", "reward_used"])?);
    Ok(CoverageYear {
        insured: fields.flag("insured")?.unwrap_or(true),
        claimed: fields.flag("claimed")?.unwrap_or(false),
        reward_used: fields.flag("reward_used")?.unwrap_or(false),
    })
}

/// Minutes since midnight of `HH:MM`.
pub(super) fn minute(value: &Value<'_>) -> Result<i64, CaseError> {
    let text = value.text()?;
    let read = text.split_once(':').and_then(|(hour, minute)| {
        let two = |part: &str| (part.len() == 2).then(|| part.parse::<i64>().ok()).flatten();
        Some((two(hour)?, two(minute)?))
    });
    read.filter(|(hour, minute)| (0..24).contains(hour) && (0..60).contains(minute))
        .map(|(hour, minute)| hour * 60 + minute)
        .ok_or_else(|| value.error(ErrorCode::MalformedDate, "时刻写法不对").expected("HH:MM，如 \"21:59\""))
}
