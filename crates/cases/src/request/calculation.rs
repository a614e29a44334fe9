//! Events that are no bill: what each kind asks, read strictly.

use gongji_policy::Dimension;
use gongji_rules::Employer;
use jiff::civil::Date;

use super::fields::{
    Fields, cleared, cover_year, employer, history_year, in_order, minute, movement, opening, period,
    retirees,
};
use super::object::{Value, nearest};
use super::person::area_code;
use super::question::{Other, Question};
use crate::error::{CaseError, ErrorCode};

/// Every kind with its name in the case format and what people read.
const KINDS: [(&str, &str); 14] = [
    ("contribution", "职工缴费"),
    ("premium", "居民缴费"),
    ("account_credit", "个人账户划入"),
    ("account_interest", "个人账户计息"),
    ("account_clearing", "个人账户清算"),
    ("year_roll", "年度结转"),
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
}

impl Calculation {
    /// The calculation of a question.
    pub fn asking(question: Question) -> Calculation {
        let name = question.kind();
        let (kind, label) = kind_of(name).unwrap_or((name, name));
        Calculation { kind, label, question }
    }

    /// Reads an event of that kind; with it the day on which it stands among the events.
    pub(super) fn of(
        value: &Value<'_>,
        (kind, label): (&'static str, &'static str),
        scheme: &str,
    ) -> Result<(Calculation, Date), CaseError> {
        let (question, date) = question(value, kind, scheme)?;
        Ok((Calculation { kind, label, question }, date))
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
                "owed",
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
                owed: fields.amount("owed")?,
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
        "account_clearing" => {
            let fields = fields(&["kind", "date", "period", "precredited", "due", "months"])?;
            let date = fields.needed_date("date", "清算日期")?;
            let (due, months) = (fields.amount("due")?, fields.list("months", cleared)?);
            if due.is_some() && !months.is_empty() {
                return Err(
                    value.error(ErrorCode::Contradiction, "应划金额（due）与缴费月份（months）只写一个")
                );
            }
            in_order(value, months.iter().map(|run| (run.from, run.to)))?;
            let question = Question::AccountClearing {
                period: fields.month("period")?,
                precredited: fields.amount("precredited")?,
                due,
                months,
            };
            (question, date)
        }
        "year_roll" => {
            let fields = fields(&["kind", "date"])?;
            (Question::YearRoll, fields.needed_date("date", "结转日期")?)
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
                "months_since",
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
            if let [only] = &mut employers[..] {
                // One employer alone has the whole weight, however many months.
                only.months = 1;
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
                months_since: fields.count("months_since", 1_200)?,
                for_spouse: beneficiary == 1,
                medical_cost: fields.amount("medical_cost")?,
            };
            (question, date)
        }
        "account_use" => {
            let fields = fields(&[
                "kind",
                "date",
                "purpose",
                "beneficiary",
                "beneficiary_area",
                "beneficiary_insured",
                "circumstance",
                "amount",
            ])?;
            let question = Question::AccountUse {
                purpose: fields
                    .0
                    .require("purpose", "用途，如 vaccine（接种疫苗）")?
                    .choice(Dimension::Purpose)?,
                other: other(&fields)?,
                amount: fields.amount("amount")?,
                circumstance: fields.circumstance("circumstance")?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "cover" => {
            let fields = fields(&[
                "kind",
                "date",
                "periods",
                "coverage_years",
                "paid_months",
                "local_months",
                "province_months",
            ])?;
            let periods = fields.list("periods", period)?;
            in_order(value, periods.iter().map(|period| (period.from, period.to)))?;
            let question = Question::Cover {
                periods,
                years: fields.list("coverage_years", cover_year)?,
                paid: fields.paid()?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "retirement_top_up" => {
            let fields = fields(&[
                "kind",
                "date",
                "paid_months",
                "local_months",
                "province_months",
                "base",
                "average_wage",
                "retirees",
            ])?;
            let question = Question::TopUp {
                paid: fields.paid()?,
                base: fields.amount("base")?,
                average_wage: fields.amount("average_wage")?,
                retirees: fields.0.get("retirees").map_or(Ok(Vec::new()), |value| retirees(&value))?,
            };
            (question, fields.needed_date("date", "日期")?)
        }
        "retirement_status" => {
            let fields = fields(&["kind", "date", "paid_months", "local_months", "province_months"])?;
            (Question::RetirementStatus { paid: fields.paid()? }, fields.needed_date("date", "日期")?)
        }
        "transfer" => {
            let fields = fields(&[
                "kind",
                "date",
                "time",
                "beneficiary",
                "beneficiary_area",
                "beneficiary_insured",
                "wallet_opened",
                "amount",
                "taken",
            ])?;
            fields.0.require("beneficiary", "收款人与本人的关系，如 spouse（配偶）")?;
            let question = Question::Transfer {
                minute: minute(&fields.0.require("time", "时刻，如 \"21:59\"")?)?,
                other: other(&fields)?,
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

/// Somebody else for whom the account pays, or to whom money goes.
fn other(fields: &Fields<'_>) -> Result<Other, CaseError> {
    let beneficiary =
        fields.0.get("beneficiary").map_or(Ok(0), |value| value.choice(Dimension::Beneficiary))?;
    let area = fields.0.get("beneficiary_area").map(|area| area_code(&area)).transpose()?;
    Ok(Other {
        beneficiary,
        area,
        insured: fields.flag("beneficiary_insured")?,
        wallet: fields.flag("wallet_opened")?,
    })
}

fn resident_wait(fields: &Fields<'_>) -> Result<(i16, Date, i64, i64), CaseError> {
    let (missed, repaired) = fields.missed()?;
    Ok((fields.year("coverage_year")?, fields.needed_date("paid_on", "缴费日期")?, missed, repaired))
}

/// The nearest kind to a name that is none.
pub(super) fn nearest_kind(name: &str) -> Option<&'static str> {
    nearest(name, kind_names().chain(["bill", "year_end"]))
}
