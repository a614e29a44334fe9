//! What areas pay each other, as the model does it.

use gongji_agency::command::Command;
use serde_json::json;

use super::clearing::{Done, Payment, REVIEWER, Stage, name_of, yuan};
use super::decide::Wrong;
use super::state::State;

impl State {
    /// What an area owes another, of the pool and of accounts.
    fn owes(&self, area: &str, other: &str) -> [i64; 2] {
        let balances = self.balances();
        ["", "/account"]
            .map(|purse| balances.get(&format!("{area}/clearing/{other}{purse}")).copied().unwrap_or(0))
    }

    /// What a payment moves, both ways: by area and purse.
    fn parts(&self, area: &str, other: &str, amount: i64) -> [[i64; 2]; 2] {
        let split = |[pool, accounts]: [i64; 2]| {
            if pool + accounts == amount {
                return [pool, accounts];
            }
            let accounts = accounts.max(0).min(amount);
            [amount - accounts, accounts]
        };
        let came = split(self.owes(other, area).map(|fen| -fen));
        [split(self.owes(area, other)), came.map(|fen| -fen)]
    }

    fn move_payment(&mut self, area: &str, other: &str, parts: [[i64; 2]; 2], sign: i64) {
        for ((here, there), [pool, accounts]) in [(area, other), (other, area)].into_iter().zip(parts) {
            self.post(&[
                (format!("{here}/clearing/{there}"), -sign * pool),
                (format!("{here}/clearing/{there}/account"), -sign * accounts),
                (format!("{here}/bank/pool"), sign * pool),
                (format!("{here}/bank/account"), sign * accounts),
            ]);
        }
    }

    pub fn pay_area(&mut self, actor: &str, command: &Command) -> Done {
        let mut wrong = Wrong::default();
        if let Command::OpenAreaPayment(asked) = command {
            let owed: i64 = self.owes(&asked.area, &asked.other).iter().sum();
            wrong.when(!actor.is_empty(), "denied");
            wrong.when(owed <= 0 || asked.amount.is_some_and(|amount| amount.fen() > owed), "not_owed");
            if !wrong.0.is_empty() {
                return Err(wrong.0);
            }
            self.seq += 1;
            let amount = asked.amount.map_or(owed, |amount| amount.fen());
            let (area, other, by) = (asked.area.clone(), asked.other.clone(), name_of(actor).to_owned());
            let payment = Payment { area, other, amount, stage: Stage::Open, by, parts: [[0; 2]; 2] };
            self.clearing.payments.insert(self.seq, payment);
            let result = json!({ "payment": format!("A{}", self.seq), "amount": yuan(amount) });
            return Ok((command.kind(), None, result));
        }
        let (id, from, to) = match command {
            Command::ApproveAreaPayment(asked) => (&asked.payment, Stage::Open, Stage::Paid),
            Command::WithdrawAreaPayment(asked) => (&asked.payment, Stage::Open, Stage::Withdrawn),
            Command::ReturnAreaPayment(asked) => (&asked.payment, Stage::Paid, Stage::Returned),
            other => panic!("{} is no step of a payment", other.kind()),
        };
        let number = id.trim_start_matches('A').parse().unwrap_or(0);
        let Some(known) = self.clearing.payments.get(&number) else {
            return Err(vec!["no_payment".to_owned(), "denied".to_owned()]);
        };
        let (area, other, amount) = (known.area.clone(), known.other.clone(), known.amount);
        let may = actor.is_empty() || actor == REVIEWER && to != Stage::Returned;
        wrong.when(!may, "denied");
        wrong.when(known.stage != from, "wrong_status");
        if to == Stage::Paid {
            wrong.when(name_of(actor) == known.by, "same_person");
            wrong.when(self.owes(&area, &other).iter().sum::<i64>() < amount, "not_owed");
        }
        if !wrong.0.is_empty() {
            return Err(wrong.0);
        }
        self.seq += 1;
        let paid = self.clearing.payments.get_mut(&number).expect("known");
        paid.stage = to;
        let mut told = json!({ "payment": id });
        match to {
            Stage::Paid => {
                let parts = self.parts(&area, &other, amount);
                self.clearing.payments.get_mut(&number).expect("known").parts = parts;
                self.move_payment(&area, &other, parts, 1);
                told["accounts"] = json!(yuan(parts[0][1]));
                told["to_accounts"] = json!(yuan(-parts[1][1]));
            }
            Stage::Returned => {
                let parts = paid.parts;
                self.move_payment(&area, &other, parts, -1);
            }
            _ => {}
        }
        Ok((command.kind(), None, told))
    }
}
