//! `gongji demo`: a synthetic population.

use std::sync::Arc;
use std::time::Instant;

use gongji_demo::{Demo as Asked, DemoError, clock, load};

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
    let counter = Counter::open_at(&demo.agency, Arc::new(clock))?;
    let bar = progress::bar(demo.people, "演示数据");
    let started = Instant::now();
    let asked = Asked { people: demo.people, seed: demo.seed, years: demo.years };
    let made = load(&counter.office, asked, &mut |people| bar.set_position(people));
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
    anstream::println!("第 {} 条记录，哈希 {}", made.head.seq, made.head.hash);
    anstream::eprintln!(
        "用时 {seconds} 秒，每秒 {} 人、{} 条业务",
        made.people / seconds,
        made.booked / seconds
    );
    Ok(())
}
