//! What the commands of collection share: months, who works where, payers and their bills, where money goes.

use std::collections::BTreeMap;

use gongji_ledger::{Account, Entry, Fund, Posting, SubAccount};
use gongji_money::Fen;
use jiff::civil::Date;

use crate::context::Context;
use crate::desk::Desk;
use crate::job::MOST_A_STEP;
use crate::port::StoreError;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{BillStatus, ContributionBill, Cover, Employer, PaidOn, Payer, Person, Run, Standing};
use crate::stop::Stop;

/// First and last day of a month (`2026-03`).
///
/// # Errors
/// The refusal `malformed_month`.
pub(super) fn month_of(field: &str, period: &str) -> Result<(Date, Date), Refusal> {
    let first = (period.len() == 7).then(|| format!("{period}-01").parse::<Date>().ok()).flatten();
    first.map(|first| (first, first.last_of_month())).ok_or_else(|| {
        Refusal::new("malformed_month", "月份写法不对")
            .at(field)
            .found(period.chars().take(20).collect::<String>())
            .expected("2026-03 这样的年月")
    })
}

/// Checks that a list is neither empty nor longer than one record takes.
///
/// # Errors
/// The refusals `missing_field` and `too_many`.
pub(super) fn many(field: &str, count: usize) -> Result<(), Refusal> {
    match count {
        0 => Err(Refusal::new("missing_field", "一个人也没有").at(field)),
        1..=MOST_A_STEP => Ok(()),
        _ => Err(Refusal::new("too_many", "一次写得太多")
            .at(field)
            .found(count)
            .expected(format!("至多 {MOST_A_STEP} 个"))),
    }
}

/// The cover by which a person belongs to somebody in a month: the last one that touches it.
fn cover_in(person: &Person, (first, last): (Date, Date)) -> Option<&Cover> {
    let touches = |cover: &&Cover| cover.from <= last && cover.to.is_none_or(|to| to >= first);
    person.covers.iter().rev().find(touches)
}

/// The cover by which a person works for an employer in a month.
pub(super) fn working_in<'person>(
    person: &'person Person,
    month: (Date, Date),
    employer: &Employer,
) -> Option<&'person Cover> {
    cover_in(person, month).filter(|cover| {
        cover.employer.as_deref() == Some(employer.id.as_str())
            && cover.area == employer.area
            && cover.scheme == "employee"
            && cover.category == "employed"
    })
}

/// The cover by which a person pays for himself in a month.
pub(super) fn flexible_in(person: &Person, month: (Date, Date)) -> Option<&Cover> {
    cover_in(person, month).filter(|cover| cover.scheme == "employee" && cover.category == "flexible")
}

/// The cover of the employees' scheme of an area in a month.
pub(super) fn employee_in<'person>(
    person: &'person Person,
    month: (Date, Date),
    area: &str,
) -> Option<&'person Cover> {
    cover_in(person, month).filter(|cover| cover.scheme == "employee" && cover.area == area)
}

/// Whether the rules give the person an account.
pub(super) fn with_account(cover: &Cover) -> bool {
    cover.account_option.as_deref().is_none_or(|option| option == "with_account")
}

pub(super) fn too_large() -> Stop {
    Refusal::new("too_large", "金额超出范围").into()
}

/// Adds up fen.
pub(super) fn plus(sum: &mut i64, fen: i64) -> Result<(), Stop> {
    *sum = sum.checked_add(fen).ok_or_else(too_large)?;
    Ok(())
}

/// Money on its way into the funds and accounts of one area, and which bank keeps it: what goes to accounts leaves the bank of the pool.
pub(super) struct Flow<'area> {
    area: &'area str,
    scheme: &'area str,
    funds: BTreeMap<Fund, i64>,
    others: Vec<Posting>,
    people: Vec<Posting>,
    /// Σ of what went to accounts, fen.
    pub to_accounts: i64,
}

impl<'area> Flow<'area> {
    pub fn new(area: &'area str, scheme: &'area str) -> Flow<'area> {
        Flow { area, scheme, funds: BTreeMap::new(), others: Vec::new(), people: Vec::new(), to_accounts: 0 }
    }

    /// Into a fund, or out of it.
    pub fn fund(&mut self, fund: Fund, fen: i64) -> Result<(), Stop> {
        plus(self.funds.entry(fund).or_default(), fen)
    }

    /// Into a part of a personal account, or out of it.
    pub fn person(&mut self, person: &str, sub: SubAccount, fen: i64) -> Result<(), Stop> {
        if fen != 0 {
            plus(&mut self.to_accounts, fen)?;
            self.people.push(Posting(Account::personal(self.area, person, sub), fen));
        }
        Ok(())
    }

    /// Anything else.
    pub fn other(&mut self, account: Account, fen: i64) {
        self.others.push(Posting(account, fen));
    }

    /// The entry.
    pub fn entry(self) -> Result<Entry, Stop> {
        let Flow { area, scheme, funds, others, people, to_accounts } = self;
        let banks = [
            Posting(Account::bank(area, "pool"), to_accounts),
            Posting(Account::bank(area, "account"), -to_accounts),
        ];
        let funds = funds.into_iter().map(|(fund, fen)| Posting(Account::fund(area, scheme, fund), fen));
        Ok(Entry::new(others.into_iter().chain(funds).chain(banks).chain(people))?)
    }
}

/// Where a person's money of an area goes: the account, or what is payable to the person where the account is elsewhere.
pub(super) fn account_here(standing: Option<&Standing>, area: &str) -> bool {
    standing.and_then(|standing| standing.account_area.as_deref()).is_none_or(|place| place == area)
}

/// A bill.
pub(super) fn bill(desk: &mut Desk<'_>, field: &str, id: &str) -> Result<ContributionBill, Stop> {
    let row = desk.get::<ContributionBill>(id)?;
    row.map(|row| (*row).clone())
        .ok_or_else(|| Refusal::new("no_bill", "没有这张缴费单").at(field).found(id).into())
}

/// A bill of which another row says that it is there.
fn known_bill(desk: &mut Desk<'_>, id: &str) -> Result<ContributionBill, Stop> {
    Ok((*desk.need::<ContributionBill>(id)?).clone())
}

/// What a payer owes.
pub(super) fn payer(desk: &mut Desk<'_>, id: &str, area: &str) -> Result<Payer, Stop> {
    let row = desk.get::<Payer>(id)?.map(|row| (*row).clone()).unwrap_or_default();
    if !row.area.is_empty() && row.area != area && (!row.open.is_empty() || row.advance != 0) {
        return Err(Refusal::new("owes_elsewhere", "在别的统筹区还有没有缴清的费用或多缴的钱")
            .at("payer")
            .found(&row.area)
            .expected(area)
            .into());
    }
    Ok(Payer { area: area.to_owned(), ..row })
}

/// What paying an amount does: to the oldest bills first, the rest is kept as an advance.
pub(super) struct Allocated {
    /// The payer as it is left.
    pub payer: Payer,
    /// Bills as they are left, with what each was given, fen.
    pub bills: Vec<(ContributionBill, i64)>,
}

/// Gives an amount to the open bills of a payer, oldest first.
pub(super) fn allocate(
    desk: &mut Desk<'_>,
    mut payer: Payer,
    (date, amount): (Date, i64),
    fresh: Option<ContributionBill>,
) -> Result<Allocated, Stop> {
    let mut bills = Vec::new();
    for id in &payer.open {
        match fresh.as_ref().filter(|fresh| fresh.id == *id) {
            Some(fresh) => bills.push(fresh.clone()),
            None => bills.push(known_bill(desk, id)?),
        }
    }
    bills.sort_by_key(ContributionBill::order);
    let mut left = amount;
    let mut touched = Vec::new();
    for mut bill in bills {
        let given = left.min(bill.owed());
        let is_fresh = fresh.as_ref().is_some_and(|fresh| fresh.id == bill.id);
        if given == 0 && bill.owed() > 0 && !is_fresh {
            continue;
        }
        left -= given;
        if given > 0 {
            // People's own parts were withheld by the employer and come first.
            let own_before = bill.paid.min(bill.person);
            plus(&mut bill.paid, given)?;
            let own = bill.paid.min(bill.person) - own_before;
            bill.payments.push(PaidOn { date, fen: given, employer: given - own, fee: String::new() });
        }
        if bill.owed() == 0 {
            bill.status = BillStatus::Paid;
            payer.open.retain(|open| *open != bill.id);
        }
        touched.push((bill, given));
    }
    payer.advance = left;
    Ok(Allocated { payer, bills: touched })
}

/// The rows of a payer: itself, and that it owes, or no more.
pub(super) fn payer_rows(id: &str, payer: &Payer) -> Result<[After; 2], StoreError> {
    let listed = format!("{}/{id}", payer.area);
    let owing = match payer.open.is_empty() {
        true => After::gone("owing", &listed),
        false => After::listed("owing", &listed)?,
    };
    Ok([After::of(id, payer)?, owing])
}

/// Takes the next step of a run: the row as it stands, or the first of a new round. A step that was taken is refused.
pub(super) fn step(desk: &mut Desk<'_>, id: &str, after: &str) -> Result<Run, Stop> {
    let known = desk.get::<Run>(id)?.map(|row| (*row).clone());
    let run = match known {
        Some(run) if !run.done => run,
        Some(run) => Run { round: run.round + 1, ..Run::default() },
        None => Run { round: 1, ..Run::default() },
    };
    if run.after != after {
        return Err(Refusal::new("step_done", "这一批不是下一批")
            .at("after")
            .found(after)
            .expected(match run.after.is_empty() {
                true => "不写（从头开始）".to_owned(),
                false => run.after,
            })
            .into());
    }
    Ok(run)
}

/// The next ids of a kind under a prefix, at most a step of them, without the prefix; and whether they are the last.
pub(super) fn next_ids(
    desk: &mut Desk<'_>,
    kind: &'static str,
    prefix: &str,
    after: &str,
) -> Result<(Vec<String>, bool), Stop> {
    let start = if after.is_empty() { String::new() } else { format!("{prefix}{after}") };
    let page = desk.view().page(kind, prefix, &start, MOST_A_STEP)?;
    let last = page.len() < MOST_A_STEP;
    let ids = page.into_iter().filter_map(|(id, _)| id.strip_prefix(prefix).map(str::to_owned));
    Ok((ids.collect(), last))
}

/// Amount as text.
pub(super) fn yuan(fen: i64) -> String {
    Fen::new(fen).to_string()
}

/// A draft for many people, each of whom is named once.
pub(super) fn about_all(kind: &'static str, date: Date, people: Vec<String>) -> Draft {
    let mut draft = Draft::new(kind, date);
    draft.people = people;
    draft
}

/// The number of a bill that begins with the next record.
pub(super) fn bill_number(context: &Context<'_>) -> String {
    format!("C{}", context.seq)
}
