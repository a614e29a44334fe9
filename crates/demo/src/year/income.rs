//! What comes in beside contributions: opening balances, the treasury's money, gifts, interest, residents' premiums, the supplement.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::command::{
    CancelIncome, Command, DebitSupplement, FactsAsked, IncomeSource, OpenFund, PayPremium, PremiumPayer,
    RecordIncome,
};
use gongji_agency::row::Standing;
use gongji_money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;

use super::work::{Work, fen};
use super::{Place, first_of};
use crate::DemoError;
use crate::ground::Area;
use crate::home::{Home, Kin};
use crate::random::Random;

/// Carried over at least so much (fen) before a relative's premium is asked of an account.
const ENOUGH: i64 = 200_000;

impl Work<'_> {
    fn income(
        &mut self,
        area: &Area,
        (scheme, fund): (&str, Option<&str>),
        (source, amount, date): (IncomeSource, Fen, Option<Date>),
        reason: &str,
    ) -> Result<Option<u64>, DemoError> {
        let income = RecordIncome {
            area: area.code.clone(),
            scheme: scheme.to_owned(),
            fund: fund.map(str::to_owned),
            source,
            amount,
            date,
            reason: reason.to_owned(),
        };
        let told = self.book(Command::RecordIncome(income))?;
        Ok(told.and_then(|told| told.get("record").and_then(serde_json::Value::as_u64)))
    }

    /// Opening balances of the funds, the treasury's money for the year, a gift, and the bank's interest, once noted for a wrong amount.
    pub fn open(&mut self, area: &Area, first: Date) -> Result<(), DemoError> {
        let collection = self.mix.collection;
        let yuan = |yuan: i64| Fen::new(yuan.saturating_mul(100));
        for scheme in ["employee", "resident"] {
            self.book(Command::OpenFund(OpenFund {
                area: area.code.clone(),
                scheme: scheme.to_owned(),
                fund: "pooled".to_owned(),
                amount: yuan(collection.fund),
                date: Some(first),
            }))?;
        }
        let residents = ("resident", Some("pooled"));
        let subsidy = (IncomeSource::Subsidy, yuan(collection.subsidy), Some(first));
        self.income(area, residents, subsidy, "演示：财政补助")?;
        let gift = (IncomeSource::Donation, yuan(collection.gift), Some(first));
        self.income(area, residents, gift, "演示：捐赠")?;
        let day = first.checked_add(171.days()).unwrap_or(first);
        let employees = ("employee", Some("pooled"));
        let interest = yuan(collection.fund / 200);
        let wrong = (IncomeSource::Interest, yuan(collection.fund / 100), Some(day));
        if let Some(record) = self.income(area, employees, wrong, "演示：银行结息")? {
            let reason = "登记有误".to_owned();
            self.book(Command::CancelIncome(CancelIncome { record, reason }))?;
        }
        self.income(area, employees, (IncomeSource::Interest, interest, Some(day)), "演示：银行结息")
            .map(drop)
    }

    /// The yearly premium of the supplementary fund, from the accounts of those who have enough.
    pub fn supplements(&mut self, area: &Area, first: Date) -> Result<(), DemoError> {
        self.steps(&[], |after| {
            Command::DebitSupplement(DebitSupplement { area: area.code.clone(), year: first, after })
        })
        .map(drop)
    }

    /// A relative who granted a member the use of an account that holds enough.
    fn owner<'home>(&self, home: &'home Home, at: usize) -> Result<Option<&'home Kin>, DemoError> {
        for (grantor, _, _) in home.grants.iter().filter(|(_, to, _)| *to == at) {
            let Some(owner) = home.members.get(*grantor) else { continue };
            let holds =
                self.look(|desk, _| Ok(desk.get::<Standing>(&owner.id)?.map(|row| row.carried_over)))?;
            if holds.is_some_and(|fen| fen >= ENOUGH) {
                return Ok(Some(owner));
            }
        }
        Ok(None)
    }

    /// The premium of a member for the coverage year.
    pub fn premium(kin: &Kin, area: &Area, (year, date): (i16, Date), payer: PremiumPayer) -> PayPremium {
        PayPremium {
            person: kin.id.clone(),
            area: area.code.clone(),
            coverage_year: year,
            date: Some(date),
            missed_years: 0,
            repaired_years: 0,
            facts: FactsAsked::default(),
            payer,
        }
    }

    /// Residents pay for the year to come: by themselves, from a relative's account, or with somebody else's money.
    pub fn premiums(&mut self, place: &mut Place<'_>, homes: &[&Home], year: i16) -> Result<(), DemoError> {
        let opens = first_of(year, 10)?;
        let next = year.saturating_add(1);
        let mut from_accounts = true;
        let mut asked: BTreeMap<&str, bool> = BTreeMap::new();
        let mut thirds = BTreeSet::new();
        let mut waiting = Vec::new();
        for home in homes {
            for (at, kin) in home.members.iter().enumerate().filter(|(_, kin)| kin.is_resident(self.mix)) {
                let mut random = Random::of(self.seed ^ 0x9E3D, kin.number);
                let date = opens.checked_add(random.between(0, 75).days()).unwrap_or(opens);
                let days = (next, date);
                if from_accounts && let Some(owner) = self.owner(home, at)? {
                    let payer = PremiumPayer::Account { owner: owner.id.clone() };
                    let premium = Self::premium(kin, place.area, days, payer);
                    match self.book(Command::PayPremium(premium))? {
                        Some(told) => {
                            self.paid(place, &told);
                            continue;
                        }
                        None => from_accounts = false,
                    }
                }
                // The first of an area, then now and then.
                let third = thirds.is_empty() || random.in_thousand(self.mix.collection.thirds);
                let payer = match third {
                    true => PremiumPayer::Third { name: "演示村民委员会".to_owned() },
                    false => PremiumPayer::Oneself,
                };
                let premium = Command::PayPremium(Self::premium(kin, place.area, days, payer));
                // The first of each kind of people tells whether the rules know what such people pay.
                match asked.get(&*kin.profile) {
                    None => {
                        let told = self.book(premium)?;
                        asked.insert(&kin.profile, told.is_some());
                        if let Some(told) = told {
                            thirds.extend(third.then_some(()));
                            self.paid(place, &told);
                        }
                    }
                    Some(true) => waiting.push(premium),
                    Some(false) => {}
                }
            }
        }
        for told in self.many(waiting)?.into_iter().flatten() {
            self.paid(place, &told);
        }
        Ok(())
    }

    /// Notes a premium, and what it leaves open at the treasury.
    pub fn paid(&mut self, place: &mut Place<'_>, told: &serde_json::Value) {
        self.made.premiums += 1;
        place.subsidy = place.subsidy.checked_add(fen(told, "subsidy")).unwrap_or(place.subsidy);
    }

    /// The treasury pays what premiums left open.
    pub fn treasury(&mut self, place: &mut Place<'_>) -> Result<(), DemoError> {
        let open = std::mem::replace(&mut place.subsidy, Fen::ZERO);
        if open.is_zero() {
            return Ok(());
        }
        let told = (IncomeSource::Subsidy, open, None);
        self.income(place.area, ("resident", None), told, "演示：财政补助到账").map(drop)
    }
}
