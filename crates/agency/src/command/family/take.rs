//! What becomes of a transfer: taken, declined, or on its way back.

use gongji_ledger::{Account, Entry, Posting, SubAccount};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{acting_for, takes_part};
use crate::access::{Action, Scope};
use crate::command::{Decide, check, visit};
use crate::context::Context;
use crate::desk::Desk;
use crate::job::MOST_A_STEP;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{Standing, Transfer, TransferStatus, Wallet};
use crate::stop::Stop;

/// 领取转账: into the own wallet, before it goes back.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptTransfer {
    /// Whose wallet it is for.
    pub person: String,
    /// The transfer's number.
    pub transfer: String,
}

/// 拒收转账: the money goes back at once.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclineTransfer {
    /// Whose wallet it is for.
    pub person: String,
    /// The transfer's number.
    pub transfer: String,
}

/// 退回转账: what nobody took in time, of accounts in one area; so many at most as stand in one step.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnTransfers {
    /// The area in whose books the accounts stand.
    pub area: String,
}

/// A transfer to a person that still waits.
fn waiting(desk: &mut Desk<'_>, person: &str, id: &str) -> Result<Transfer, Stop> {
    let missing = || Refusal::new("no_transfer", "没有这笔转账").at("transfer").found(id);
    let transfer =
        desk.get::<Transfer>(id)?.filter(|known| known.beneficiary == person).ok_or_else(missing)?;
    if transfer.status != TransferStatus::Pending {
        return Err(Refusal::new("transfer_settled", format!("这笔转账{}", transfer.status.label()))
            .at("transfer")
            .found(id)
            .into());
    }
    Ok((*transfer).clone())
}

/// The money of a transfer on its way back to where it came from; to an account that meanwhile moved through the two areas' clearing.
fn back(desk: &mut Desk<'_>, transfer: &Transfer) -> Result<Vec<Posting>, Stop> {
    let standing = desk.get::<Standing>(&transfer.grantor)?;
    let area = standing.and_then(|standing| standing.account_area.clone());
    let area = area.unwrap_or_else(|| transfer.area.clone());
    let mut postings = vec![Posting(Account::held(&transfer.area, &transfer.grantor), -transfer.amount())];
    if area != transfer.area {
        postings.push(Posting(Account::clearing_of_accounts(&transfer.area, &area), transfer.amount()));
        postings.push(Posting(Account::clearing_of_accounts(&area, &transfer.area), -transfer.amount()));
    }
    let parts =
        [(SubAccount::CurrentYear, transfer.current_year), (SubAccount::CarriedOver, transfer.carried_over)];
    for (sub, fen) in parts {
        if fen != 0 {
            postings.push(Posting(Account::personal(&area, &transfer.grantor, sub), fen));
        }
    }
    Ok(postings)
}

/// The draft of a transfer that is decided.
fn decided(
    draft: Draft,
    context: &Context<'_>,
    (id, transfer): (&str, Transfer),
    status: TransferStatus,
) -> Result<Draft, Stop> {
    let due = transfer.due_id(id);
    let after = Transfer { status, settled_at: Some(context.now), ..transfer };
    let mut draft = draft.about(&after.beneficiary).about(&after.grantor).leaving(id, &after)?;
    draft.after.push(After::gone("transfers_due", &due));
    Ok(draft)
}

impl Decide for AcceptTransfer {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let person = acting_for(desk, context, &self.person)?;
        let transfer = waiting(desk, &self.person, &self.transfer)?;
        if context.now >= transfer.returns_at {
            return Err(Refusal::new("transfer_expired", "没有在时限内领取，这笔转账要退回")
                .at("transfer")
                .found(&self.transfer)
                .hint("请对方重新转账")
                .into());
        }
        takes_part("person", &person, context)?;
        let grantor = visit::person(desk, &transfer.grantor)?;
        takes_part("transfer", &grantor, context)?;
        let wallet = desk.need::<Wallet>(&self.person)?;
        let amount = transfer.amount();
        let mut postings = vec![
            Posting(Account::held(&transfer.area, &transfer.grantor), -amount),
            Posting(Account::wallet(&wallet.area, &self.person), amount),
        ];
        if wallet.area != transfer.area {
            postings.push(Posting(Account::clearing_of_accounts(&transfer.area, &wallet.area), amount));
            postings.push(Posting(Account::clearing_of_accounts(&wallet.area, &transfer.area), -amount));
        }
        let result = json!({
            "transfer": self.transfer,
            "person": self.person,
            "grantor": transfer.grantor,
            "amount": gongji_money::Fen::new(amount).to_string(),
            "status": TransferStatus::Accepted,
        });
        let draft = Draft::new("accept_transfer", context.today);
        let mut draft = decided(draft, context, (&self.transfer, transfer), TransferStatus::Accepted)?;
        draft.entry = Entry::new(postings)?;
        Ok(vec![draft.telling(result)])
    }
}

impl Decide for DeclineTransfer {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        acting_for(desk, context, &self.person)?;
        let transfer = waiting(desk, &self.person, &self.transfer)?;
        let entry = Entry::new(back(desk, &transfer)?)?;
        let result = json!({
            "transfer": self.transfer,
            "person": self.person,
            "grantor": transfer.grantor,
            "amount": gongji_money::Fen::new(transfer.amount()).to_string(),
            "status": TransferStatus::Declined,
        });
        let draft = Draft::new("decline_transfer", context.today);
        let mut draft = decided(draft, context, (&self.transfer, transfer), TransferStatus::Declined)?;
        draft.entry = entry;
        Ok(vec![draft.telling(result)])
    }
}

impl Decide for ReturnTransfers {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Share, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        // In order of the moment at which they go back; the list is that of the last commit, the transfers are those of now.
        let listed = desk.view().page("transfers_due", &format!("{}/", self.area), "", MOST_A_STEP)?;
        let mut draft = Draft::new("return_transfers", context.today);
        let mut postings = Vec::new();
        let mut returned = Vec::new();
        for (due, _) in listed {
            let Some(id) = due.rsplit('/').next() else { continue };
            let transfer = desk.need::<Transfer>(id)?;
            if transfer.returns_at > context.now {
                break;
            }
            if transfer.status != TransferStatus::Pending {
                continue;
            }
            let transfer = (*transfer).clone();
            postings.extend(back(desk, &transfer)?);
            draft = decided(draft, context, (id, transfer), TransferStatus::Returned)?;
            returned.push(id.to_owned());
        }
        if returned.is_empty() {
            return Err(Refusal::new("nothing_due", "没有要退回的转账").at("area").found(&self.area).into());
        }
        draft.entry = Entry::new(postings)?;
        Ok(vec![draft.telling(json!({ "area": self.area, "returned": returned }))])
    }
}
