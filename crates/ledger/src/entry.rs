//! Balanced entries.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Account;

/// From so many postings on an account is looked up instead of compared with each.
const MANY: usize = 16;

/// One line of an entry: so many fen, credit positive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting(pub Account, pub i64);

/// Postings that sum to zero in the books of each area, each account at most once, none of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Entry {
    postings: Vec<Posting>,
}

/// Why postings are no entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The books of an area do not balance.
    #[error("{area} 的分录不平：差 {difference} 分")]
    Unbalanced {
        /// The area.
        area: String,
        /// Σ of its postings, in fen.
        difference: i64,
    },
    /// An amount leaves `i64`.
    #[error("分录金额超出范围")]
    Overflow,
}

impl Entry {
    /// An entry of these postings: those of one account are added up, those of nothing left out.
    ///
    /// # Errors
    /// [`EntryError`] where the books of an area do not balance.
    pub fn new(postings: impl IntoIterator<Item = Posting>) -> Result<Entry, EntryError> {
        let postings = postings.into_iter();
        let mut kept: Vec<Posting> = Vec::with_capacity(postings.size_hint().0.max(8));
        // Entries of many people are found by their accounts; a bill's few are compared one by one.
        let mut places: HashMap<Account, usize> = HashMap::new();
        for Posting(account, fen) in postings {
            let place = match kept.len() {
                ..MANY => kept.iter().position(|Posting(known, _)| *known == account),
                MANY.. => {
                    if places.is_empty() {
                        places = kept.iter().enumerate().map(|(at, known)| (known.0.clone(), at)).collect();
                    }
                    places.get(&account).copied()
                }
            };
            match place {
                Some(at) => kept[at].1 = kept[at].1.checked_add(fen).ok_or(EntryError::Overflow)?,
                None => {
                    if !places.is_empty() {
                        places.insert(account.clone(), kept.len());
                    }
                    kept.push(Posting(account, fen));
                }
            }
        }
        kept.retain(|Posting(_, fen)| *fen != 0);
        let entry = Entry { postings: kept };
        entry.check()?;
        Ok(entry)
    }

    /// Checks the books again, as when an entry was read back.
    ///
    /// # Errors
    /// As [`Entry::new`].
    pub fn check(&self) -> Result<(), EntryError> {
        let mut sums: Vec<(&str, i64)> = Vec::with_capacity(2);
        for Posting(account, fen) in &self.postings {
            match sums.iter_mut().find(|(area, _)| *area == account.area) {
                Some((_, sum)) => *sum = sum.checked_add(*fen).ok_or(EntryError::Overflow)?,
                None => sums.push((&account.area, *fen)),
            }
        }
        match sums.into_iter().find(|(_, sum)| *sum != 0) {
            None => Ok(()),
            Some((area, difference)) => Err(EntryError::Unbalanced { area: area.to_owned(), difference }),
        }
    }

    /// The postings.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// Whether no money moves.
    pub fn is_empty(&self) -> bool {
        self.postings.is_empty()
    }

    /// What moves an account, in fen; 0 where the entry does not touch it.
    pub fn amount(&self, account: &Account) -> i64 {
        self.postings.iter().find(|Posting(known, _)| known == account).map_or(0, |Posting(_, fen)| *fen)
    }

    /// The opposite entry: the stored fen negated, nothing computed again.
    ///
    /// # Errors
    /// [`EntryError::Overflow`] for an amount that has no opposite.
    pub fn negated(&self) -> Result<Entry, EntryError> {
        let negate = |Posting(account, fen): &Posting| {
            Ok(Posting(account.clone(), fen.checked_neg().ok_or(EntryError::Overflow)?))
        };
        Ok(Entry { postings: self.postings.iter().map(negate).collect::<Result<_, EntryError>>()? })
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Entry, D::Error> {
        let entry = Entry { postings: Vec::deserialize(from)? };
        entry.check().map_err(serde::de::Error::custom)?;
        Ok(entry)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Fund, SubAccount};

    fn pooled(area: &str) -> Account {
        Account::fund(area, "employee", Fund::Pooled)
    }

    #[test]
    fn each_area_balances_on_its_own() {
        let across = [Posting(pooled("990100"), -500), Posting(Account::payable("990200", "H1"), 500)];
        let error = Entry::new(across).expect_err("two areas do not balance each other");
        assert_eq!(error, EntryError::Unbalanced { area: "990100".to_owned(), difference: -500 });
        let cleared = [
            Posting(pooled("990100"), -500),
            Posting(Account::clearing("990100", "990200"), 500),
            Posting(Account::clearing("990200", "990100"), -500),
            Posting(Account::payable("990200", "H1"), 500),
        ];
        assert_eq!(Entry::new(cleared).expect("balanced").postings().len(), 4);
    }

    #[test]
    fn amounts_never_wrap() {
        let twice = [Posting(pooled("990100"), i64::MAX), Posting(pooled("990100"), 1)];
        assert_eq!(Entry::new(twice), Err(EntryError::Overflow));
        let extreme =
            [Posting(pooled("990100"), i64::MIN), Posting(Account::payable("990100", "H1"), i64::MAX)];
        assert!(Entry::new(extreme).is_err());
    }

    #[test]
    fn what_is_read_back_is_checked() {
        let text = r#"[["990100/fund/employee/pooled",-5],["990100/payable/H1",4]]"#;
        assert!(serde_json::from_str::<Entry>(text).is_err());
    }

    proptest! {
        #[test]
        fn many_postings_of_one_account_are_one(people in 1_usize..60, fen in 1_i64..1_000) {
            let person = |at: usize| Account::personal("990100", &format!("P{at}"), SubAccount::CurrentYear);
            let twice = (0..people).chain(0..people).map(|at| Posting(person(at), fen));
            let bank = Posting(Account::bank("990100", "account"), -2 * fen * people as i64);
            let entry = Entry::new(twice.chain([bank])).expect("balanced");
            prop_assert_eq!(entry.postings().len(), people + 1);
            prop_assert_eq!(entry.amount(&person(people - 1)), 2 * fen);
        }

        #[test]
        fn an_entry_and_its_opposite_leave_nothing(amounts in prop::collection::vec(-1_000_000_i64..1_000_000, 0..6)) {
            let person = Account::personal("990100", "P1", SubAccount::CurrentYear);
            let accounts = [pooled("990100"), person, Account::payable("990100", "H1"), Account::bank("990100", "pool")];
            let mut postings: Vec<Posting> = amounts.iter().enumerate()
                .map(|(at, fen)| Posting(accounts[at % accounts.len()].clone(), *fen)).collect();
            postings.push(Posting(Account::clearing("990100", "990200"), -amounts.iter().sum::<i64>()));
            let entry = Entry::new(postings).expect("balanced");
            let opposite = entry.negated().expect("negated");
            for Posting(account, fen) in entry.postings() {
                prop_assert_eq!(*fen + opposite.amount(account), 0);
            }
            let text = serde_json::to_string(&entry).expect("text");
            prop_assert_eq!(serde_json::from_str::<Entry>(&text).expect("entry"), entry);
        }
    }
}
