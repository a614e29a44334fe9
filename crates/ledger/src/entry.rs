//! Balanced entries.

use serde::{Deserialize, Serialize};

use crate::Account;

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
        let mut kept: Vec<Posting> = Vec::with_capacity(8);
        for Posting(account, fen) in postings {
            match kept.iter_mut().find(|Posting(known, _)| *known == account) {
                Some(Posting(_, sum)) => *sum = sum.checked_add(fen).ok_or(EntryError::Overflow)?,
                None => kept.push(Posting(account, fen)),
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
        for Posting(account, _) in &self.postings {
            let area = &account.area;
            let of_area = self.postings.iter().filter(|Posting(other, _)| other.area == *area);
            let difference = of_area
                .map(|Posting(_, fen)| *fen)
                .try_fold(0_i64, i64::checked_add)
                .ok_or(EntryError::Overflow)?;
            if difference != 0 {
                return Err(EntryError::Unbalanced { area: area.clone(), difference });
            }
        }
        Ok(())
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
