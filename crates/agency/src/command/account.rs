//! Personal accounts: opening, crediting.

use gongji_ledger::{Account, AccountKind, Entry, Posting, SubAccount};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{AccountAt, Draft};
use crate::refusal::Refusal;
use crate::row::Standing;
use crate::stop::Stop;

/// 个人账户开户, in the books of the area where the person is insured.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    /// 人员编号.
    pub person: String,
    /// 参保地.
    pub area: String,
}

/// Where the money of a credit comes from.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreditSource {
    /// It came into the bank account of personal accounts.
    Bank,
    /// It is owed by the payer of contributions.
    Receivable,
    /// It was there before the books began.
    Opening,
}

/// 个人账户划入.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreditAccount {
    /// 人员编号.
    pub person: String,
    /// Which part of the account.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "carried_over"))]
    pub sub_account: SubAccount,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// The month that it is for (`2026-03`).
    pub period: String,
    /// The business date; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Where the money comes from.
    pub source: CreditSource,
    /// Who owes it, for money that is receivable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// Why: 单位缴费划入, 期初余额 …
    pub reason: String,
}

impl Decide for OpenAccount {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let scope = Scope { area: Some(&self.area), person: Some(&self.person), institution: None };
        context.allow(Action::KeepAccounts, scope)?;
        let person = visit::person(desk, &self.person)?;
        let standing = desk.get::<Standing>(&self.person)?;
        if let Some(area) = standing.and_then(|standing| standing.account_area.clone()) {
            return Err(Refusal::new("account_exists", "已经有个人账户")
                .at("person")
                .found(area)
                .hint("换统筹区请办理关系转移")
                .into());
        }
        let cover = person
            .cover_on(context.today)
            .ok_or_else(|| Refusal::new("not_covered", "今天没有参保").at("person").found(&self.person))?;
        if cover.area != self.area {
            return Err(Refusal::new("other_area", "不是参保地")
                .at("area")
                .found(&self.area)
                .expected(&cover.area)
                .into());
        }
        let with_account = cover.account_option.as_deref().is_none_or(|option| option == "with_account");
        if cover.scheme != "employee" || !with_account {
            return Err(Refusal::new("no_account_scheme", "只有统账结合的职工医保有个人账户")
                .at("person")
                .found(&self.person)
                .into());
        }
        let mut draft = Draft::new("open_account", context.today).about(&self.person);
        draft.account_at = Some(AccountAt { person: self.person.clone(), area: self.area.clone() });
        Ok(vec![draft.telling(json!({ "person": self.person, "area": self.area }))])
    }
}

impl Decide for CreditAccount {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::KeepAccounts)?;
        let person = visit::person(desk, &self.person)?;
        let standing = desk.get::<Standing>(&self.person)?;
        let area = standing.and_then(|standing| standing.account_area.clone()).ok_or_else(|| {
            Refusal::new("no_account", "没有个人账户").at("person").found(&self.person).hint("先开户")
        });
        let area = match area {
            Ok(area) => area,
            // Whoever keeps another area learns no more than that.
            Err(refusal) => {
                check::kept_person(desk, context, Action::KeepAccounts, &self.person)?;
                return Err(refusal.into());
            }
        };
        let scope = Scope { area: Some(&area), person: Some(&self.person), institution: None };
        context.allow(Action::KeepAccounts, scope)?;
        let reason = check::reason(&self.reason)?;
        let date = self.date.unwrap_or(context.today);
        context.not_future("date", date)?;
        check::month(context, "period", &self.period)?;
        check::some_money("amount", self.amount)?;
        let from = match (self.source, &self.payer) {
            (CreditSource::Bank, None) => Account::bank(&area, "account"),
            (CreditSource::Opening, None) => Account { area: area.clone(), kind: AccountKind::Opening },
            (CreditSource::Receivable, Some(payer)) => {
                check::code("payer", payer)?;
                Account { area: area.clone(), kind: AccountKind::Receivable { payer: payer.clone() } }
            }
            (CreditSource::Receivable, None) => {
                return Err(Refusal::new("missing_field", "要写明缴费单位或个人").at("payer").into());
            }
            (_, Some(payer)) => {
                return Err(Refusal::new("contradiction", "只有应收的钱有缴费单位")
                    .at("payer")
                    .found(payer)
                    .into());
            }
        };
        let fen = self.amount.fen();
        let to = Account::personal(&area, &person.id, self.sub_account);
        let mut draft = Draft::new("credit_account", date).about(&person.id);
        draft.entry = Entry::new([Posting(from, -fen), Posting(to, fen)])?;
        Ok(vec![draft.telling(json!({
            "person": person.id,
            "sub_account": self.sub_account,
            "amount": self.amount.to_string(),
            "period": self.period,
            "reason": reason,
        }))])
    }
}
