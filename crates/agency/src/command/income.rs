//! Income of funds that is no contribution: subsidies, donations, interest; and what was there when the books began.

use gongji_ledger::{Account, AccountKind, Entry, Fund, Posting};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::cover::pack_of;
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Reversal, Run};
use crate::stop::Stop;

/// Where income comes from.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncomeSource {
    /// 财政补助.
    Subsidy,
    /// 捐赠.
    Donation,
    /// 利息.
    Interest,
    /// 转移收入, from other areas or funds.
    Transfer,
    /// 其他收入.
    Other,
}

impl IncomeSource {
    /// The line of the fund statement.
    const fn line(self) -> &'static str {
        match self {
            IncomeSource::Subsidy => "subsidy",
            IncomeSource::Donation => "donation",
            IncomeSource::Interest => "interest",
            IncomeSource::Transfer => "transfer",
            IncomeSource::Other => "other",
        }
    }
}

/// 登记基金收入: into the bank of the pool and into a fund. A subsidy without a fund pays what premiums left open at the treasury.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordIncome {
    /// The area.
    pub area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// The fund (`pooled`, `large_sum` …); left out for a subsidy that pays what premiums left open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fund: Option<String>,
    /// Where it comes from.
    pub source: IncomeSource,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "100000.00"))]
    pub amount: Fen,
    /// When it came in; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// What it is: a document, a giver.
    pub reason: String,
}

/// 基金期初余额, once for each fund.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenFund {
    /// The area.
    pub area: String,
    /// `employee` or `resident`.
    pub scheme: String,
    /// The fund (`pooled`, `large_sum` …).
    pub fund: String,
    /// How much was there.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "5000000.00"))]
    pub amount: Fen,
    /// On which day; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// 撤销基金收入: a negative record of an income, or of an opening balance.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelIncome {
    /// The number of the record.
    pub record: u64,
    /// Why.
    pub reason: String,
}

/// The fund of a name.
pub(super) fn fund(field: &str, name: &str) -> Result<Fund, Refusal> {
    Fund::ALL.into_iter().find(|fund| fund.name() == name).ok_or_else(|| {
        Refusal::new("unknown_value", "没有这种基金")
            .at(field)
            .found(name)
            .expected(Fund::ALL.map(Fund::name).join("、"))
    })
}

fn opening_id(area: &str, scheme: &str, fund: Fund) -> String {
    format!("open/{area}/{scheme}/{}", fund.name())
}

impl Decide for RecordIncome {
    fn decide(&self, _desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Collect, Scope { area: Some(&self.area), ..Scope::default() })?;
        let reason = check::reason(&self.reason)?;
        pack_of(context, &self.area, &self.scheme)?;
        check::some_money("amount", self.amount)?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        let to = match (&self.fund, self.source) {
            (Some(name), _) => Account::fund(&self.area, &self.scheme, fund("fund", name)?),
            (None, IncomeSource::Subsidy) => Account { area: self.area.clone(), kind: AccountKind::Subsidy },
            (None, _) => return Err(Refusal::new("missing_field", "要写明记入哪个基金").at("fund").into()),
        };
        let mut draft = Draft::new("record_income", date).on_line(self.source.line());
        draft.entry = Entry::new([
            Posting(Account::bank(&self.area, "pool"), -self.amount.fen()),
            Posting(to.clone(), self.amount.fen()),
        ])?;
        Ok(vec![draft.telling(json!({
            "record": context.seq, "account": to.to_string(), "source": self.source, "amount": self.amount.to_string(),
            "reason": reason,
        }))])
    }
}

impl Decide for OpenFund {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Collect, Scope { area: Some(&self.area), ..Scope::default() })?;
        pack_of(context, &self.area, &self.scheme)?;
        check::some_money("amount", self.amount)?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        let fund = fund("fund", &self.fund)?;
        let id = opening_id(&self.area, &self.scheme, fund);
        let known = desk.get::<Run>(&id)?;
        if known.as_ref().is_some_and(|run| run.done) {
            return Err(Refusal::new("already_opened", "期初余额已经登记")
                .at("fund")
                .found(&self.fund)
                .into());
        }
        let run = Run { round: known.map_or(1, |run| run.round + 1), done: true, ..Run::default() };
        let mut draft = Draft::new("open_fund", date).on_line("opening").leaving(&id, &run)?;
        let to = Account::fund(&self.area, &self.scheme, fund);
        draft.entry = Entry::new([
            Posting(Account::bank(&self.area, "pool"), -self.amount.fen()),
            Posting(to.clone(), self.amount.fen()),
        ])?;
        Ok(vec![draft.telling(json!({
            "record": context.seq, "account": to.to_string(), "amount": self.amount.to_string(),
        }))])
    }
}

impl Decide for CancelIncome {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Collect)?;
        let reason = check::reason(&self.reason)?;
        let missing = || Refusal::new("no_income", "没有这笔收入").at("record").found(self.record);
        if self.record == 0 || self.record >= context.seq {
            return Err(missing().into());
        }
        let record = desk.record(self.record)?.ok_or_else(missing)?;
        let area = record.entry.postings().first().map(|posting| posting.0.area.clone()).unwrap_or_default();
        let is_income = matches!(record.kind.as_str(), "record_income" | "open_fund");
        context
            .allow(Action::Collect, Scope { area: is_income.then_some(area.as_str()), ..Scope::default() })?;
        if !is_income {
            return Err(missing().into());
        }
        let id = self.record.to_string();
        if desk.get::<Reversal>(&id)?.is_some() {
            return Err(Refusal::new("already_cancelled", "已经撤销").at("record").found(self.record).into());
        }
        let mut draft = Draft::new("cancel_income", context.today)
            .on_line(&record.line)
            .leaving(&id, &Reversal { by: context.seq })?;
        draft.entry = record.entry.negated()?;
        draft.cancels = Some(self.record);
        for after in record.after.iter().filter(|after| after.kind == "run") {
            if let Some(run) = desk.get::<Run>(&after.id)? {
                draft = draft.leaving(&after.id, &Run { done: false, ..(*run).clone() })?;
            }
        }
        Ok(vec![draft.telling(json!({ "record": self.record, "reason": reason }))])
    }
}
