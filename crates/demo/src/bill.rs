//! A year of bills of one member.

use gongji_agency::command::{LineAsked, PortionsAsked, Settle, SettleAtOnce, VisitAsked};
use gongji_money::Fen;
use jiff::civil::Date;

use crate::family::Member;
use crate::ground::{Area, institution_id};
use crate::mix::{BillKind, Mix};
use crate::random::Random;

/// A visit about which nothing is special.
pub fn visit(person: &str, institution: String, care_type: &str, date: Date) -> VisitAsked {
    VisitAsked {
        person: person.to_owned(),
        institution,
        care_type: care_type.to_owned(),
        date,
        filing: None,
        transfer_from: None,
        from_emergency: false,
        family_doctor: Some(false),
        cause: None,
        conditions: Vec::new(),
        prescribed_by: None,
    }
}

/// The settlement of all that waits of a visit, out of every purse.
pub fn settle(visit: String, date: Date) -> Settle {
    Settle {
        visit,
        date,
        discharged_on: None,
        mid_stay: false,
        use_account: true,
        use_mutual_aid: true,
        charges: None,
        expect: None,
    }
}

/// What becomes of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays.
    Kept,
    /// Cancelled afterwards.
    Cancelled,
    /// Reversed by its message.
    Reversed,
}

/// A stay that is uploaded line by line.
#[derive(Clone, Debug)]
pub struct Stay {
    /// The admission.
    pub visit: VisitAsked,
    /// What is uploaded.
    pub lines: Vec<LineAsked>,
    /// 出院日期, and that of the settlement.
    pub discharged_on: Date,
}

/// What is settled.
#[derive(Clone, Debug)]
pub enum Care {
    /// At the counter.
    AtOnce(Box<SettleAtOnce>),
    /// After a stay.
    Stay(Box<Stay>),
}

/// One bill to come.
#[derive(Clone, Debug)]
pub struct Bill {
    /// When it is settled.
    pub date: Date,
    /// What is settled.
    pub care: Care,
    /// What becomes of it.
    pub fate: Fate,
}

/// What bills are made from.
pub struct Maker<'mix> {
    /// The mix.
    pub mix: &'mix Mix,
    /// Every area.
    pub areas: &'mix [Area],
    /// The years, in order.
    pub years: &'mix [i16],
}

impl Maker<'_> {
    /// The bills of a member whose id is known, in order of time.
    pub fn bills(&self, member: &Member, area: &Area, id: &str, random: &mut Random) -> Vec<Bill> {
        let mut bills = Vec::new();
        let Some(profile) = self.mix.profile.get(&member.profile) else { return bills };
        for year in self.years {
            for (kind, per_thousand) in &profile.bills {
                for _ in 0..random.times(*per_thousand) {
                    bills.extend(self.bill((member, area, id), kind, *year, random));
                }
            }
        }
        bills.sort_by_key(|bill| bill.date);
        // Nobody lies in two beds.
        let mut free_from = Date::MIN;
        bills.retain(|bill| match &bill.care {
            Care::AtOnce(_) => true,
            Care::Stay(stay) if stay.visit.date <= free_from => false,
            Care::Stay(stay) => {
                free_from = stay.discharged_on;
                true
            }
        });
        bills
    }

    fn bill(
        &self,
        (member, area, id): (&Member, &Area, &str),
        kind: &str,
        year: i16,
        random: &mut Random,
    ) -> Option<Bill> {
        let what = self.mix.bill.get(kind)?;
        let first = Date::new(year, 1, 1).ok()?;
        let opened = first.checked_add(jiff::Span::new().days(random.between(0, 340))).ok()?;
        let days = what.days.map(|[least, most]| random.between(least, most));
        let settled = opened.checked_add(jiff::Span::new().days(days.unwrap_or(0))).ok()?;
        let places = area.settles.get(&member.profile)?.get(&(kind.to_owned(), year))?;
        let mut place_of = area;
        let mut filing = None;
        let away = random.in_thousand(self.mix.life.away);
        let key = (member.profile.clone(), kind.to_owned());
        if let Some(known) = area.away.get(&key).filter(|_| away && self.years.last() == Some(&year)) {
            let at = usize::try_from(random.below(self.areas.len() as u64)).ok()?;
            if let Some(other) = self.areas.get(at).filter(|other| other.code != area.code) {
                (place_of, filing) = (other, Some((*known).to_owned()));
            }
        }
        let at = usize::try_from(random.below(places.len() as u64)).ok()?;
        let institution = self.mix.institution.get(*places.get(at)?)?;
        let institution = institution_id(&place_of.code, institution);
        let visit = VisitAsked { filing, ..visit(id, institution, kind, opened) };
        let [low, high, _] = random.one_of(&what.amounts, |[_, _, weight]| weight.unsigned_abs())?;
        let total = random.between(low * 100, high * 100);
        let life = &self.mix.life;
        let fate = match random.below(1_000) {
            at if at < life.cancelled => Fate::Cancelled,
            at if at < life.cancelled + life.reversed => Fate::Reversed,
            _ => Fate::Kept,
        };
        let care = match days {
            Some(days) => {
                let lines = lines(self.mix, total, days, random);
                Care::Stay(Box::new(Stay { visit, lines, discharged_on: settled }))
            }
            None => Care::AtOnce(Box::new(SettleAtOnce {
                visit,
                lines: Vec::new(),
                charges: Some(portions(what, total, random)),
                use_account: true,
                use_mutual_aid: true,
                expect: None,
            })),
        };
        // Whoever was not yet insured, or born, has no bill.
        (opened >= member.cover.from).then_some(Bill { date: settled, care, fate })
    }
}

/// Lines of the catalogue that come to about so many fen.
pub fn lines(mix: &Mix, total: i64, days: i64, random: &mut Random) -> Vec<LineAsked> {
    let mut left = total;
    let mut lines = Vec::new();
    for item in &mix.item {
        let price = item.price * 100;
        let affordable = left / price;
        let quantity = if item.unit == "日" { days } else { random.between(0, affordable.min(40)) };
        if quantity < 1 {
            continue;
        }
        left = (left - quantity * price).max(0);
        lines.push(LineAsked {
            code: item.code.clone(),
            name: item.name.clone(),
            on: None,
            quantity: quantity.to_string(),
            unit_price: Fen::new(price),
            amount: Fen::new(quantity * price),
            returns: None,
        });
    }
    lines
}

fn portions(kind: &BillKind, total: i64, random: &mut Random) -> PortionsAsked {
    let mut part = |per_thousand: i64| Fen::new(total * random.between(0, per_thousand) / 1_000);
    PortionsAsked {
        total: Fen::new(total),
        non_covered: part(kind.non_covered),
        over_limit_price: Fen::ZERO,
        upfront_self_pay: part(kind.upfront),
    }
}
