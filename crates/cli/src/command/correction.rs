//! `gongji correction find`, `list`, `show`, `lines`, `release`, `cancel`.

use gongji_agency::command::{Command, ProposeCorrectionBatch};
use gongji_agency::corrections::{CorrectionJob, Work};
use gongji_agency::job;
use gongji_agency::look::{self, CorrectionSeen};
use gongji_agency::office::Answer;
use gongji_agency::row::LineState;
use gongji_money::Fen;
use gongji_policy::Payer;

use crate::arguments::{CancelCorrection, CorrectionLines, FindCorrections, ListCorrections, OneCorrection};
use crate::exit::{Outcome, Stop};
use crate::office::{Counter, stop};
use crate::progress;
use crate::terminal::{Side, Table};

fn signed(fen: Fen) -> String {
    let sign = if fen > Fen::ZERO { "+" } else { "" };
    format!("{sign}{}", fen.grouped())
}

fn payer_label(name: &str) -> String {
    Payer::from_name(name).map_or_else(|| name.to_owned(), |payer| payer.label().to_owned())
}

/// Takes every step that is left, with a bar; the answer of the last.
fn all(counter: &Counter, batch: &str, work: Work, what: &'static str) -> Result<Option<Answer>, Stop> {
    let bar = progress::bar(0, what);
    let mut job = CorrectionJob::new(batch, work);
    let done = job::run(&counter.office, &counter.actor, &mut job, &mut |progress| {
        bar.set_length(progress.of.unwrap_or(progress.done));
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    done.map_err(stop)
}

/// Proposes a batch, or goes on with one, and looks at everybody.
pub fn find(asked: &FindCorrections) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let batch = match (&asked.batch, &asked.area, asked.from, &asked.reason) {
        (Some(batch), ..) => batch.clone(),
        (None, Some(area), Some(from), Some(reason)) => {
            let command = Command::ProposeCorrectionBatch(ProposeCorrectionBatch {
                area: area.clone(),
                from,
                to: asked.to,
                reason: reason.clone(),
            });
            let answer = counter.book(command)?;
            answer.result["batch"].as_str().unwrap_or_default().to_owned()
        }
        // The arguments need them all.
        _ => return Err(Stop::bad_input("要写 --area、--from、--reason，或批次编号")),
    };
    all(&counter, &batch, Work::Find, "查找")?;
    shown(&counter, &batch)
}

fn shown(counter: &Counter, id: &str) -> Outcome {
    let seen = counter.look(|desk, context| look::correction(desk, context, id))?;
    anstream::print!("{}", worded(&seen));
    Ok(())
}

fn worded(seen: &CorrectionSeen) -> String {
    let to = seen.to.map_or_else(|| "以后".to_owned(), |to| format!("至 {to}"));
    let mut text =
        format!("{}  {}  {} {to}  {}\n{}\n", seen.id, seen.area, seen.from, seen.label, seen.reason);
    text.push_str(&format!(
        "看了 {} 人，重算 {} 笔，其中 {} 笔不同，涉及 {} 人；退给个人 {}，个人应退回 {}\n",
        seen.people,
        seen.computed,
        seen.lines,
        seen.affected,
        seen.refunds.grouped(),
        seen.claims.grouped()
    ));
    if seen.troubled > 0 {
        text.push_str(&format!(
            "{} 人的结算算不出来，见 gongji correction lines {}\n",
            seen.troubled, seen.id
        ));
    }
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.row(["支付方", "差额"]);
    table.rule();
    for purse in &seen.purses {
        table.row([payer_label(&purse.payer), signed(purse.amount)]);
    }
    text.push_str(&table.render());
    if !seen.worst.is_empty() {
        let mut table = Table::new(&[Side::Left, Side::Left, Side::Right]);
        table.row(["差额最大的", "人员", "给个人"]);
        table.rule();
        for one in &seen.worst {
            table.row([one.settlement.clone(), one.person.clone(), signed(one.to_person)]);
        }
        text.push_str(&format!("\n{}", table.render()));
    }
    if seen.released + seen.not_released > 0 {
        text.push_str(&format!(
            "放行 {} 笔，未放行 {} 笔（{}）\n",
            seen.released, seen.not_released, seen.released_by
        ));
    }
    if seen.restored + seen.not_restored > 0 {
        text.push_str(&format!(
            "恢复 {} 笔，未恢复 {} 笔（{}：{}）\n",
            seen.restored, seen.not_restored, seen.cancelled_by, seen.cancelled_for
        ));
    }
    if !seen.edition_is_current {
        text.push_str("提出以后规则又变了：不能放行，请重新提出\n");
    }
    text
}

/// Prints the batches of an area.
pub fn list(asked: &ListCorrections) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let page = counter
        .look(|desk, context| look::corrections(desk, context, &asked.area, "", look::MOST_ON_A_PAGE))?;
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Right, Side::Left, Side::Left]);
    table.row(["批次", "从", "状态", "笔数", "提出", "原因"]);
    table.rule();
    for one in &page.entries {
        table.row([
            one.id.clone(),
            one.from.to_string(),
            one.label.to_owned(),
            one.lines.to_string(),
            one.proposed_by.clone(),
            one.reason.clone(),
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}

/// Prints a batch.
pub fn show(one: &OneCorrection) -> Outcome {
    shown(&Counter::open(&one.agency)?, &one.id)
}

fn state(state: &LineState) -> String {
    match state {
        LineState::Found => String::new(),
        LineState::Released(by) => format!("放行为 {by}"),
        LineState::Stale(why) => format!("未放行：{why}"),
        LineState::Restored(by) => format!("恢复为 {by}"),
        LineState::Kept(_, why) => format!("未恢复：{why}"),
    }
}

/// Prints the lines of a batch.
pub fn lines(asked: &CorrectionLines) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Left, Side::Right, Side::Left]);
    table.row(["结算", "人员", "日期", "差额", "给个人", ""]);
    table.rule();
    let mut troubled = Vec::new();
    let mut after = String::new();
    loop {
        let which = (asked.id.as_str(), asked.person.as_str());
        let page = counter.look(|desk, context| look::correction_lines(desk, context, which, &after))?;
        for line in &page.lines {
            let purses = line.purses.iter();
            let purses: Vec<String> = purses
                .map(|purse| format!("{} {}", payer_label(&purse.payer), signed(purse.amount)))
                .collect();
            table.row([
                line.settlement.clone(),
                line.person.clone(),
                line.law_day.to_string(),
                purses.join("，"),
                signed(line.to_person),
                state(&line.state),
            ]);
        }
        troubled.extend(page.troubled);
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    anstream::print!("{}", table.render());
    for one in troubled {
        anstream::println!("{}：算不出来，{}", one.person, one.why);
    }
    Ok(())
}

/// Releases what is left of a batch.
pub fn release(one: &OneCorrection) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let answer = all(&counter, &one.id, Work::Release, "放行")?;
    told(&counter, &one.id, answer.as_ref())
}

/// Takes back what was released of a batch.
pub fn cancel(one: &CancelCorrection) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let answer = all(&counter, &one.id, Work::Cancel { reason: one.reason.clone() }, "撤销")?;
    told(&counter, &one.id, answer.as_ref())
}

fn told(counter: &Counter, id: &str, answer: Option<&Answer>) -> Outcome {
    if answer.is_none() {
        anstream::println!("先前已经办完");
    }
    shown(counter, id)?;
    let seen = counter.look(|desk, context| look::correction(desk, context, id))?;
    if seen.not_released + seen.not_restored > 0 {
        anstream::println!("没有办的各笔和原因：gongji correction lines {id}");
    }
    Ok(())
}
