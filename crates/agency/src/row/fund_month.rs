//! What came into a fund and went out of it in a month, by lines of the fund statement; and what areas came to owe each other.

use std::collections::BTreeMap;

use gongji_ledger::{Account, AccountKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// The lines of a fund, of all personal accounts of an area, or of what an area owes another, in one calendar month; the row's id is [`fund_month_id`]. Derived from the
/// journal alone: the month is that of the business date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundMonth {
    /// By line, in fen, what came in positive. A line that came to nothing is left out.
    pub lines: BTreeMap<String, i64>,
}

impl Row for FundMonth {
    const KIND: &'static str = "fund_month";
}

/// The row that an account's money is told in: `410100/employee/pooled/2026-03` for a fund, `410100/accounts/2026-03` for the personal accounts
/// of an area taken together, `410100/clearing/410200/2026-03` for what it owes another area, of the pool and of the accounts; nothing for any other account.
pub fn fund_month_id(account: &Account, day: Date) -> Option<String> {
    let Account { area, kind } = account;
    let (year, month) = (day.year(), day.month());
    match kind {
        AccountKind::Fund { scheme, fund } => {
            Some(format!("{area}/{scheme}/{}/{year:04}-{month:02}", fund.name()))
        }
        AccountKind::Personal { .. } => Some(format!("{area}/accounts/{year:04}-{month:02}")),
        AccountKind::Clearing { other, .. } => Some(format!("{area}/clearing/{other}/{year:04}-{month:02}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use gongji_ledger::{Fund, SubAccount};

    use super::*;

    #[test]
    fn accounts_of_an_area_are_told_together() {
        let day = Date::constant(2026, 3, 9);
        let id = |account: Account| fund_month_id(&account, day);
        let fund = Account::fund("990301", "employee", Fund::Pooled);
        assert_eq!(id(fund).as_deref(), Some("990301/employee/pooled/2026-03"));
        let own = Account::personal("990301", "P1", SubAccount::CurrentYear);
        assert_eq!(id(own).as_deref(), Some("990301/accounts/2026-03"));
        assert_eq!(
            id(Account::clearing("990301", "990303")).as_deref(),
            Some("990301/clearing/990303/2026-03")
        );
        assert_eq!(
            id(Account::clearing_of_accounts("990301", "990303")),
            id(Account::clearing("990301", "990303"))
        );
        assert_eq!(id(Account::bank("990301", "pool")), None);
    }
}
