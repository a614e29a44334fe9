//! Corrections: an earlier bill is cancelled, and those after it come out otherwise. One is adjudicated again at the counter, the others are found and
//! released as a batch.

use gongji_agency::command::{
    CancelSettlement, Command, FindCorrections, PayPerson, PayTo, ProposeCorrectionBatch, Readjudicate,
    RecoverFromPerson, ReleaseCorrectionBatch, WithdrawCorrectionBatch,
};
use gongji_agency::look::correction_lines;
use gongji_ledger::SubAccount;
use gongji_money::Fen;
use jiff::civil::Date;

use super::Place;
use super::work::{Work, institution, is_done, text};
use crate::DemoError;
use crate::ground::Area;
use crate::home::{Home, Kin};

/// The two bills of a day, fen.
const BILLS: [i64; 2] = [30_000, 50_000];

impl Work<'_> {
    /// Two visits of a day, the first of which is cancelled; the second's number.
    fn first_cancelled(&mut self, area: &Area, kin: &Kin, day: Date) -> Result<Option<String>, DemoError> {
        let mut booked = Vec::new();
        for total in BILLS {
            let Some(answer) = self.visit(area, kin, (day, total))? else { return Ok(None) };
            booked.extend(answer.settlement.map(|made| (made.id.clone(), made.institution.clone())));
        }
        let [(first, at), (second, _)] = &booked[..] else { return Ok(None) };
        let cancel = CancelSettlement { settlement: first.clone(), reason: "收费有误".to_owned() };
        let cancelled = self.book_as(&institution(at), Command::CancelSettlement(cancel))?;
        Ok(cancelled.map(|_| second.clone()))
    }

    /// Bills that are no longer right: of one person corrected at once, of another left to be found.
    pub fn corrections(&mut self, place: &Place<'_>, homes: &[&Home], today: Date) -> Result<(), DemoError> {
        let workers = homes.iter().flat_map(|home| &home.members).filter(|kin| kin.of(self.mix, "employed"));
        let two: Vec<&Kin> = workers.rev().take(2).collect();
        for (at, kin) in two.into_iter().enumerate() {
            let Some(settlement) = self.first_cancelled(place.area, kin, today)? else { continue };
            if at == 0 {
                let reason = "前一笔已撤销".to_owned();
                self.book(Command::Readjudicate(Readjudicate { settlement, reason }))?;
            }
        }
        Ok(())
    }

    /// A batch for the bills of the last month: found, released by a second person, and what it makes due is paid or given back.
    pub fn correct(&mut self, area: &Area, from: Date, to: Date) -> Result<(), DemoError> {
        let propose = ProposeCorrectionBatch {
            area: area.code.clone(),
            from,
            to: Some(to),
            reason: "演示：前一笔撤销以后的结算".to_owned(),
        };
        let Some(told) = self.book(Command::ProposeCorrectionBatch(propose))? else { return Ok(()) };
        let batch = text(&told, "batch").to_owned();
        let mut lines = 0;
        for step in 1.. {
            let find = FindCorrections { batch: batch.clone(), step };
            let Some(told) = self.book(Command::FindCorrections(find))? else { return Ok(()) };
            lines = told.get("lines").and_then(serde_json::Value::as_u64).unwrap_or(0);
            if is_done(&told) {
                break;
            }
        }
        if lines == 0 {
            let reason = "没有差异".to_owned();
            let withdraw = WithdrawCorrectionBatch { batch, reason };
            return self.book(Command::WithdrawCorrectionBatch(withdraw)).map(drop);
        }
        for part in 1.. {
            let release = ReleaseCorrectionBatch { batch: batch.clone(), part };
            let Some(told) = self.review(Command::ReleaseCorrectionBatch(release))? else { return Ok(()) };
            let number = |name: &str| told.get(name).and_then(serde_json::Value::as_u64);
            if number("part") >= number("of") {
                break;
            }
        }
        self.settle_up(area, &batch)
    }

    fn settle_up(&mut self, area: &Area, batch: &str) -> Result<(), DemoError> {
        let mut after = String::new();
        loop {
            let page = self.look(|desk, context| correction_lines(desk, context, (batch, ""), &after))?;
            for line in page.lines {
                let (person, code) = (line.person, area.code.clone());
                let command = match line.to_person.fen() {
                    0 => continue,
                    1.. => Command::PayPerson(PayPerson {
                        person,
                        area: code,
                        claim: None,
                        amount: Some(line.to_person),
                        to: PayTo::Account(SubAccount::CurrentYear),
                    }),
                    less => Command::RecoverFromPerson(RecoverFromPerson {
                        person,
                        area: code,
                        amount: Fen::new(-less),
                        date: None,
                    }),
                };
                self.book(command)?;
            }
            match page.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }
}
