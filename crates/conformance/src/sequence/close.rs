//! 日终对账: the day's totals, and its single settlements.

use serde_json::{Value, json};

use super::visit::{of_settlement, prepared, settlement, take_back};
use super::{basket, files, tidy};
use crate::form::yuan;
use crate::reply::Reply;
use crate::run::Run;
use crate::subjects::Institution;

/// So many records of earlier that day are looked for at most.
const MOST_EARLIER: u32 = 200;

/// What an institution reckons with.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: u32,
    total: i64,
    fund: i64,
    account: i64,
}

fn totals(run: &Run<'_>, insurance: &str, sums: Sums) -> Value {
    json!({ "data": {
        "insutype": insurance, "clr_type": "11", "setl_optins": run.subjects.area, "stmt_begndate": run.today(), "stmt_enddate": run.today(),
        "medfee_sumamt": yuan(sums.total), "fund_pay_sumamt": yuan(sums.fund), "acct_pay": yuan(sums.account),
        "fixmedins_setl_cnt": sums.count.to_string(), "refd_setl_flag": "", "fixmedins_refd_setl_flag": "0",
    } })
}

/// Whether it is told that the totals are equal.
fn is_equal(reply: &Reply) -> bool {
    matches!(reply.text("stmtinfo", "stmt_rslt").as_str(), "0" | "000000")
}

/// How many records there are already, where they cancel each other out.
fn earlier(run: &mut Run<'_>, hospital: &Institution, insurance: &str) -> Option<u32> {
    for count in 0..=MOST_EARLIER {
        let message =
            run.message(hospital, "3201", &totals(run, insurance, Sums { count, ..Sums::default() }));
        let reply = run.send(&message).filter(Reply::is_success)?;
        if is_equal(&reply) {
            return Some(count);
        }
    }
    None
}

/// Plays it.
pub fn play(run: &mut Run<'_>) {
    run.begin("日终对账");
    let Some((hospital, person)) =
        run.institution("hospital").zip(run.subjects.character_or_first("employee"))
    else {
        return;
    };
    let basket = basket(run.subjects, 1);
    let Some((visit, portions)) = prepared(run, hospital, person, &basket) else {
        return run.skip_group("close", "没有能结算的门诊");
    };
    let insurance = visit.patient.insurance.clone();
    let left_out = run.leaves_out("close.equal", "3201") && run.leaves_out("close.differs", "3201");
    let before = if left_out { None } else { earlier(run, hospital, &insurance) };
    let message = run.message(hospital, "2207", &settlement(&visit, portions));
    let Some(settled) = run.send(&message).filter(Reply::is_success) else {
        run.skip_group("close", "2207 没有成功");
        return take_back(run, hospital, &visit);
    };
    let of = |field: &str| settled.fen("setlinfo", field).unwrap_or_default();
    let own =
        Sums { count: 1, total: of("medfee_sumamt"), fund: of("fund_pay_sumamt"), account: of("acct_pay") };
    if !left_out {
        match before {
            Some(before) => {
                let right = Sums { count: before + 1, ..own };
                if let Some(reply) = run.ok("close.equal", hospital, "3201", &totals(run, &insurance, right))
                {
                    result(run, "close.equal", &reply, true);
                }
                let wrong = Sums { fund: right.fund + 1, ..right };
                if let Some(reply) =
                    run.ok("close.differs", hospital, "3201", &totals(run, &insurance, wrong))
                {
                    result(run, "close.differs", &reply, false);
                }
            }
            None => {
                let why =
                    "这家机构今天还有没有撤销的结算，或 3201 没有成功，凑不出总账；换一家没有别的业务的机构";
                run.skip("close.equal", why);
                let wrong = Sums { count: 999_999, ..own };
                if let Some(reply) =
                    run.ok("close.differs", hospital, "3201", &totals(run, &insurance, wrong))
                {
                    result(run, "close.differs", &reply, false);
                }
            }
        }
    }
    files::round_trip(run, hospital);
    files::details(run, hospital, &settled);
    tidy(run, hospital, "2208", &of_settlement(&visit.patient, &settled));
    take_back(run, hospital, &visit);
}

fn result(run: &mut Run<'_>, check: &'static str, reply: &Reply, equal: bool) {
    if is_equal(reply) != equal {
        let expected = if equal { "stmt_rslt 0（平）" } else { "stmt_rslt 不为 0（不平）" };
        let found =
            format!("{} {}", reply.text("stmtinfo", "stmt_rslt"), reply.text("stmtinfo", "stmt_rslt_dscr"));
        run.fail(check, expected, &found, reply);
    }
}
