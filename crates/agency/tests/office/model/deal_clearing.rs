//! Random commands of clearing.

use gongji_agency::command::{
    ApproveAreaPayment, ApproveClearing, BillTold, CloseFundYear, Command, CompareDetails, CompareTotals,
    ConfirmDays, GroupTold, OpenAreaPayment, OpenClearing, PayClearing, ReleaseFundYear, ReturnAreaPayment,
    ReturnClearingPayment, WithdrawAreaPayment, WithdrawClearing,
};
use gongji_money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;

use super::clearing::{Moved, REVIEWER};
use super::deal::Dealer;
use super::state::INSTITUTIONS;

const AREAS: [&str; 3] = ["990301", "980302", "990303"];

impl Dealer<'_> {
    /// Somebody of the staff, seldom an institution.
    fn staff(&mut self) -> String {
        match self.dice.below(10) {
            0 => "H1".to_owned(),
            1..4 => REVIEWER.to_owned(),
            _ => String::new(),
        }
    }

    fn told(&mut self, moved: &Moved) -> BillTold {
        let [total, fund_paid, account_paid, cash_paid] = self.state.told_of(moved);
        let wrong = i64::from(self.dice.chance(1));
        BillTold {
            settlement: format!("S{}", moved.bill),
            refund: moved.negative,
            date: moved.day,
            total: Fen::new(total + wrong),
            fund_paid: Fen::new(fund_paid),
            account_paid: Fen::new(account_paid),
            cash_paid: Fen::new(cash_paid),
        }
    }

    fn compare_totals(&mut self, id: &str) -> Command {
        let back = i64::try_from(self.dice.below(12)).expect("small");
        let from = self.state.today - back.days();
        let to = from + i64::try_from(self.dice.below(3)).expect("small").days();
        let wrong = i64::from(self.dice.chance(5));
        let missing = self.dice.chance(5);
        let sums = self.state.totals_of(id, from, to);
        let told = |((scheme, clearing_type), [count, total, fund_paid, account_paid, cash_paid]): (
            (String, String),
            [i64; 5],
        )| GroupTold {
            scheme,
            clearing_type,
            count: u32::try_from(count).expect("small"),
            total: Fen::new(total + wrong),
            fund_paid: Fen::new(fund_paid),
            account_paid: Fen::new(account_paid),
            cash_paid: Fen::new(cash_paid),
        };
        let groups = sums.into_iter().skip(usize::from(missing)).map(told).collect();
        Command::CompareTotals(CompareTotals { institution: id.to_owned(), from, to, groups })
    }

    fn compare_details(&mut self, id: &str) -> Command {
        let back = i64::try_from(self.dice.below(12)).expect("small");
        let from = self.state.today - back.days();
        let to = from + i64::try_from(self.dice.below(4)).expect("small").days();
        let state = self.state;
        let mut bills = Vec::new();
        for moved in state.moved_on(id, from, to) {
            if !self.dice.chance(1) {
                bills.push(self.told(moved));
            }
        }
        Command::CompareDetails(CompareDetails { institution: id.to_owned(), from, to, bills })
    }

    /// Mostly days that were compared and not signed off.
    fn confirm(&mut self, id: &str) -> Command {
        let open = |day: &super::clearing::Day| day.agrees && day.confirmed != Some(day.last);
        let days = &self.state.clearing.days;
        let waiting: Vec<Date> =
            days.iter().filter(|((at, _), day)| at == id && open(day)).map(|((_, day), _)| *day).collect();
        let from = match waiting.is_empty() || self.dice.chance(10) {
            true => self.state.today - 2.days(),
            false => waiting[self.dice.at(waiting.len())],
        };
        let to = if self.dice.chance(10) { from + 2.days() } else { from };
        let reason =
            self.dice.chance(10).then(|| if self.dice.chance(20) { " " } else { "次日补传" }.to_owned());
        Command::ConfirmDays(ConfirmDays { institution: id.to_owned(), from, to, reason })
    }

    /// Mostly the next step of a clearing, by whom it may be done.
    fn step_clearing(&mut self) -> (String, Command) {
        let numbers = self.state.clearing.clearing_numbers();
        let (number, stage) = match numbers.len() {
            0 => (999_999, 0),
            length => numbers[length - 1 - self.dice.at(length.min(4))],
        };
        let clearing = format!("C{number}");
        let reason = "重来".to_owned();
        let steps = [
            Command::ApproveClearing(ApproveClearing { clearing: clearing.clone() }),
            Command::PayClearing(PayClearing { clearing: clearing.clone(), date: None, reference: None }),
            Command::ReturnClearingPayment(ReturnClearingPayment {
                clearing: clearing.clone(),
                date: None,
                reason: reason.clone(),
            }),
            Command::WithdrawClearing(WithdrawClearing { clearing, reason }),
        ];
        let step = match self.dice.below(10) {
            0 => 3,
            1 => self.dice.at(steps.len()),
            _ => stage,
        };
        let by = match (step, self.dice.chance(75)) {
            (0, true) => REVIEWER.to_owned(),
            (_, true) => String::new(),
            _ => self.staff(),
        };
        (by, steps[step].clone())
    }

    fn pay_area(&mut self) -> Command {
        let numbers = self.state.clearing.payment_numbers();
        if numbers.is_empty() || self.dice.chance(40) {
            let mut pair = [0, 1].map(|at| AREAS[at].to_owned());
            let balances = self.state.balances();
            let owing = balances.iter().filter(|(_, fen)| **fen > 0);
            let owing: Vec<Vec<&str>> = owing
                .map(|(code, _)| code.split('/').collect())
                .filter(|parts: &Vec<&str>| parts[1] == "clearing")
                .collect();
            if !owing.is_empty() && !self.dice.chance(15) {
                let parts = &owing[self.dice.at(owing.len())];
                pair = [parts[0].to_owned(), parts[2].to_owned()];
            }
            let [area, other] = pair;
            let amount = self.dice.chance(60).then(|| self.fen(20));
            return Command::OpenAreaPayment(OpenAreaPayment { area, other, amount });
        }
        // Mostly what waits, or what was paid last.
        let recent = &numbers[numbers.len().saturating_sub(6)..];
        let (number, paid) = recent[self.dice.at(recent.len())];
        let (payment, reason) = (format!("A{number}"), "重来".to_owned());
        match (self.dice.chance(20), paid != self.dice.chance(5)) {
            (false, true) if self.dice.chance(50) => {
                Command::ReturnAreaPayment(ReturnAreaPayment { payment, date: None, reason })
            }
            (true, false) => Command::WithdrawAreaPayment(WithdrawAreaPayment { payment, reason }),
            _ => Command::ApproveAreaPayment(ApproveAreaPayment { payment }),
        }
    }

    fn close_year(&mut self) -> Command {
        let area = (*self.dice.of(&AREAS)).to_owned();
        // The year before the books began, or the one that runs, which is refused.
        let year = if self.dice.chance(10) { self.state.today.year() } else { 2025 };
        match self.dice.chance(50) {
            true => Command::CloseFundYear(CloseFundYear { area, year }),
            false => Command::ReleaseFundYear(ReleaseFundYear { area, year }),
        }
    }

    pub fn clear(&mut self) -> (String, Command) {
        let id = INSTITUTIONS[self.dice.at(4)].0;
        let own = if self.dice.chance(40) { String::new() } else { self.actor(id) };
        match self.dice.below(100) {
            0..24 => (own, self.compare_details(id)),
            24..35 => (own, self.compare_totals(id)),
            35..60 => (own, self.confirm(id)),
            60..72 => {
                let back = i64::from(self.dice.chance(20));
                let month = (self.state.today - back.months()).strftime("%Y-%m").to_string();
                let signed = self.state.clearing.days.iter().filter(|(_, day)| day.confirmed.is_some());
                let at: Vec<&String> = signed.map(|((at, _), _)| at).collect();
                let (institution, own) = match at.is_empty() || self.dice.chance(20) {
                    true => (id.to_owned(), own),
                    false => (at[self.dice.at(at.len())].clone(), String::new()),
                };
                let deductions = Vec::new();
                (
                    own,
                    Command::OpenClearing(OpenClearing {
                        institution,
                        month,
                        withhold: None,
                        release: None,
                        deductions,
                    }),
                )
            }
            72..86 => self.step_clearing(),
            86..95 => {
                let command = self.pay_area();
                let by = match (&command, self.dice.chance(75)) {
                    (Command::ApproveAreaPayment(_), true) => REVIEWER.to_owned(),
                    (_, true) => String::new(),
                    _ => self.staff(),
                };
                (by, command)
            }
            _ => (self.staff(), self.close_year()),
        }
    }
}
