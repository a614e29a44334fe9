//! Bills that people paid themselves: submitted, decided line by line, approved by a second person, paid; sent back, withdrawn, expired.

use gongji_agency::command::{
    ApproveClaim, BankAccount, ClaimInstitution, ClaimLineAsked, Command, DecideClaimLines, DocumentAsked,
    ExpireClaim, InstitutionFacts, LineVerdict, PayPerson, PayTo, ReportClaim, ReturnPayment, SendBackClaim,
    SubmitClaim, WithdrawClaim,
};
use gongji_agency::row::{Claim, DocumentKind, Verdict};
use gongji_money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;

use super::Place;
use super::work::{Turn, Work, text};
use crate::DemoError;
use crate::ground::Area;
use crate::home::{Home, Kin};
use crate::random::Random;

/// Lines of a claim: the place of the item in the catalogue and how many; the last is in no catalogue.
const BOUGHT: [(usize, i64); 2] = [(0, 20), (1, 2)];

fn verdict(line: u32, verdict: Verdict, accepted: Option<i64>, reason: &str) -> LineVerdict {
    LineVerdict {
        line,
        verdict,
        code: None,
        accepted: accepted.map(Fen::new),
        reason: reason.to_owned(),
        note: String::new(),
    }
}

impl Work<'_> {
    /// Claims of those whose turn it is.
    pub fn claims(&mut self, place: &Place<'_>, homes: &[&Home], today: Date) -> Result<(), DemoError> {
        let mut turn = Turn::of(4);
        for kin in homes.iter().flat_map(|home| &home.members) {
            let mut random = Random::of(self.seed ^ 0xC1A1, kin.number);
            let pays =
                !kin.profile.is_empty() && self.place(place.area, &kin.profile, "outpatient").is_some();
            if !pays {
                continue;
            }
            if let Some(thing) = turn.next(self.mix.year.claims, &mut random) {
                let date = today.checked_sub(random.between(10, 40).days()).unwrap_or(today);
                self.claim(place.area, kin, (date, thing))?;
            }
        }
        Ok(())
    }

    /// A claim for a bill of a place that is not designated.
    fn submit(&mut self, area: &Area, kin: &Kin, date: Date) -> Result<Option<(String, i64)>, DemoError> {
        let year = self.mix.booked_on.year();
        let places =
            area.settles.get(&kin.profile).and_then(|kinds| kinds.get(&("outpatient".to_owned(), year)));
        let kind = places.and_then(|places| self.mix.institution.get(*places.first()?));
        let Some(kind) = kind else { return Ok(None) };
        let line = |code: &str, name: &str, quantity: i64, price: i64| ClaimLineAsked {
            code: code.to_owned(),
            name: name.to_owned(),
            on: None,
            quantity: quantity.to_string(),
            unit_price: Fen::new(price),
            amount: Fen::new(quantity * price),
        };
        let bought = BOUGHT.iter().filter_map(|(at, quantity)| Some((self.mix.item.get(*at)?, *quantity)));
        let mut lines: Vec<ClaimLineAsked> =
            bought.map(|(item, quantity)| line(&item.code, &item.name, quantity, item.price * 100)).collect();
        let reduced = lines.last().map_or(0, |line| line.amount.fen() / 2);
        lines.push(line("", "演示进口营养素", 1, 12_000));
        let total = lines.iter().map(|line| line.amount.fen()).sum();
        let invoice = DocumentAsked {
            kind: DocumentKind::Invoice,
            code: "00010125".to_owned(),
            no: format!("{:010}", kin.number),
            amount: Some(Fen::new(total)),
        };
        let list = DocumentAsked {
            kind: DocumentKind::FeeList,
            code: String::new(),
            no: String::new(),
            amount: None,
        };
        let submit = SubmitClaim {
            person: kin.id.clone(),
            institution: ClaimInstitution {
                code: None,
                name: Some(format!("{}演示门诊部", area.name.trim_end_matches('市'))),
                area: Some(area.code.clone()),
                facts: InstitutionFacts {
                    level: Some(kind.level.clone()),
                    grade: Some(kind.grade.clone()),
                    admin_level: Some(kind.admin_level.clone()),
                    facility_type: Some(kind.facility_type.clone()),
                    group: None,
                },
            },
            care_type: "outpatient".to_owned(),
            date,
            admitted_on: None,
            discharged_on: None,
            filing: None,
            from_emergency: false,
            cause: None,
            conditions: Vec::new(),
            lines,
            documents: vec![invoice, list],
            use_account: false,
            use_mutual_aid: false,
        };
        let told = self.book(Command::SubmitClaim(submit))?;
        Ok(told.map(|told| (text(&told, "claim").to_owned(), reduced)))
    }

    fn claim(&mut self, area: &Area, kin: &Kin, (date, thing): (Date, u64)) -> Result<(), DemoError> {
        let Some((claim, reduced)) = self.submit(area, kin, date)? else { return Ok(()) };
        match thing {
            2 => {
                let reason = "改为联网结算".to_owned();
                return self.book(Command::WithdrawClaim(WithdrawClaim { claim, reason })).map(drop);
            }
            3 => {
                let reason = "逾期未补材料".to_owned();
                return self.book(Command::ExpireClaim(ExpireClaim { claim, reason })).map(drop);
            }
            _ => {}
        }
        let second = match thing {
            0 => verdict(2, Verdict::Accept, None, ""),
            _ => verdict(2, Verdict::Reduce, Some(reduced), "excess_quantity"),
        };
        let lines = vec![
            verdict(1, Verdict::Accept, None, ""),
            second,
            verdict(3, Verdict::Refuse, None, "not_in_catalogue"),
        ];
        self.book(Command::DecideClaimLines(DecideClaimLines { claim: claim.clone(), lines }))?;
        let report = || Command::ReportClaim(ReportClaim { claim: claim.clone() });
        // Where the rules cannot reckon it, it stays with the clerk.
        if self.book(report())?.is_none() {
            return Ok(());
        }
        if thing == 1 {
            let reason = "补充费用清单".to_owned();
            self.review(Command::SendBackClaim(SendBackClaim { claim: claim.clone(), reason }))?;
            self.book(report())?;
        }
        if self.review(Command::ApproveClaim(ApproveClaim { claim: claim.clone() }))?.is_none() {
            return Ok(());
        }
        let due = self.look(|desk, _| Ok(desk.get::<Claim>(&claim)?.map_or(0, |claim| claim.due)))?;
        if due > 0 {
            self.pay_claim(area, kin, &claim, thing == 1)?;
        }
        Ok(())
    }

    /// The bank pays; once it sends the money back and is told another account.
    fn pay_claim(&mut self, area: &Area, kin: &Kin, claim: &str, fails: bool) -> Result<(), DemoError> {
        let pay = |number: u64| {
            Command::PayPerson(PayPerson {
                person: kin.id.clone(),
                area: area.code.clone(),
                claim: Some(claim.to_owned()),
                amount: None,
                to: PayTo::Bank(BankAccount {
                    holder: kin.name.clone(),
                    holder_is: String::new(),
                    bank: "演示银行".to_owned(),
                    number: format!("{number:016}"),
                }),
            })
        };
        let Some(told) = self.book(pay(2 * kin.number))? else { return Ok(()) };
        if fails {
            let payment = text(&told, "payment").to_owned();
            let reason = "holder_mismatch".to_owned();
            self.book(Command::ReturnPayment(ReturnPayment { payment, reason, note: String::new() }))?;
            self.book(pay(2 * kin.number + 1))?;
        }
        Ok(())
    }
}
