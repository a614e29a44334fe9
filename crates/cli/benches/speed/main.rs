//! How fast bills are adjudicated, beside the goals. `cargo bench -p gongji-cli --bench speed`
//!
//! One core. The population is synthetic and seeded; the plan is that of a shipped pack. Every figure is the best of several
//! rounds; the ratio to a hand-written loop of one fixed rule says how far the general engine is from the limit.

#![expect(clippy::unwrap_used, reason = "a benchmark stops where its premises fail")]

mod cold_quote;
mod columns;
mod fixed_rule;
mod settle;

use std::time::{Duration, Instant};

use columns::Columns;
use gongji_policy::plan::Plan;
use gongji_rules::{Bulk, NoTrace, Step, Trace, Worksheet, adjudicate};

const CLAIMS: usize = 1_000_000;
const ROUNDS: usize = 7;
const BLOCK: usize = 1_024;

/// What the run leaves behind, column by column.
struct Output {
    fund: Vec<i64>,
    account: Vec<i64>,
    cash: Vec<i64>,
}

impl Output {
    fn new(rows: usize) -> Output {
        Output { fund: vec![0; rows], account: vec![0; rows], cash: vec![0; rows] }
    }

    fn checksum(&self) -> (i64, i64, i64) {
        (self.fund.iter().sum(), self.account.iter().sum(), self.cash.iter().sum())
    }
}

/// Adjudicates every row in order; a person's counters start anew with the person.
fn run<T: Trace>(
    plan: &Plan<'_>,
    bulk: &Bulk<'_, '_>,
    columns: &Columns,
    output: &mut Output,
    trace: &mut T,
) {
    let slots = plan.slots();
    let layers = plan.benefit().layers.len();
    // All ones for a fund, nothing for another payer.
    let funds: Vec<i64> =
        plan.benefit().layers.iter().map(|layer| -i64::from(layer.payer.is_fund())).collect();
    let mut sheet = Worksheet::new(slots, layers);
    let mut used = vec![0; plan.scheme().counters.len()];
    let mut balances = [0_i64; 2];
    let mut combinations = vec![0_u32; BLOCK];
    let mut person = u32::MAX;
    for start in (0..columns.rows()).step_by(BLOCK) {
        let end = (start + BLOCK).min(columns.rows());
        columns.combinations(bulk, start..end, &mut combinations);
        for row in start..end {
            if columns.person[row] != person {
                person = columns.person[row];
                used.fill(0);
                balances = [0, columns.carried_over[row]];
            }
            let resolution = bulk.resolution(combinations[row - start]).unwrap();
            let bill = columns.bill(row);
            adjudicate(slots, resolution, &bill, &mut used, &mut balances, &mut sheet, trace);
            let (mut fund, mut paid) = (0, 0);
            for (part, mask) in sheet.payments().iter().zip(&funds) {
                fund += part & mask;
                paid += part;
            }
            output.fund[row] = fund;
            output.account[row] = paid - fund;
            output.cash[row] = bill.total() - paid;
        }
    }
}

fn best(mut work: impl FnMut()) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min()
        .unwrap()
}

/// Rows a second, in thousands.
fn thousands(rows: usize, time: Duration) -> u128 {
    rows as u128 * 1_000_000 / time.as_nanos().max(1)
}

fn line(what: &str, rate: u128, goal: u128) {
    let met = if rate >= goal { "met" } else { "NOT met" };
    println!(
        "{what:<58} {:>7}.{:02} M/s   goal {:>3}.{:02} M/s   {met}",
        rate / 1000,
        rate % 1000 / 10,
        goal / 1000,
        goal % 1000 / 10
    );
}

/// The most memory that the process ever held, as the system counts it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.map_or_else(|| "not told by this system".to_owned(), |peak| peak.trim().to_owned())
}

fn main() {
    let texts = gongji_packs::PackTexts::shipped();
    let (packs, _) = gongji_policy::read_packs(&texts.rules);
    let packs = &*Vec::leak(packs);
    for (code, benefit) in [("410100", "inpatient"), ("410100", "outpatient"), ("110000", "inpatient")] {
        let pack = packs.iter().find(|pack| pack.area.code == code).unwrap();
        let scheme = pack.scheme("employee").unwrap();
        let benefit = scheme.benefits.iter().rev().find(|one| one.name.starts_with(benefit)).unwrap();
        let plan = Plan::compile(pack, scheme, benefit);
        let mut bulk = Bulk::new(&plan).unwrap();
        let columns = Columns::synthetic(&plan, &mut bulk, CLAIMS, 20_261_122);
        let mut output = Output::new(columns.rows());
        println!(
            "\n{code} employee {} · {} claims · {} layers",
            benefit.name,
            columns.rows(),
            benefit.layers.len()
        );

        let bare = best(|| run(&plan, &bulk, &columns, &mut output, &mut NoTrace));
        let sums = output.checksum();
        assert_eq!(sums.0 + sums.1 + sums.2, columns.total(), "payers sum to the bills");
        line("adjudicate, no trace, outputs stored", thousands(columns.rows(), bare), 20_000);

        let mut trace: Vec<Step> = Vec::new();
        let traced = best(|| {
            trace.clear();
            run(&plan, &bulk, &columns, &mut output, &mut trace);
        });
        assert_eq!(sums, output.checksum(), "the trace changes nothing");
        line("adjudicate, full trace kept", thousands(columns.rows(), traced), 2_000);
        println!(
            "{:<58} {:>7} steps, {} bytes each",
            "  trace of all claims",
            trace.len(),
            size_of::<Step>()
        );

        let mut fixed = Output::new(columns.rows());
        let limit = best(|| fixed_rule::run(&columns, &mut fixed.fund, &mut fixed.account, &mut fixed.cash));
        let ratio = bare.as_nanos() * 100 / limit.as_nanos().max(1);
        println!(
            "{:<58} {:>7}.{:02} M/s",
            "hand-written loop of one fixed rule (the limit)",
            thousands(columns.rows(), limit) / 1000,
            thousands(columns.rows(), limit) % 1000 / 10
        );
        println!("{:<58} {:>7}.{:02} ×", "  the general engine takes, of its time", ratio / 100, ratio % 100);
    }
    println!();
    cold_quote::run(packs);
    settle::run(packs);
    println!("{:<58} {:>11}", "peak memory of this process (a million claims at a time)", peak_memory());
}
