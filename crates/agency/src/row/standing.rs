//! What moves with every record of a person.

use gongji_ledger::SubAccount;
use gongji_policy::day_number;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::desk::Row;

/// Movements older than so many days before the newest are forgotten: nobody reckons interest for them any more.
const KEPT_DAYS: i64 = 800;

/// What moved in a part of the account on one business day: the day's number, the part (0 current year, 1 carried over), fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved(pub i64, pub usize, pub i64);

/// A person's account and the end of the person's file. The row's id is the person's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The area in whose books the personal account stands; `None` without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_area: Option<String>,
    /// 当年账户, fen.
    pub current_year: i64,
    /// 历年账户, fen.
    pub carried_over: i64,
    /// The last record in the person's file; each record names the one before it.
    pub last: u64,
    /// What moved since interest was last reckoned, in order of day and part, one a day and part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Moved>,
    /// The last day for which the account was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Date>,
}

impl Row for Standing {
    const KIND: &'static str = "standing";
}

impl Standing {
    /// Notes that money moved on a business day.
    pub(crate) fn moved(&mut self, day: Date, sub: SubAccount, fen: i64) {
        let part = usize::from(sub == SubAccount::CarriedOver);
        let day = day_number(day);
        // Business dates mostly grow, so the place is near the end.
        let place = self.moves.partition_point(|moved| (moved.0, moved.1) < (day, part));
        match self.moves.get_mut(place).filter(|moved| (moved.0, moved.1) == (day, part)) {
            Some(moved) => moved.2 = moved.2.saturating_add(fen),
            None => self.moves.insert(place, Moved(day, part, fen)),
        }
        if self.moves[place].2 == 0 {
            self.moves.remove(place);
        }
        let newest = self.moves.last().map_or(day, |moved| moved.0);
        if self.moves.first().is_some_and(|oldest| oldest.0 < newest - KEPT_DAYS) {
            self.moves.retain(|moved| moved.0 >= newest - KEPT_DAYS);
        }
    }

    /// Notes that the account was closed for all days up to one.
    pub(crate) fn close(&mut self, day: Date) {
        let last = day_number(day);
        self.moves.retain(|moved| moved.0 > last);
        self.closed = self.closed.max(Some(day));
    }

    /// The first day of a year on which interest was not yet paid: that of the year, or the one after the last for which the account was closed.
    pub fn open_from(&self, first: Date) -> Date {
        self.closed.and_then(|closed| closed.tomorrow().ok()).map_or(first, |next| next.max(first))
    }

    /// The balances at the end of a day, as far back as movements are noted: current year, carried over.
    pub fn at_end_of(&self, day: Date) -> [i64; 2] {
        let last = day_number(day);
        let mut balances = [self.current_year, self.carried_over];
        for Moved(_, part, fen) in self.moves.iter().filter(|moved| moved.0 > last) {
            balances[*part] = balances[*part].saturating_sub(*fen);
        }
        balances
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balances_go_back_by_what_moved() {
        let day = |day| Date::constant(2026, 12, day);
        let mut standing = Standing { current_year: 70, carried_over: 5, ..Standing::default() };
        standing.moved(day(31), SubAccount::CurrentYear, 30);
        standing.moved(day(2), SubAccount::CurrentYear, 40);
        standing.moved(day(2), SubAccount::CarriedOver, 5);
        assert_eq!(standing.at_end_of(day(31)), [70, 5]);
        assert_eq!(standing.at_end_of(day(30)), [40, 5]);
        assert_eq!(standing.at_end_of(day(1)), [0, 0]);
        standing.moved(day(2), SubAccount::CarriedOver, -5);
        assert_eq!(standing.moves.len(), 2, "what was taken back leaves nothing");
        standing.close(day(30));
        assert_eq!((standing.moves.len(), standing.closed), (1, Some(day(30))));
    }
}
