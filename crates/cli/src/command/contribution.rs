//! `gongji contribution run`, `list`, `arrears`.

use gongji_agency::command::{BillContributions, Command};
use gongji_agency::job::{Job, run};
use gongji_agency::long_work::{Split, Steps};
use gongji_agency::look::{self, BillSeen, MOST_ON_A_PAGE};
use gongji_agency::office::Answer;
use gongji_agency::row::Run;
use serde_json::Value;

use crate::arguments::{AreaArrears, ContributionRun, PayerBills};
use crate::exit::{Outcome, Stop};
use crate::office::{Counter, stop};
use crate::progress;
use crate::terminal::{Side, Table};

/// Runs a job with a bar; gives the last answer, if anything was left to do.
pub(super) fn work(counter: &Counter, job: &mut dyn Job, what: &'static str) -> Result<Option<Answer>, Stop> {
    let bar = progress::bar(0, what);
    let done = run(&counter.office, &counter.actor, job, &mut |progress| {
        if let Some(of) = progress.of {
            bar.set_length(of);
        }
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    done.map_err(stop)
}

/// A text of an answer.
pub(super) fn told<'answer>(answer: &'answer Value, name: &str) -> &'answer str {
    answer.get(name).and_then(Value::as_str).unwrap_or("—")
}

/// Bills a month, and splits what was paid of it.
pub fn bill(asked: &ContributionRun) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let id = format!("bill/{}/{}", asked.employer, asked.period);
    let make = |after: &str| {
        Command::BillContributions(BillContributions {
            employer: asked.employer.clone(),
            period: asked.period.clone(),
            after: after.to_owned(),
            due_on: None,
        })
    };
    let mut steps = Steps::new(id.clone(), make).again(asked.again);
    match work(&counter, &mut steps, "核定")? {
        Some(answer) => {
            let result = &answer.result;
            anstream::println!(
                "缴费单 {}：{} 人，单位 {}，个人 {}，合计 {}，欠缴 {}",
                told(result, "bill"),
                result.get("people").and_then(Value::as_u64).unwrap_or(0),
                told(result, "employer_part"),
                told(result, "own_part"),
                told(result, "total"),
                told(result, "owed"),
            );
        }
        None => anstream::println!("先前已经核定"),
    }
    let made =
        counter.look(|desk, _| Ok(desk.get::<Run>(&id)?.map(|run| run.of.clone()).unwrap_or_default()))?;
    match work(&counter, &mut Split::of(&made), "分账")? {
        Some(_) => anstream::println!("缴费单 {made} 已分账"),
        None => anstream::println!("没有要分账的；缴清以后再运行一次"),
    }
    Ok(())
}

fn bills(table: &mut Table, bills: &[BillSeen]) {
    for bill in bills {
        table.row([
            bill.id.clone(),
            bill.period.clone(),
            bill.label.to_owned(),
            bill.people.to_string(),
            bill.total.grouped(),
            bill.owed.grouped(),
            bill.due_on.to_string(),
            if bill.overdue { "逾期".to_owned() } else { bill.status_label.to_owned() },
        ]);
    }
}

fn headed() -> Table {
    use Side::{Left, Right};
    let mut table = Table::new(&[Left, Left, Left, Right, Right, Right, Left, Left]);
    table.row(["缴费单", "月份", "种类", "人数", "合计", "欠缴", "应缴日期", "状态"]);
    table.rule();
    table
}

/// Lists the bills of a payer.
pub fn list(asked: &PayerBills) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let found = counter.look(|desk, context| look::bills(desk, context, &asked.payer, "", MOST_ON_A_PAGE))?;
    if found.entries.is_empty() {
        return Err(Stop::bad_input("没有这个单位或个人的缴费单"));
    }
    let mut table = headed();
    bills(&mut table, &found.entries);
    anstream::print!("{}", table.render());
    Ok(())
}

/// Lists who owes.
pub fn arrears(asked: &AreaArrears) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let mut after = String::new();
    let mut any = false;
    loop {
        let page = counter
            .look(|desk, context| look::arrears(desk, context, &asked.area, &after, MOST_ON_A_PAGE))?;
        for payer in &page.entries {
            any = true;
            // Somebody who pays for himself is told by the number alone.
            let who = format!("{} {}", payer.payer, payer.name);
            anstream::println!(
                "{}：欠缴 {}，其中逾期 {}",
                who.trim_end(),
                payer.owed.grouped(),
                payer.overdue.grouped()
            );
            let mut table = headed();
            bills(&mut table, &payer.bills);
            anstream::print!("{}", table.render());
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    if !any {
        anstream::println!("没有欠费");
    }
    Ok(())
}
