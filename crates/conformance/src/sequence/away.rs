//! 异地: somebody who is insured elsewhere is treated here.

use super::visit::{of_settlement, prepared, settlement, take_back};
use super::{basket, lookup, read};
use crate::run::Run;

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("异地");
    let Some(hospital) = run.institution("hospital") else { return };
    let Some(person) = run.subjects.character("away") else {
        return run.skip_group("away", "检查对象里没有异地参保人（key 为 away）");
    };
    let Some(reply) = run.ok("away.person", hospital, "1101", &lookup(person)) else { return };
    match read(&reply, person) {
        Some(patient) if patient.area != run.subjects.area => {}
        found => {
            let found = found.map_or_else(|| "缺少参保地".to_owned(), |patient| patient.area);
            run.fail("away.person", &format!("参保地不是 {}", run.subjects.area), &found, &reply);
            return;
        }
    }
    let basket = basket(run.subjects, 1);
    let Some((visit, portions)) = prepared(run, hospital, person, &basket) else {
        for check in ["away.settle", "away.cancel"] {
            run.skip(check, "挂号或明细没有成功；这个参保地也许要先备案");
        }
        return;
    };
    if let Some(settled) = run.ok("away.settle", hospital, "2207", &settlement(&visit, portions)) {
        run.settlement(&settled);
        run.lines_to_bill(&settled, portions);
        if let Some(cancelled) =
            run.ok("away.cancel", hospital, "2208", &of_settlement(&visit.patient, &settled))
        {
            run.negated(&settled, &cancelled);
        }
    }
    take_back(run, hospital, &visit);
}
