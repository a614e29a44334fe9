//! The entry of a settlement: who is owed what the funds and accounts pay.

use gongji_ledger::{
    Account, Draw, Entry, Home, Paid, Posting, Provider, reimbursement_entry, settlement_entry,
};

use super::Place;
use super::dues::Dues;
use crate::desk::Desk;
use crate::stop::Stop;

/// What of a bill decides where its money goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bill<'text> {
    /// Whose insurance pays.
    pub home: Home<'text>,
    /// 就医地.
    pub care_area: &'text str,
    /// What the table leaves as cash, fen.
    pub cash_paid: i64,
}

/// The entry. A bill that the person paid is owed to the person. An institution that collected its cash before the bill was settled again keeps
/// it: the difference lies between the agency and the person, through both areas' clearing where they are two.
pub(super) fn entry_of(
    desk: &mut Desk<'_>,
    place: &Place<'_>,
    bill: &Bill<'_>,
    paid: &[Paid],
    draws: &[Draw<'_>],
    dues: &mut Dues,
) -> Result<Entry, Stop> {
    if place.claim.is_some() {
        let entry = reimbursement_entry(bill.home, place.person, paid, draws)?;
        return Ok(Entry::new(dues.placed(desk, entry.postings().iter().cloned())?)?);
    }
    let provider = Provider { area: bill.care_area, institution: place.institution };
    let entry = settlement_entry(bill.home, provider, paid, draws)?;
    let back = place.collected.map_or(0, |collected| collected - bill.cash_paid);
    if back == 0 {
        return Ok(entry);
    }
    let (home, care) = (bill.home.area, bill.care_area);
    let mut postings = entry.postings().to_vec();
    postings.push(Posting(Account::payable(care, place.institution), -back));
    if care != home {
        postings.push(Posting(Account::clearing(care, home), back));
        postings.push(Posting(Account::clearing(home, care), -back));
    }
    postings.push(Posting(Account::payable_person(home, place.person), back));
    Ok(Entry::new(dues.placed(desk, postings)?)?)
}
