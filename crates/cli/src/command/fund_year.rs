//! `gongji fund close`, `release`: the end of a year of funds.

use gongji_agency::fund_close::{FundClose, FundWork, fund_areas};
use gongji_agency::job::run;
use gongji_agency::office::Failure;

use crate::arguments::FundYearWork;
use crate::exit::{Outcome, Stop};
use crate::office::{Counter, stop};
use crate::progress;

fn work(asked: &FundYearWork, work: FundWork, what: &'static str, done: &str) -> Outcome {
    let counter = Counter::open(&asked.agency)?;
    let areas = match asked.areas.is_empty() {
        true => counter.look(|desk, _| fund_areas(desk))?,
        false => asked.areas.clone(),
    };
    if areas.is_empty() {
        return Err(Stop::bad_input("账里没有一个统筹区的基金"));
    }
    let (all, year) = (areas.len(), asked.year);
    let mut job = FundClose::new(areas, year, work);
    let bar = progress::bar(all as u64, what);
    let mut booked = 0;
    let ended = run(&counter.office, &counter.actor, &mut job, &mut |progress| {
        bar.set_position(progress.done);
        booked += 1;
    });
    bar.finish_and_clear();
    if booked > 0 {
        anstream::println!("{booked} 个统筹区 {year} 年的基金{done}");
    }
    match ended {
        Ok(_) if booked == 0 => anstream::println!("先前已经做完"),
        Ok(_) => {}
        // The refusal says what is wrong and not where.
        Err(Failure::Refused(refusal)) => {
            let area = job.area().unwrap_or_default();
            return Err(Stop::bad_input(format!("统筹区 {area}：{refusal}")));
        }
        Err(failure) => return Err(stop(failure)),
    }
    Ok(())
}

/// Submits the close.
pub fn close(asked: &FundYearWork) -> Outcome {
    work(asked, FundWork::Submit, "结账申请", "已申请结账，请另一人放行（gongji fund release）")
}

/// Releases what somebody else submitted.
pub fn release(asked: &FundYearWork) -> Outcome {
    work(asked, FundWork::Release, "结账复核", "已经结账")
}
