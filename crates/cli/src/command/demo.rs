//! `gongji demo`: a synthetic population.

use std::sync::Arc;
use std::time::Instant;

use gongji_demo::{Demo as Asked, DemoError, Progress, Year, clock, load_with_year};

use crate::arguments::Demo;
use crate::exit::{Outcome, Stop};
use crate::office::{self, Counter};
use crate::progress;

/// What an error is to somebody at a terminal.
pub fn stop(error: DemoError) -> Stop {
    match error {
        DemoError::NotEmpty(_) | DemoError::NoArea | DemoError::NotThere(_) | DemoError::NotASandbox => {
            Stop::bad_input(error)
        }
        DemoError::Office(failure) => office::stop(failure),
        error => Stop::failed(error),
    }
}

/// Makes people, institutions, accounts and bills, and prints what was made.
pub fn run(demo: &Demo) -> Outcome {
    let clock = clock().map_err(stop)?;
    let counter = Counter::open_at(&demo.agency, Arc::new(clock.clone()))?;
    let bar = progress::bar(demo.people, "演示数据");
    let started = Instant::now();
    let asked = Asked { people: demo.people, seed: demo.seed, years: demo.years };
    let made = load_with_year(&counter.office, &clock, asked, &mut |progress| match progress {
        Progress::People(people) => bar.set_position(people),
        Progress::Year { done, of } => {
            bar.set_message("一年的业务");
            bar.set_length(of);
            bar.set_position(done);
        }
    });
    bar.finish_and_clear();
    let made = made.map_err(stop)?;
    let seconds = started.elapsed().as_secs().max(1);
    anstream::println!(
        "{} 人，{} 个家庭，{} 个统筹区，{} 家机构",
        made.people,
        made.families,
        made.areas,
        made.institutions
    );
    anstream::println!("{} 笔结算（其中有撤销和冲正的），{} 条业务", made.settlements, made.booked);
    for (code, times) in &made.refused {
        anstream::println!("拒绝 {times} 笔：{code}");
    }
    if let Some(year) = &made.year {
        print(year);
    }
    anstream::println!("第 {} 条记录，哈希 {}", made.head.seq, made.head.hash);
    anstream::eprintln!(
        "用时 {seconds} 秒，每秒 {} 人、{} 条业务",
        made.people / seconds,
        made.booked / seconds
    );
    Ok(())
}

/// What was done in the year, and what the rules did not know.
fn print(year: &Year) {
    let done = |kinds: &[&str]| kinds.iter().filter_map(|kind| year.kinds.get(kind)).sum::<u64>();
    anstream::println!(
        "{} 个单位，{} 张缴费单，{} 笔滞纳金，{} 次扣款失败（{} 次再扣），{} 笔居民缴费",
        year.employers,
        year.bills,
        year.late_fees,
        year.failed_debits,
        year.retried_debits,
        year.premiums
    );
    anstream::println!(
        "{} 项备案和登记，{} 次共济授权的申请和变更，{} 笔钱包转账，{} 件手工报销，{} 笔清算，{} 笔区域间付款",
        done(&[
            "file_away",
            "register_chronic",
            "choose_institution",
            "register_maternity",
            "register_newborn",
        ]),
        done(&["apply_mutual_aid", "order_grants", "pause_grant", "resume_grant", "end_grant"]),
        done(&["transfer_to_wallet"]),
        done(&["submit_claim"]),
        done(&["approve_clearing"]),
        done(&["approve_area_payment"])
    );
    anstream::println!(
        "{} 个统筹区的个人账户已年度结转，{} 个统筹区的基金已年终结账",
        year.closed,
        year.funds_closed
    );
    for (what, times) in &year.refused {
        anstream::println!("政策包还不足以办理，略去 {times} 处：{what}");
    }
}
