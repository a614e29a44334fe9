//! 钱包转账: from a personal account to a relative's wallet.

use gongji_cases::request::{Other, Question};
use gongji_ledger::{Account, Entry, Posting, SubAccount};
use gongji_money::Fen;
use gongji_policy::{Dimension, Facts, Inquiry};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::takes_part;
use crate::calculation::Sum;
use crate::command::grant::may_share;
use crate::command::{Decide, check, cover, visit};
use crate::context::{Context, end_of};
use crate::desk::Desk;
use crate::record::{After, Draft, TallyMove};
use crate::refusal::Refusal;
use crate::row::{Cover, Standing, Tally, Transfer, TransferStatus, Wallet};
use crate::stop::Stop;

/// 钱包转账. The money is held until the other side takes it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferToWallet {
    /// Whose account it is taken from.
    pub grantor: String,
    /// Whose wallet it is for.
    pub beneficiary: String,
    /// What the beneficiary is to the grantor (`spouse`, `parent`, `child` …).
    pub relation: String,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "200.00"))]
    pub amount: Fen,
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Minutes since midnight in Beijing.
fn minute_of(now: i64) -> i64 {
    now.saturating_add(8 * HOUR).rem_euclid(DAY) / 60_000
}

/// The hour at which the rules of an area open transfers again, and what was not taken goes back.
fn opens(context: &Context<'_>, cover: &Cover) -> Result<i64, Refusal> {
    let pack = cover::pack_of(context, &cover.area, &cover.scheme)?;
    let unknown = || Refusal::new("unknown_rule", "规则没有说明转账的时刻").at("grantor").found(&cover.area);
    let scheme = pack.scheme(&cover.scheme).ok_or_else(unknown)?;
    let mut inquiry = Inquiry::new(pack, scheme, Facts::default(), context.today);
    let mut hour = |name: &str| inquiry.maybe_count("transfer", name).map_err(|_| unknown());
    let closes = hour("closes_hour")?;
    Ok(hour("opens_hour")?.or(closes).unwrap_or(0))
}

/// The row that counts the transfers of a person on a day.
fn tally_id(person: &str, day: jiff::civil::Date) -> String {
    format!("transfers/{person}/{day}")
}

impl Decide for TransferToWallet {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        may_share(desk, context, &self.grantor)?;
        check::some_money("amount", self.amount)?;
        check::known("relation", Dimension::Beneficiary, &self.relation)?;
        let relation =
            gongji_cases::request::choice(Dimension::Beneficiary, &self.relation).unwrap_or_default();
        if self.grantor == self.beneficiary || relation == 0 {
            return Err(Refusal::new("oneself", "不能转给自己")
                .at("beneficiary")
                .found(&self.grantor)
                .into());
        }
        let at = |field: &'static str| {
            move |stop: Stop| match stop {
                Stop::Refused(refusal) => refusal.at(field).into(),
                other => other,
            }
        };
        let grantor = visit::person(desk, &self.grantor).map_err(at("grantor"))?;
        let beneficiary = visit::person(desk, &self.beneficiary).map_err(at("beneficiary"))?;
        let cover = takes_part("grantor", &grantor, context)?;
        let other = takes_part("beneficiary", &beneficiary, context)?;
        let standing = desk.get::<Standing>(&self.grantor)?;
        let area = standing.as_ref().and_then(|standing| standing.account_area.clone());
        let area = area.ok_or_else(|| {
            Refusal::new("no_account", "转出人没有个人账户").at("grantor").found(&self.grantor)
        })?;
        let wallet = desk.get::<Wallet>(&self.beneficiary)?;
        let question = Question::Transfer {
            minute: minute_of(context.now),
            other: Other {
                beneficiary: relation,
                area: Some(other.area.clone()),
                insured: Some(true),
                wallet: Some(wallet.is_some()),
            },
            amount: self.amount,
            taken: None,
        };
        let mut sum = Sum::of(&grantor, cover, standing.as_deref(), context.today, question)?;
        let counted = tally_id(&self.grantor, context.today);
        if let Some(made) = desk.get::<Tally>(&counted)? {
            let counter = |name: &str| made.counters.get(name).copied().unwrap_or(0);
            sum.past.transfers.insert(context.today, (counter("times"), Fen::new(counter("fen"))));
        }
        let worked = sum.worked(context.rules)?;
        let told = worked.reason("status").to_owned();
        if worked.name("status") != Some("pending") {
            return Err(Refusal::new("transfer_refused", told).at("amount").found(self.amount).into());
        }
        let back_on = worked
            .day("returns_on")
            .ok_or_else(|| Refusal::new("unknown_rule", "规则没有说明退回的日期").at("grantor"))?;
        let left = &worked.purses;
        let current_year = sum.purses.current_year.fen() - left.current_year.fen();
        let carried_over = sum.purses.carried_over.fen() - left.carried_over.fen();
        let transfer = Transfer {
            grantor: self.grantor.clone(),
            beneficiary: self.beneficiary.clone(),
            relation: self.relation.clone(),
            area: area.clone(),
            current_year,
            carried_over,
            sent_at: context.now,
            sent_on: context.today,
            returns_at: end_of(back_on) - DAY + opens(context, cover)? * HOUR,
            status: TransferStatus::Pending,
            settled_at: None,
        };
        let id = format!("X{}", context.seq);
        let mut postings = vec![Posting(Account::held(&area, &self.grantor), transfer.amount())];
        for (sub, fen) in [(SubAccount::CurrentYear, current_year), (SubAccount::CarriedOver, carried_over)] {
            if fen != 0 {
                postings.push(Posting(Account::personal(&area, &self.grantor, sub), -fen));
            }
        }
        let mut draft = Draft::new("transfer_to_wallet", context.today)
            .about(&self.grantor)
            .about(&self.beneficiary)
            .leaving(&id, &transfer)?;
        draft.entry = Entry::new(postings)?;
        draft.calculations.push(sum.kept(context)?);
        let mut moved = TallyMove { id: counted, ..TallyMove::default() };
        moved.counters.insert("times".to_owned(), 1);
        moved.counters.insert("fen".to_owned(), transfer.amount());
        draft.tallies.push(moved);
        for person in [&self.grantor, &self.beneficiary] {
            draft.after.push(After::listed("transfers_of", &format!("{person}/{id}"))?);
        }
        let listed = format!("{}/{}", self.grantor, self.beneficiary);
        draft.after.push(After::listed("granted", &listed)?);
        draft.after.push(After::listed("transfers_due", &transfer.due_id(&id))?);
        Ok(vec![draft.telling(json!({
            "transfer": id,
            "grantor": self.grantor,
            "beneficiary": self.beneficiary,
            "amount": self.amount.to_string(),
            "status": TransferStatus::Pending,
            "returns_at": transfer.returns_at,
            "each": worked.sheet.amount("each").map(|each| each.to_string()),
            "told": told,
        }))])
    }
}
