//! Families that share: applied for, approved or not, in another order, paused, ended; and what is drawn.

use gongji_agency::command::{
    ApplyMutualAid, Command, EndGrant, FindUnusualUse, LimitsAsked, OrderGrants, PauseGrant, ResumeGrant,
    ReturnTransfers, ReviewFlag, ReviewGrant,
};
use gongji_agency::look::{MOST_ON_A_PAGE, flags};
use gongji_agency::row::{FlagStatus, Grants, Proof};
use gongji_money::Fen;
use jiff::civil::Date;

use super::Place;
use super::work::{Turn, Work, text};
use crate::DemoError;
use crate::home::{Home, Kin};
use crate::random::Random;

impl Work<'_> {
    /// The numbers of the grants of a beneficiary that hold on a day, in order, with their grantors.
    pub fn grants_of(&self, kin: &Kin, day: Date) -> Result<Vec<(String, String)>, DemoError> {
        self.look(|desk, _| {
            let row = desk.get::<Grants>(&kin.id)?;
            let grants = row.iter().flat_map(|row| row.on(day));
            Ok(grants.map(|grant| (grant.id.clone(), grant.grantor.clone())).collect())
        })
    }

    /// An application for a relative's account; the grant's number.
    pub fn apply(
        &mut self,
        (grantor, beneficiary, relation): (&Kin, &Kin, &str),
        proof: &str,
        today: Date,
    ) -> Result<Option<String>, DemoError> {
        let apply = ApplyMutualAid {
            grantor: grantor.id.clone(),
            beneficiary: beneficiary.id.clone(),
            relation: relation.to_owned(),
            from: today,
            to: None,
            purposes: Vec::new(),
            limits: Some(LimitsAsked { per_year: Some(Fen::new(500_000)), ..LimitsAsked::default() }),
            proof: Proof { kind: proof.to_owned(), number: format!("演示{}", beneficiary.number) },
        };
        let told = self.book(Command::ApplyMutualAid(apply))?;
        Ok(told.map(|told| text(&told, "grant").to_owned()))
    }

    /// What a second person says of an application.
    pub fn judge(&mut self, kin: &Kin, grant: String, approve: bool) -> Result<bool, DemoError> {
        let reason = (!approve).then(|| "proof_missing".to_owned());
        let beneficiary = kin.id.clone();
        let review = ReviewGrant { beneficiary, grant, approve, reason, note: String::new() };
        Ok(self.review(Command::ReviewGrant(review))?.is_some())
    }

    /// What families do with what they granted, and new applications.
    pub fn share(&mut self, place: &mut Place<'_>, homes: &[&Home], today: Date) -> Result<(), DemoError> {
        let (mut kept, mut asked) = (Turn::of(4), Turn::of(3));
        for home in homes {
            let mut random = Random::of(self.seed ^ 0x5AAE, home.number);
            let share = self.mix.year.sharing;
            if home.grants.is_empty() {
                let Some((grantor, kin, relation)) = home.near() else { continue };
                let Some(thing) = asked.next(share, &mut random) else { continue };
                let known = (grantor, kin, relation);
                let Some(grant) = self.apply(known, "household_register", today)? else { continue };
                // One of three applications lacks its proof.
                if self.judge(kin, grant, thing != 1)? && thing == 0 {
                    self.visit(place.area, kin, (today, 32_000))?;
                }
                continue;
            }
            let Some((_, to, _)) = home.grants.first() else { continue };
            let Some(kin) = home.members.get(*to) else { continue };
            let Some(thing) = kept.next(share, &mut random) else { continue };
            let grants = self.grants_of(kin, today)?;
            let Some((grant, _)) = grants.last().cloned() else { continue };
            let beneficiary = kin.id.clone();
            match thing {
                0 => {
                    let grants = grants.into_iter().rev().map(|(grant, _)| grant).collect();
                    self.book(Command::OrderGrants(OrderGrants { beneficiary, grants }))?;
                }
                1 => {
                    let pause = PauseGrant { beneficiary, grant: grant.clone(), from: None };
                    if self.book(Command::PauseGrant(pause))?.is_some() {
                        place.paused.push((kin.id.clone(), grant));
                    }
                }
                2 => {
                    self.book(Command::EndGrant(EndGrant { beneficiary, grant, to: today }))?;
                }
                _ => {
                    self.visit(place.area, kin, (today, 45_000))?;
                }
            }
        }
        Ok(())
    }

    /// In the new year: what nobody took goes back, what was paused goes on, what is unusual is looked at.
    pub fn back(&mut self, place: &mut Place<'_>) -> Result<(), DemoError> {
        let area = place.area.code.clone();
        let due = ReturnTransfers { area: area.clone() };
        while self.book_unless(Command::ReturnTransfers(due.clone()), &["nothing_due"])?.is_some() {}
        for (beneficiary, grant) in std::mem::take(&mut place.paused) {
            self.book(Command::ResumeGrant(ResumeGrant { beneficiary, grant, from: None }))?;
        }
        let mut after = None;
        loop {
            let find = FindUnusualUse { area: area.clone(), after };
            let Some(told) = self.book(Command::FindUnusualUse(find))? else { break };
            match text(&told, "next") {
                "" => break,
                next => after = Some(next.to_owned()),
            }
        }
        let open = (area.as_str(), Some(FlagStatus::Open));
        let found = self.look(|desk, context| flags(desk, context, open, "", MOST_ON_A_PAGE))?;
        for flag in found.entries {
            let note = "演示：票据相符".to_owned();
            self.review(Command::ReviewFlag(ReviewFlag { flag: flag.id, confirmed: false, note }))?;
        }
        Ok(())
    }
}
