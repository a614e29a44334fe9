//! `gongji fund statement`.

use std::path::Path;

use gongji_agency::clearing::fund_csv;
use gongji_agency::look::{FundSeen, FundStatement as Seen, fund_lines, fund_statement};
use gongji_web::fund_picture;

use crate::arguments::{Format, FundStatement};
use crate::exit::{Outcome, Stop};
use crate::office::Counter;
use crate::terminal::{Side, Table};

/// To a file, or to standard output where that is asked.
fn written(file: &Path, text: &str) -> Outcome {
    if file == Path::new("-") {
        anstream::print!("{text}");
        return Ok(());
    }
    std::fs::write(file, text).map_err(|error| Stop::failed(format!("写不了 {}：{error}", file.display())))
}

/// Prints the statement of an area's funds, writes it as CSV, or draws it.
pub fn statement(asked: &FundStatement) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let (area, year) = (asked.area.as_str(), asked.year);
    if let Some(file) = &asked.csv {
        let books = counter.look(|desk, context| fund_lines(desk, context, area, year))?;
        return written(file, &fund_csv(&books));
    }
    let seen = counter.look(|desk, context| fund_statement(desk, context, area, year))?;
    if let Some(file) = &asked.svg {
        if seen.funds.is_empty() {
            return Err(Stop::bad_input("这个统筹区没有基金的账"));
        }
        let packs = counter.office.rules().book().packs().iter().map(|pack| &pack.area);
        let name = packs.into_iter().find(|known| known.code == area).map_or(area, |known| &known.name);
        return written(file, &fund_picture(&seen, name).map_err(Stop::failed)?);
    }
    if asked.format == Format::Json {
        let text = serde_json::to_string_pretty(&seen).map_err(Stop::failed)?;
        anstream::println!("{text}");
        return Ok(());
    }
    if seen.funds.is_empty() {
        return Err(Stop::bad_input("这个统筹区没有基金的账"));
    }
    print(&seen, asked.months);
    Ok(())
}

fn print(seen: &Seen, months: bool) {
    let state = match seen.closed_on {
        Some(on) => format!("{on} 结账"),
        None => "未结账".to_owned(),
    };
    anstream::println!("{} {} 年基金收支表（{state}）", seen.area, seen.year);
    for fund in &seen.funds {
        anstream::println!("\n{}", fund.label);
        anstream::print!("{}", table(fund).render());
        if months {
            anstream::print!("{}", by_month(fund).render());
        }
        if let Some(months) = &fund.months_of_reserve {
            anstream::println!("结余可支付 {months} 个月");
        }
        if !fund.balanced {
            anstream::println!("收支与账户余额不符，请核对（gongji audit）");
        }
    }
}

fn table(fund: &FundSeen) -> Table {
    let mut table = Table::new(&[Side::Left, Side::Right]);
    table.row(["年初结余".to_owned(), fund.opening.grouped()]);
    table.row(["收入".to_owned(), fund.income.grouped()]);
    for line in &fund.income_lines {
        table.row([format!("  {}", line.label), line.amount.grouped()]);
    }
    table.row(["支出".to_owned(), fund.expenditure.grouped()]);
    for line in &fund.expenditure_lines {
        table.row([format!("  {}", line.label), line.amount.grouped()]);
    }
    table.row(["年末结余".to_owned(), fund.closing.grouped()]);
    table
}

fn by_month(fund: &FundSeen) -> Table {
    let mut table = Table::new(&[Side::Left, Side::Right, Side::Right, Side::Right]);
    table.row(["月份", "收入", "支出", "结余"]);
    table.rule();
    for month in &fund.months {
        table.row([
            format!("{} 月", month.month),
            month.income.grouped(),
            month.expenditure.grouped(),
            month.balance.grouped(),
        ]);
    }
    table
}
