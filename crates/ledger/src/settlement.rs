//! From the table of a settlement to its entry.

use crate::{Account, Entry, EntryError, Fund, Posting, SubAccount};

/// Whose insurance pays.
#[derive(Clone, Copy, Debug)]
pub struct Home<'text> {
    /// 参保地.
    pub area: &'text str,
    /// The scheme.
    pub scheme: &'text str,
}

/// Who is paid.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'text> {
    /// 就医地: the area that settles with the institution.
    pub area: &'text str,
    /// The institution's id.
    pub institution: &'text str,
}

/// What a fund paid, in fen.
#[derive(Clone, Copy, Debug)]
pub struct Paid {
    /// The fund.
    pub fund: Fund,
    /// How much.
    pub amount: i64,
}

/// What was drawn from one part of a personal account, in fen.
#[derive(Clone, Copy, Debug)]
pub struct Draw<'text> {
    /// The area in whose books the account stands.
    pub area: &'text str,
    /// Whose account.
    pub person: &'text str,
    /// Which part; `None` for the person's wallet.
    pub sub: Option<SubAccount>,
    /// How much.
    pub amount: i64,
}

/// The entry of a settlement: funds and accounts are debited, the institution is owed. Where the money stands in another area's books than
/// those that settle with the institution, the two areas' clearing accounts stand between, so that the books of each balance. Whoever pays tells the money of
/// personal accounts from the pool's; whoever is owed it paid it out of the pool.
/// Cash and what the institution bears are not the agency's money and are not posted; the settlement's table keeps them.
///
/// # Errors
/// [`EntryError::Overflow`].
pub fn settlement_entry(
    home: Home<'_>,
    provider: Provider<'_>,
    paid: &[Paid],
    draws: &[Draw<'_>],
) -> Result<Entry, EntryError> {
    entry_for(home, &Account::payable(provider.area, provider.institution), paid, draws)
}

/// The entry of a bill that the person paid: funds and accounts are debited, and what they pay is owed to the person by the area of insurance.
///
/// # Errors
/// [`EntryError::Overflow`].
pub fn reimbursement_entry(
    home: Home<'_>,
    person: &str,
    paid: &[Paid],
    draws: &[Draw<'_>],
) -> Result<Entry, EntryError> {
    entry_for(home, &Account::payable_person(home.area, person), paid, draws)
}

fn entry_for(home: Home<'_>, owed: &Account, paid: &[Paid], draws: &[Draw<'_>]) -> Result<Entry, EntryError> {
    let mut postings = Vec::with_capacity(2 * (paid.len() + draws.len()) + 2);
    let from_funds = paid.iter().map(|paid| {
        let fund = Account::fund(home.area, home.scheme, paid.fund);
        (home.area, fund, paid.amount, Account::clearing(home.area, &owed.area))
    });
    let from_accounts = draws.iter().map(|draw| {
        let account = match draw.sub {
            Some(sub) => Account::personal(draw.area, draw.person, sub),
            None => Account::wallet(draw.area, draw.person),
        };
        (draw.area, account, draw.amount, Account::clearing_of_accounts(draw.area, &owed.area))
    });
    for (area, account, amount, between) in from_funds.chain(from_accounts) {
        if amount == 0 {
            continue;
        }
        postings.push(Posting(account, amount.checked_neg().ok_or(EntryError::Overflow)?));
        if area != owed.area {
            postings.push(Posting(between, amount));
            postings.push(Posting(Account::clearing(&owed.area, area), -amount));
        }
        postings.push(Posting(owed.clone(), amount));
    }
    Entry::new(postings)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Home<'_> = Home { area: "990100", scheme: "employee" };

    #[test]
    fn at_home_the_fund_and_the_account_owe_the_hospital() {
        let provider = Provider { area: "990100", institution: "H1" };
        let draw = Draw { area: "990100", person: "P1", sub: Some(SubAccount::CarriedOver), amount: 1_500 };
        let entry = settlement_entry(HOME, provider, &[Paid { fund: Fund::Pooled, amount: 8_000 }], &[draw])
            .expect("entry");
        let text = serde_json::to_string(&entry).expect("text");
        assert_eq!(
            text,
            r#"[["990100/fund/employee/pooled",-8000],["990100/payable/H1",9500],["990100/personal/P1/carried_over",-1500]]"#
        );
    }

    #[test]
    fn away_and_with_a_relative_elsewhere_each_area_balances() {
        let provider = Provider { area: "990200", institution: "H1" };
        let draw = Draw { area: "990300", person: "P2", sub: Some(SubAccount::CurrentYear), amount: 700 };
        let entry = settlement_entry(HOME, provider, &[Paid { fund: Fund::Pooled, amount: 8_000 }], &[draw])
            .expect("entry");
        assert_eq!(entry.amount(&Account::clearing("990100", "990200")), 8_000);
        assert_eq!(entry.amount(&Account::clearing_of_accounts("990300", "990200")), 700);
        assert_eq!(entry.amount(&Account::clearing("990200", "990300")), -700);
        assert_eq!(entry.amount(&Account::payable("990200", "H1")), 8_700);
    }

    #[test]
    fn a_bill_paid_in_cash_moves_nothing() {
        let provider = Provider { area: "990100", institution: "H1" };
        assert!(settlement_entry(HOME, provider, &[], &[]).expect("entry").is_empty());
    }

    #[test]
    fn what_a_person_paid_is_owed_to_the_person() {
        let draw = Draw { area: "990300", person: "P1", sub: Some(SubAccount::CarriedOver), amount: 700 };
        let entry = reimbursement_entry(HOME, "P1", &[Paid { fund: Fund::Pooled, amount: 8_000 }], &[draw])
            .expect("entry");
        assert_eq!(entry.amount(&Account::payable_person("990100", "P1")), 8_700);
        assert_eq!(entry.amount(&Account::clearing_of_accounts("990300", "990100")), 700);
    }
}
