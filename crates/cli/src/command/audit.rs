//! `gongji audit`: everything derived from the journal once more.

use gongji_agency::audit::{MOST_DIFFERENCES, audit};

use crate::arguments::Audit;
use crate::exit::{Outcome, Stop};
use crate::office::store;
use crate::progress;

/// Prints every difference, or that there is none. Changes nothing, and needs no rules.
pub fn run(arguments: &Audit) -> Outcome {
    let place = arguments.records.place()?;
    // An audit of what was never there would be clean, and would make it.
    if place.file().is_some_and(|file| !file.exists()) {
        return Err(Stop::bad_input("那里没有账可以核对；看看 --data 写对没有"));
    }
    let home = place.open().map_err(store)?;
    let bar = progress::bar(0, "核对");
    let mut report = None;
    let read = home.read(&mut |view| {
        report = Some(audit(view, &mut |done, all| {
            bar.set_length(all);
            bar.set_position(done);
        })?);
        Ok(())
    });
    bar.finish_and_clear();
    read.map_err(store)?;
    let Some(report) = report else { return Err(Stop::failed("没有核对结果")) };
    for difference in &report.differences {
        anstream::println!("{difference}");
    }
    anstream::println!(
        "{} 条记录，{} 笔有效结算，{} 行现状，{} 个幂等键",
        report.records,
        report.live_settlements,
        report.rows,
        report.keys
    );
    anstream::println!("最后一条记录的哈希 {}", report.head);
    match report.differences.len() {
        0 => {
            anstream::println!("核对无误：全部余额、累计、档案和现状都由流水重新得出，没有不同");
            Ok(())
        }
        MOST_DIFFERENCES.. => {
            anstream::println!("{MOST_DIFFERENCES} 处以上不同，只列出前 {MOST_DIFFERENCES} 处");
            Err(Stop::Said)
        }
        some => {
            anstream::println!("{some} 处不同");
            Err(Stop::Said)
        }
    }
}
