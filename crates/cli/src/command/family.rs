//! `gongji person draws`, `transfers`, `flags`.

use gongji_agency::job::run;
use gongji_agency::look::{self, DrawSeen, MOST_ON_A_PAGE};
use gongji_agency::returns::Returns;

use super::person::find;
use crate::arguments::{AreaOf, OnePerson};
use crate::exit::Outcome;
use crate::office::{Counter, stop};
use crate::progress;
use crate::terminal::{Side, Table};

fn table(draws: &[DrawSeen]) -> String {
    let mut table =
        Table::new(&[Side::Left, Side::Left, Side::Left, Side::Left, Side::Left, Side::Right, Side::Left]);
    table.row(["结算", "业务日期", "机构", "出钱", "使用", "金额", ""]);
    table.rule();
    for draw in draws {
        table.row([
            draw.settlement.clone(),
            draw.date.to_string(),
            draw.institution.clone(),
            format!("{} {}", draw.grantor, draw.grantor_name),
            format!("{} {}", draw.beneficiary, draw.beneficiary_name),
            draw.amount.grouped(),
            if draw.cancelled { "已撤销".to_owned() } else { String::new() },
        ]);
    }
    table.render()
}

/// Prints who drew what, when and where: of a person's account, and for a person's bills.
pub fn draws(one: &OnePerson) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (person, seen) = counter.look(|desk, context| {
        let person = find(desk, &one.person)?;
        let seen = look::draws(desk, context, &person.id)?;
        Ok((person, seen))
    })?;
    anstream::println!("{} {}  亲属使用本人账户", person.id, person.name);
    anstream::print!("{}", table(&seen.given));
    anstream::println!("本人使用亲属账户和钱包");
    anstream::print!("{}", table(&seen.taken));
    Ok(())
}

/// Prints a person's wallet and transfers.
pub fn transfers(one: &OnePerson) -> Outcome {
    let counter = Counter::open(&one.agency)?;
    let (person, seen) = counter.look(|desk, context| {
        let person = find(desk, &one.person)?;
        let seen = look::transfers(desk, context, &person.id)?;
        Ok((person, seen))
    })?;
    match seen.wallet {
        Some(wallet) => anstream::println!("{} {}  医保钱包 {}", person.id, person.name, wallet.grouped()),
        None => anstream::println!("{} {}  没有开通医保钱包", person.id, person.name),
    }
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Left, Side::Right, Side::Left]);
    table.row(["转账", "转出", "转入", "金额", "状态"]);
    table.rule();
    for transfer in &seen.transfers {
        table.row([
            transfer.id.clone(),
            transfer.grantor.clone(),
            transfer.beneficiary.clone(),
            transfer.amount.grouped(),
            transfer.status_label.to_owned(),
        ]);
    }
    anstream::print!("{}", table.render());
    Ok(())
}

/// Prints what is unusual in an area.
pub fn flags(of: &AreaOf) -> Outcome {
    let counter = Counter::open(&of.agency)?;
    let mut table = Table::new(&[Side::Left, Side::Left, Side::Right, Side::Right, Side::Left]);
    table.row(["异常", "内容", "量", "阈值", "状态"]);
    table.rule();
    let mut after = String::new();
    loop {
        let page = counter
            .look(|desk, context| look::flags(desk, context, (&of.area, None), &after, MOST_ON_A_PAGE))?;
        for flag in &page.entries {
            table.row([
                flag.id.clone(),
                flag.label.clone(),
                flag.measured.to_string(),
                flag.threshold.to_string(),
                flag.status_label.to_owned(),
            ]);
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    anstream::print!("{}", table.render());
    Ok(())
}

/// Sends back what nobody took in time.
pub fn returns(of: &AreaOf) -> Outcome {
    let counter = Counter::open(&of.agency)?;
    let bar = progress::bar(0, "退回");
    let mut returned = 0;
    let done = run(&counter.office, &counter.actor, &mut Returns::of(&of.area), &mut |progress| {
        bar.set_length(progress.of.unwrap_or(progress.done));
        bar.set_position(progress.done);
        returned = progress.done;
    });
    bar.finish_and_clear();
    done.map_err(stop)?;
    match returned {
        0 => anstream::println!("没有要退回的转账"),
        returned => anstream::println!("{returned} 笔转账已退回原账户"),
    }
    Ok(())
}
