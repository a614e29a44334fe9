//! The accounts that may pay a bill, whose they are, and how much of each.

use gongji_cases::request::limits::MOST_RELATIVES;
use gongji_cases::request::{Purses, Relative, choice};
use gongji_money::Fen;
use gongji_policy::Dimension;
use jiff::civil::Date;

use super::Quoted;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::TallyMove;
use crate::row::{Balance, Grant, Grants, Person, Standing, Tally, Wallet, grant_tally_id, wallet_owner};
use crate::stop::Stop;

/// Whose accounts the relatives' are, and under which grants, in the order of drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relatives {
    /// The grantor, or the account of the own wallet.
    pub owners: Vec<String>,
    /// The grant; empty for the wallet.
    pub grants: Vec<String>,
}

impl Relatives {
    fn add(&mut self, owner: String, grant: String) {
        self.owners.push(owner);
        self.grants.push(grant);
    }
}

/// The counters of a grant with limits, by row: as long as it lasts, and in the year, month and day of a draw.
fn periods(day: Date) -> [(String, String); 4] {
    let year = format!("{:04}", day.year());
    [
        ("total".to_owned(), "total".to_owned()),
        (year.clone(), year.clone()),
        (year.clone(), format!("{year}-{:02}", day.month())),
        (year, day.to_string()),
    ]
}

/// What may still be drawn under a grant by one bill of a day, fen; `None` where it has no limits.
fn left_of(desk: &mut Desk<'_>, grant: &Grant, day: Date) -> Result<Option<i64>, Stop> {
    let limits = grant.limits;
    if limits.is_none() {
        return Ok(None);
    }
    let mut left = limits.per_draw.unwrap_or(i64::MAX);
    let most = [limits.total, limits.per_year, limits.per_month, limits.per_day];
    for ((row, counter), most) in periods(day).into_iter().zip(most) {
        let Some(most) = most else { continue };
        let used = desk.get::<Tally>(&grant_tally_id(&grant.id, &row))?;
        let used = used.and_then(|row| row.counters.get(&counter).copied()).unwrap_or(0);
        left = left.min(most.saturating_sub(used));
    }
    Ok(Some(left))
}

/// What a settlement moves in the tallies of grants with limits.
pub(crate) fn grant_moves(quoted: &Quoted, day: Date) -> Vec<TallyMove> {
    let mut moves: Vec<TallyMove> = Vec::new();
    let drawn =
        quoted.relatives.grants.iter().zip(&quoted.purses.mutual_aid).zip(&quoted.settled.drawn_relatives);
    for ((grant, relative), drawn) in drawn {
        let fen = drawn.current_year.fen() + drawn.carried_over.fen();
        if fen == 0 || relative.limit.is_none() {
            continue;
        }
        for (row, counter) in periods(day) {
            let id = grant_tally_id(grant, &row);
            let at = match moves.iter().position(|known| known.id == id) {
                Some(at) => at,
                None => {
                    moves.push(TallyMove { id, ..TallyMove::default() });
                    moves.len() - 1
                }
            };
            moves[at].counters.insert(counter, fen);
        }
    }
    moves
}

/// The accounts that may pay: the own one, the own wallet, then those of relatives who granted it, in the order of drawing.
///
/// # Errors
/// A grant whose relation cannot be read; the store's failure.
pub(crate) fn purses_on(
    desk: &mut Desk<'_>,
    person: &Person,
    (day, care_type): (Date, &str),
    use_mutual_aid: bool,
) -> Result<(Purses, Relatives), Stop> {
    let mut purses = Purses::default();
    let mut relatives = Relatives::default();
    if let Some(standing) = desk.get::<Standing>(&person.id)? {
        // An account that the end of a year left below nothing pays nothing.
        purses.current_year = Fen::new(standing.current_year.max(0));
        purses.carried_over = Fen::new(standing.carried_over.max(0));
    }
    if !use_mutual_aid {
        return Ok((purses, relatives));
    }
    if person.wallet
        && let Some(wallet) = desk.get::<Wallet>(&person.id)?
    {
        let owner = wallet_owner(&wallet.area, &person.id);
        let held = desk.get::<Balance>(&owner)?.map_or(0, |row| row.fen);
        let relation = choice(Dimension::Relation, "designated").unwrap_or_default();
        purses.mutual_aid.push(Relative {
            relation,
            pooling_area: wallet.area.clone(),
            current_year: Fen::ZERO,
            carried_over: Fen::new(held),
            limit: None,
            wallet: true,
        });
        relatives.add(owner, String::new());
    }
    let Some(grants) = desk.get::<Grants>(&person.id)? else { return Ok((purses, relatives)) };
    // So many accounts a case can name.
    let room = MOST_RELATIVES.saturating_sub(purses.mutual_aid.len());
    for grant in grants.on(day).filter(|grant| grant.serves(care_type)).take(room) {
        // Both sides must be insured: the beneficiary is, or there would be no bill.
        let insured = |grantor: &Person| {
            grantor.died_on.is_none() && grantor.cover_on(day).is_some_and(|cover| !cover.paused)
        };
        if !desk.get::<Person>(&grant.grantor)?.is_some_and(|grantor| insured(&grantor)) {
            continue;
        }
        let limit = left_of(desk, grant, day)?;
        if limit.is_some_and(|limit| limit <= 0) {
            continue;
        }
        let Some(standing) = desk.get::<Standing>(&grant.grantor)? else { continue };
        let Some(area) = &standing.account_area else { continue };
        let relation = choice(Dimension::Relation, &grant.relation)
            .ok_or_else(|| StoreError::Corrupt(format!("{} 的关系读不懂", grant.id)))?;
        purses.mutual_aid.push(Relative {
            relation,
            pooling_area: area.clone(),
            current_year: Fen::new(standing.current_year.max(0)),
            carried_over: Fen::new(standing.carried_over.max(0)),
            limit: limit.map(Fen::new),
            wallet: false,
        });
        relatives.add(grant.grantor.clone(), grant.id.clone());
    }
    Ok((purses, relatives))
}
