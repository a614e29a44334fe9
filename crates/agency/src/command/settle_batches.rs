//! 按批次结算: some of what was uploaded for a visit, while the rest waits.

use serde::{Deserialize, Serialize};

use super::settlement::place;
use super::{Decide, Settle};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::{Lines, Visit, VisitStatus};
use crate::settlement::{book, quote};
use crate::stop::Stop;

/// 按批次结算 of an outpatient visit, which goes on: further batches may follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettleBatches {
    /// As for the whole visit.
    pub settle: Settle,
    /// The batches. All of them must wait.
    pub batches: Vec<u32>,
}

/// Refuses batches of which lines are taken back in a batch that waits on: nothing is paid that was given back.
fn check_whole(desk: &mut Desk<'_>, visit: &Visit, chosen: &[u32]) -> Result<(), Stop> {
    let others = visit.batches.iter().filter(|batch| batch.waits() && !chosen.contains(&batch.no));
    for batch in others {
        let rows = desk.need::<Lines>(&Lines::id(&visit.id, batch.no))?;
        let returns = rows.lines.iter().filter(|line| !line.cancelled).filter_map(|line| line.returns);
        if let Some(at) = returns.into_iter().find(|at| chosen.contains(&at.batch)) {
            return Err(Refusal::new("return_elsewhere", "有的明细在另一批里退费")
                .at("batches")
                .found(format!("第 {} 批第 {} 条，在第 {} 批退", at.batch, at.line, batch.no))
                .hint("退费与原明细同批结算")
                .into());
        }
    }
    Ok(())
}

impl Decide for SettleBatches {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let (visit, asked) = self.settle.asked_of(desk, context, Some(&self.batches))?;
        if visit.is_stay() {
            return Err(Refusal::new("contradiction", "住院不能按批次结算")
                .at("batches")
                .hint("出院结算或中途结算")
                .into());
        }
        let found = asked.visit.as_ref().map_or(0, |(_, batches)| batches.len());
        if found != self.batches.len() {
            return Err(Refusal::new("no_lines", "有的批次已经结算或撤销")
                .at("batches")
                .found(self.batches.iter().map(u32::to_string).collect::<Vec<_>>().join("、"))
                .into());
        }
        check_whole(desk, &visit, &self.batches)?;
        let quoted = quote(desk, context, &asked)?;
        let draft = book(desk, context, &place(&asked), &quoted)?;
        let mut visit = (*visit).clone();
        for batch in visit.batches.iter_mut().filter(|batch| self.batches.contains(&batch.no)) {
            batch.settled = Some(context.seq);
        }
        visit.settlements.push(context.seq);
        visit.status = VisitStatus::Open;
        Ok(vec![draft.leaving(&visit.id, &visit)?])
    }
}
