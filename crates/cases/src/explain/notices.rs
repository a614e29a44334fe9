//! What readers should know besides the figures.

use super::sheet::Sheet;
use crate::answer::{BillAnswer, Notice, NoticeKind};

/// The remarks of one answer.
pub(super) fn notices(sheet: &Sheet<'_, '_>, bill: &BillAnswer) -> Vec<Notice> {
    let (run, outcome) = (sheet.run, sheet.outcome);
    let mut notices = Vec::new();
    let mut add = |kind: NoticeKind, text: String| notices.push(Notice { kind, text });
    if let Some(notice) = &run.pack.area.notice {
        add(NoticeKind::Area, notice.clone());
    }
    if let Some(day) = run.options.on {
        add(NoticeKind::On, format!("按 {day} 的规则计算，而这件事本来适用 {} 的规则。", outcome.own_day));
    }
    if let Some(day) = run.options.known_on {
        add(NoticeKind::KnownOn, format!("只用 {day} 以前已经公布的规则，此后公布的一概不看。"));
    }
    let paying = bill.steps.iter().filter(|step| !step.eligible.is_zero());
    let mut unverified: Vec<&str> = paying
        .flat_map(|step| &step.clauses)
        .chain(bill.lines.iter().flat_map(|line| &line.clauses))
        .filter(|clause| clause.grade == "unverified")
        .map(|clause| clause.parameter.as_str())
        .collect();
    unverified.sort_unstable();
    unverified.dedup();
    if !unverified.is_empty() {
        add(NoticeKind::Unverified, format!("这些数值未经核实：{}。", unverified.join("、")));
    }
    for name in &outcome.idle_totals {
        add(
            NoticeKind::Understood,
            format!("填写的累计 {name} 在{}{}的规则里没有用到。", run.pack.area.name, run.scheme.label),
        );
    }
    if outcome.catalogue_lent {
        add(
            NoticeKind::Understood,
            format!(
                "就医地 {} 没有目录规则，明细按参保地{}的目录拆分。",
                outcome.event.care_area, run.pack.area.name
            ),
        );
    }
    let drawn = |relative: usize| bill.cells.iter().any(|cell| cell.relative == Some(relative));
    for (position, relative) in outcome.purses.0.mutual_aid.iter().enumerate() {
        if relative.pooling_area != run.pack.area.code && drawn(position) {
            add(
                NoticeKind::Understood,
                format!("共济亲属在 {} 参保，跨统筹区共济须双方都已开通。", relative.pooling_area),
            );
        }
    }
    let first = bill.cells.iter().any(|cell| cell.row == "account_first" && cell.payer != "cash");
    if first {
        add(
            NoticeKind::AccountFirst,
            "这里账户的钱先付，余额会改变基金付多少；别处多是基金先付，与余额无关。".to_owned(),
        );
    }
    if outcome.bill.total() > 0 && outcome.admission.is_some() && !outcome.is_admission {
        add(NoticeKind::Understood, "这张账单不算一次住院。".to_owned());
    }
    notices
}
