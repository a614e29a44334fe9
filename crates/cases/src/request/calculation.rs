//! Events that are no bill: what each kind asks, read strictly.

use gongji_money::Fen;
use gongji_policy::Dimension;
use gongji_rules::{CoverageYear, Employer, Movement, PaidPeriod};
use jiff::civil::Date;

use super::Node;
use super::limits::MOST_CONDITIONS;
use super::object::{Object, Value, nearest};
use super::question::{CoverYear, Question};
use crate::error::{CaseError, ErrorCode};

/// Every kind with its name in the case format and what people read.
const KINDS: [(&str, &str); 12] = [
    ("contribution", "职工缴费"),
    ("premium", "居民缴费"),
    ("account_credit", "个人账户划入"),
    ("account_interest", "个人账户计息"),
    ("waiting_period", "待遇等待期"),
    ("maternity_allowance", "生育津贴"),
    ("account_use", "个人账户使用"),
    ("cover", "参保状态"),
    ("retirement_top_up", "退休补缴"),
    ("retirement_status", "退休状态"),
    ("transfer", "钱包转账"),
    ("cap_reward", "大病保险限额激励"),
];

/// The name and the term of a kind of calculation, if it is one.
pub(crate) fn kind_of(name: &str) -> Option<(&'static str, &'static str)> {
    KINDS.into_iter().find(|(known, _)| *known == name)
}

/// The names of all kinds.
pub(crate) fn kind_names() -> impl Iterator<Item = &'static str> {
    KINDS.into_iter().map(|(name, _)| name)
}

/// An event that is no bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calculation {
    /// Its kind in the case format.
    pub kind: &'static str,
    /// Its kind as people read it.
    pub label: &'static str,
    /// What it asks.
    pub question: Question,
    /// The event as it was asked.
    pub json: serde_json::Value,
}

/// The node as plain JSON.
fn plain(node: &Node<'_>) -> serde_json::Value {
    use serde_json::Value as Json;
    match node {
        Node::Null | Node::TooMany => Json::Null,
        Node::Bool(value) => Json::from(*value),
        Node::Integer(value) => Json::from(*value),
        Node::Number(text) => Json::from(text.as_str()),
        Node::Text(text) => Json::from(text.as_ref()),
        Node::List(nodes) => Json::Array(nodes.iter().map(plain).collect()),
        Node::Object(members) => {
            let written = members.iter().filter(|(_, node)| !matches!(node, Node::Null));
            Json::Object(written.map(|(name, node)| (name.to_string(), plain(node))).collect())
        }
    }
}

/// One event under its names.
struct Fields<'node>(Object<'node>);

impl<'node> Fields<'node> {
    fn amount(&self, name: &str) -> Result<Option<Fen>, CaseError> {
        self.0.get(name).map(|value| value.amount()).transpose()
    }

    fn needed_amount(&self, name: &str, what: &str) -> Result<Fen, CaseError> {
        self.0.require(name, what)?.amount()
    }

    fn date(&self, name: &str) -> Result<Option<Date>, CaseError> {
        self.0.get(name).map(|value| value.date()).transpose()
    }

    fn needed_date(&self, name: &str, what: &str) -> Result<Date, CaseError> {
        self.0.require(name, what)?.date()
    }

    fn count(&self, name: &str, most: i64) -> Result<Option<i64>, CaseError> {
        self.0.get(name).map(|value| value.integer(0, most)).transpose()
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, CaseError> {
        self.0.get(name).map(|value| value.flag()).transpose()
    }

    fn month(&self, name: &str) -> Result<Date, CaseError> {
        month(&self.0.require(name, "属期，如 \"2024-07\"")?)
    }

    fn year(&self, name: &str) -> Result<i16, CaseError> {
        let year = self.0.require(name, "待遇年度，如 2027")?.integer(1990, 2199)?;
        Ok(i16::try_from(year).unwrap_or(i16::MAX))
    }

    fn list<T>(
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

fn opening(value: &Value<'_>) -> Result<[Fen; 2], CaseError> {
    let object = value.object(&["current_year", "carried_over"])?;
    let part = |name| object.get(name).map_or(Ok(Fen::ZERO), |value| value.amount());
    Ok([part("current_year")?, part("carried_over")?])
}

fn movement(value: &Value<'_>) -> Result<Movement, CaseError> {
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

fn employer(value: &Value<'_>) -> Result<Employer, CaseError> {
    let object = value.object(&["months", "average_wage"])?;
    Ok(Employer {
        months: object.require("months", "月数")?.integer(1, 1_200)?,
        average_wage: object.require("average_wage", "该单位月平均工资")?.amount()?,
    })
}

fn period(value: &Value<'_>) -> Result<PaidPeriod, CaseError> {
    let object = value.object(&["from", "to"])?;
    let period = PaidPeriod {
        from: month(&object.require("from", "首月，如 \"2021-05\"")?)?,
        to: month(&object.require("to", "末月，如 \"2021-07\"")?)?,
    };
    if period.to < period.from {
        return Err(value.error(ErrorCode::DatesGoBack, "末月早于首月"));
    }
    Ok(period)
}

fn cover_year(value: &Value<'_>) -> Result<CoverYear, CaseError> {
    let object = value.object(&["coverage_year", "paid_on", "missed_years"])?;
    let fields = Fields(object);
    Ok(CoverYear {
        year: fields.year("coverage_year")?,
        paid_on: fields.needed_date("paid_on", "缴费日期")?,
        missed_years: fields.count("missed_years", 100)?.unwrap_or(0),
    })
}

fn history_year(value: &Value<'_>) -> Result<CoverageYear, CaseError> {
    let fields = Fields(value.object(&["insured", "claimed", "reward_used"])?);
    Ok(CoverageYear {
        insured: fields.flag("insured")?.unwrap_or(true),
        claimed: fields.flag("claimed")?.unwrap_or(false),
        reward_used: fields.flag("reward_used")?.unwrap_or(false),
    })
}

/// Minutes since midnight of `HH:MM`.
fn minute(value: &Value<'_>) -> Result<i64, CaseError> {
    let text = value.text()?;
    let read = text.split_once(':').and_then(|(hour, minute)| {
        let two = |part: &str| (part.len() == 2).then(|| part.parse::<i64>().ok()).flatten();
        Some((two(hour)?, two(minute)?))
    });
    read.filter(|(hour, minute)| (0..24).contains(hour) && (0..60).contains(minute))
        .map(|(hour, minute)| hour * 60 + minute)
        .ok_or_else(|| value.error(ErrorCode::MalformedDate, "时刻写法不对").expected("HH:MM，如 \"21:59\""))
}

impl Calculation {
    /// Reads an event of that kind; with it the day on which it stands among the events.
    pub(super) fn of(
        value: &Value<'_>,
        (kind, label): (&'static str, &'static str),
        scheme: &str,
    ) -> Result<(Calculation, Date), CaseError> {
        let (question, date) = question(value, kind, scheme)?;
        Ok((Calculation { kind, label, question, json: plain(value.node) }, date))
    }
}

/// The funds that are asked for where none are named: those paid every month for medical insurance.
const MEDICAL_FUNDS: [i64; 3] = [0, 1, 2];

#[expect(clippy::too_many_lines, reason = "one arm a kind, each a list of its fields")]
fn question(value: &Value<'_>, kind: &str, scheme: &str) -> Result<(Question, Date), CaseError> {
    let fields = |names| value.object(names).map(Fields);
    Ok(match kind {
        "contribution" => {
            let fields = fields(&[
                "kind",
                "date",
                "period",
                "wage",
                "base",
                "funds",
                "contributors",
                "paid_on",
                "due_on",
                "debit_failed",
            ])?;
            let period = fields.month("period")?;
            let mut funds = fields.list("funds", |fund| fund.choice(Dimension::Fund))?;
            if funds.is_empty() {
                funds = MEDICAL_FUNDS.to_vec();
            }
            let mut contributors = fields.list("contributors", |one| one.choice(Dimension::Contributor))?;
            if contributors.is_empty() {
                contributors = vec![0, 1];
            }
            let (wage, base) = (fields.amount("wage")?, fields.amount("base")?);
            if wage.is_some() && base.is_some() {
                return Err(value.error(ErrorCode::Contradiction, "工资（wage）与所选基数（base）只写一个"));
            }
            let question = Question::Contribution {
                period,
                wage: wage.or(base),
                funds,
                contributors,
                paid_on: fields.date("paid_on")?,
                due_on: fields.date("due_on")?,
                debit_failed: fields.flag("debit_failed")?.unwrap_or(false),
            };
            (question, fields.date("date")?.unwrap_or(period))
        }
        "premium" => {
            let fields =
                fields(&["kind", "date", "coverage_year", "paid_on", "missed_years", "repaired_years"])?;
            let (coverage_year, paid_on, missed_years, repaired_years) = resident_wait(&fields)?;
            let question = Question::Premium { coverage_year, paid_on, missed_years, repaired_years };
            (question, fields.date("date")?.unwrap_or(paid_on))
        }
        "account_credit" => {
            let fields = fields(&["kind", "date", "period", "wage", "base", "pension", "joined_on"])?;
            let period = fields.month("period")?;
            let question = Question::AccountCredit {
                period,
                wage: fields.amount("wage")?,
                base: fields.amount("base")?,
                pension: fields.amount("pension")?,
                joined_on: fields.date("joined_on")?,
            };
            (question, fields.date("date")?.unwrap_or(period))
        }
        "account_interest" => {
            let fields = fields(&["kind", "date", "from", "to", "opening", "movements"])?;
            let (from, to) = (fields.needed_date("from", "第一天")?, fields.needed_date("to", "最后一天")?);
            let movements = fields.list("movements", movement)?;
            let outside = movements.iter().any(|moved| moved.date < from || moved.date > to);
            if to < from || outside {
                return Err(value
                    .error(ErrorCode::DatesGoBack, "计息期间的日期不对")
                    .expected("from 不晚于 to，收支都在其间"));
            }
            let opening = fields.0.get("opening").map(|value| opening(&value)).transpose()?;
            (Question::AccountInterest { from, to, opening, movements }, fields.date("date")?.unwrap_or(to))
        }
        "waiting_period" if scheme == "resident" => {
            let fields =
                fields(&["kind", "date", "coverage_year", "paid_on", "missed_years", "repaired_years"])?;
            let (coverage_year, paid_on, missed_years, repaired_years) = resident_wait(&fields)?;
            let question = Question::WaitingResident { coverage_year, paid_on, missed_years, repaired_years };
            (question, fields.date("date")?.unwrap_or(paid_on))
        }
        "waiting_period" => {
            let fields = fields(&["kind", "date", "paid_on", "missed_months", "repaired", "status_changed"])?;
            let paid_on = fields.needed_date("paid_on", "恢复缴费的日期")?;
            let question = Question::WaitingEmployee {
                paid_on,
                missed_months: fields.0.require("missed_months", "中断月数")?.integer(0, 1_200)?,
                repaired: fields.flag("repaired")?.unwrap_or(false),
                status_changed: fields.flag("status_changed")?,
            };
            (question, fields.date("date")?.unwrap_or(paid_on))
        }
        "maternity_allowance" => {
            let fields = fields(&[
                "kind",
                "date",
                "average_wage",
                "employers",
                "birth",
                "babies",
                "gestation_weeks",
                "months_paid",
                "beneficiary",
                "medical_cost",
            ])?;
            let date = fields.needed_date("date", "分娩或手术日期")?;
            let mut employers = fields.list("employers", employer)?;
            if let Some(average_wage) = fields.amount("average_wage")? {
                if !employers.is_empty() {
                    return Err(value.error(ErrorCode::Contradiction, "average_wage 与 employers 只写一个"));
                }
                employers.push(Employer { months: 1, average_wage });
            }
            let beneficiary =
                fields.0.get("beneficiary").map_or(Ok(0), |value| value.choice(Dimension::Beneficiary))?;
            if beneficiary > 1 {
                let path = fields.0.path.name("beneficiary").to_string();
                return Err(CaseError::new(ErrorCode::UnknownValue, path, "生育待遇只有本人或配偶可以申领")
                    .expected("self（本人）、spouse（未就业配偶）"));
            }
            let question = Question::Maternity {
                employers,
                birth: fields.0.require("birth", "生育情形，如 vaginal（顺产）")?.choice(Dimension::Birth)?,
                babies: fields.0.get("babies").map_or(Ok(1), |value| value.integer(1, 10))?,
                weeks: fields.count("gestation_weeks", 50)?,
                months_paid: fields.count("months_paid", 1_200)?,
                for_spouse: beneficiary == 1,
                medical_cost: fields.amount("medical_cost")?,
            };
            (question, date)
        }
        "account_use" => {
            let fields = fields(&["kind", "date", "purpose", "beneficiary", "amount"])?;
            let question = Question::AccountUse {
                purpose: fields
                    .0
                    .require("purpose", "用途，如 vaccine（接种疫苗）")?
                    .choice(Dimension::Purpose)?,
                beneficiary: fields
                    .0
                    .get("beneficiary")
                    .map_or(Ok(0), |value| value.choice(Dimension::Beneficiary))?,
                amount: fields.needed_amount("amount", "金额")?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "cover" => {
            let fields = fields(&["kind", "date", "periods", "coverage_years"])?;
            let question = Question::Cover {
                periods: fields.list("periods", period)?,
                years: fields.list("coverage_years", cover_year)?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "retirement_top_up" => {
            let fields =
                fields(&["kind", "date", "paid_months", "local_months", "base", "average_wage", "retirees"])?;
            let question = Question::TopUp {
                paid_months: fields.count("paid_months", 1_200)?,
                local_months: fields.count("local_months", 1_200)?,
                base: fields.amount("base")?,
                average_wage: fields.amount("average_wage")?,
                retirees: fields.count("retirees", 1_000_000)?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "retirement_status" => {
            let fields = fields(&["kind", "date", "paid_months", "local_months"])?;
            let question = Question::RetirementStatus {
                paid_months: fields.count("paid_months", 1_200)?,
                local_months: fields.count("local_months", 1_200)?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "transfer" => {
            let fields = fields(&["kind", "date", "time", "beneficiary", "amount", "taken"])?;
            let question = Question::Transfer {
                minute: minute(&fields.0.require("time", "时刻，如 \"21:59\"")?)?,
                beneficiary: fields
                    .0
                    .require("beneficiary", "收款人与本人的关系，如 spouse（配偶）")?
                    .choice(Dimension::Beneficiary)?,
                amount: fields.needed_amount("amount", "金额")?,
                taken: fields.flag("taken")?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        _ => {
            let fields = fields(&["kind", "date", "history"])?;
            let history = fields.list("history", history_year)?;
            (Question::CapReward { history }, fields.needed_date("date", "日期")?)
        }
    })
}

fn resident_wait(fields: &Fields<'_>) -> Result<(i16, Date, i64, i64), CaseError> {
    let missed = fields.count("missed_years", 100)?.unwrap_or(0);
    let repaired = fields.count("repaired_years", 100)?.unwrap_or(0);
    if repaired > missed {
        let path = fields.0.path.name("repaired_years").to_string();
        return Err(CaseError::new(ErrorCode::Contradiction, path, "补缴的年数多于断保的年数")
            .found(repaired.to_string())
            .expected(format!("至多 {missed}")));
    }
    Ok((fields.year("coverage_year")?, fields.needed_date("paid_on", "缴费日期")?, missed, repaired))
}

/// The nearest kind to a name that is none.
pub(super) fn nearest_kind(name: &str) -> Option<&'static str> {
    nearest(name, kind_names().chain(["bill", "year_end"]))
}
