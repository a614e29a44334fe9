//! Settlements and what takes them back, on both sides.

use gongji_agency::command::{Command, Settle, SettleBatches};
use gongji_agency::row::VisitStatus;
use serde_json::{Value, json};

use crate::business::{End, ITEMS, Lines, Settled, Slip, Target};
use crate::dice::Dice;
use crate::message::{Message, details, total, yuan};
use crate::pair::{Done, Pair};
use crate::side::{PHARMACY, PLACES, Side};

/// What a trial shows and the settlement must book.
const SHOWN: &[&str] = &[
    "medfee_sumamt",
    "fund_pay_sumamt",
    "acct_pay",
    "acct_mulaid_pay",
    "psn_cash_pay",
    "balc",
    "act_pay_dedc",
];

/// The person a settlement is for, and what is settled.
struct Bill<'deed> {
    person: usize,
    place: usize,
    number: &'static str,
    input: &'deed Value,
    /// The slip in it.
    slip: Option<Slip>,
}

impl Pair {
    pub fn settle(
        &mut self,
        dice: &mut Dice,
        at: usize,
        charge: u32,
        (accounts, mid): (u8, bool),
        slip: Option<Slip>,
    ) -> Done {
        let visit = self.visits[at].clone();
        let row = self.row(at);
        let waiting: Vec<u32> = visit
            .uploads
            .iter()
            .filter(|upload| visit.stay || upload.charge == charge)
            .filter(|upload| row.batches.iter().any(|batch| batch.no == upload.batch && batch.waits()))
            .map(|upload| upload.batch)
            .collect();
        let sum: i64 = visit
            .uploads
            .iter()
            .filter(|upload| waiting.contains(&upload.batch))
            .map(|upload| upload.total)
            .sum();
        let told = if slip == Some(Slip::Total) { sum + 1 } else { sum };
        let mut data = json!({
            "mdtrt_id": visit.wire, "psn_no": self.wire.people[visit.person], "mdtrt_cert_type": "02", "medfee_sumamt": yuan(told), "psn_setlway": "01",
            "acct_used_flag": accounts.to_string(), "insutype": if slip == Some(Slip::Insurance) { "340" } else { "null" },
        });
        if visit.stay {
            data["mid_setl_flag"] = if mid { "1" } else { "0" }.into();
        } else {
            data["chrg_bchno"] = format!("B{charge}").into();
        }
        let input = json!({ "data": data });
        let numbers = if visit.stay { ["2303", "2304"] } else { ["2206", "2207"] };
        let bill = Bill { person: visit.person, place: visit.place, number: numbers[1], input: &input, slip };
        let id = {
            self.sent += 1;
            format!("{}20260615{:010}", PLACES[visit.place].0, self.sent)
        };
        let settle = Settle {
            visit: visit.agency.clone(),
            date: self.today(),
            discharged_on: if mid { None } else { visit.discharged },
            mid_stay: mid,
            use_account: accounts >= 1,
            use_mutual_aid: accounts == 2,
            charges: None,
            expect: None,
        };
        let nothing = waiting.is_empty() && !visit.stay;
        let command = if visit.stay {
            Command::Settle(settle)
        } else {
            Command::SettleBatches(SettleBatches { settle, batches: waiting })
        };
        self.bill(dice, &id, numbers[0], &bill, (!nothing).then_some(command), false)
    }

    #[expect(clippy::too_many_arguments, reason = "one purchase, whole")]
    pub fn purchase(
        &mut self,
        dice: &mut Dice,
        id: &str,
        person: usize,
        accounts: u8,
        lines: &Lines,
        slip: Option<Slip>,
        late: bool,
    ) -> Done {
        let (number, today) = (self.wire.people[person].clone(), self.today());
        let sum = total(lines) + i64::from(slip == Some(Slip::Total));
        let input = json!({
            "druginfo": { "psn_no": number, "begntime": format!("{today} 10:00:00"), "medfee_sumamt": yuan(sum), "acct_used_flag": accounts, "med_type": "41",
                "insutype": if slip == Some(Slip::Insurance) { "340" } else { "" } },
            "drugdetail": details(lines, 1, &today.to_string(), &json!({ "rx_circ_flag": "0" })),
        });
        let asked: Vec<Value> = lines
            .iter()
            .map(|(item, quantity)| {
                let (code, price) = ITEMS[*item];
                let price = i64::from(price);
                json!({ "code": code, "on": today, "quantity": quantity.to_string(), "unit_price": yuan(price), "amount": yuan(price * i64::from(*quantity)) })
            })
            .collect();
        let fields = json!({
            "visit": { "person": number, "institution": PLACES[PHARMACY].0, "care_type": "pharmacy", "date": today },
            "lines": asked, "use_account": accounts >= 1, "use_mutual_aid": accounts == 2,
        });
        let command =
            Command::read("settle_at_once", &fields.to_string()).map_err(|refusal| refusal.to_string())?;
        let bill = Bill { person, place: PHARMACY, number: "2102", input: &input, slip };
        self.bill(dice, id, "2101", &bill, Some(command), late)
    }

    /// Tries a bill out and books it, on both sides. Without a command there is nothing to settle.
    fn bill(
        &mut self,
        dice: &mut Dice,
        id: &str,
        trial: &str,
        bill: &Bill<'_>,
        command: Option<Command>,
        late: bool,
    ) -> Done {
        let tried = if dice.chance(50) {
            let message = self.message(bill.place, trial, bill.input);
            Some(self.deliver(dice, &message)?)
        } else {
            None
        };
        let number = if dice.chance(20) { format!("{}A", bill.number) } else { bill.number.to_owned() };
        let message = Message::under(id, bill.place, &number, bill.input);
        let answer = self.deliver(dice, &message)?;
        if let Some(tried) = tried.filter(|_| !late) {
            if tried.code.is_some() != answer.code.is_some() {
                return Err(format!("tried: {}\nbooked: {}", tried.text, answer.text));
            }
            for field in if tried.code.is_none() { SHOWN } else { &[] } {
                if tried.fen(field) != answer.fen(field) {
                    return Err(format!("{field} differs\ntried: {}\nbooked: {}", tried.text, answer.text));
                }
            }
        }
        if bill.slip.is_some() || command.is_none() {
            return if answer.code.is_some() {
                Ok(())
            } else {
                Err(format!("accepted with {:?}: {}", bill.slip, message.body))
            };
        }
        let Some(command) = command else { return Ok(()) };
        let booked = self.agency.office().book(&Side::actor(bill.place), &message.id, command);
        Self::agree(&message, &answer, &booked)?;
        let Ok(booked) = booked else { return Ok(()) };
        let made = booked.settlement.as_deref().ok_or("no settlement")?;
        let account = made.account_paid + made.mutual_aid_paid;
        let fund = made.fund_paid + if answer.fen("fund_pay_sumamt") == made.fund_paid { 0 } else { account };
        for (field, fen) in [
            ("medfee_sumamt", made.total),
            ("fulamt_ownpay_amt", made.non_covered),
            ("overlmt_selfpay", made.over_limit_price),
            ("preselfpay_amt", made.upfront_self_pay),
            ("inscp_scp_amt", made.in_scope),
            ("fund_pay_sumamt", fund),
            ("acct_pay", account),
            ("acct_mulaid_pay", made.mutual_aid_paid),
            ("psn_cash_pay", made.cash_paid),
            ("hosp_part_amt", made.hospital_borne),
            ("balc", self.held(bill.person)),
        ] {
            if answer.fen(field) != fen {
                return Err(format!("{field} should be {fen}: {}", answer.text));
            }
        }
        self.count.borrow_mut().settled += 1;
        self.settled.push(Settled {
            person: bill.person,
            place: bill.place,
            number: bill.number,
            visit: answer.text_at("setlinfo", "mdtrt_id"),
            wire: answer.text_at("setlinfo", "setl_id"),
            agency: made.id.clone(),
            message: message.id,
            end: None,
        });
        Ok(())
    }

    pub fn cancel_settlement(&mut self, dice: &mut Dice, at: usize) -> Done {
        let settled = self.settled[at].clone();
        let number = match settled.number {
            "2207" => "2208",
            "2304" => "2305",
            _ => "2103",
        };
        let data = json!({ "psn_no": self.wire.people[settled.person], "setl_id": settled.wire, "mdtrt_id": settled.visit });
        let message = self.message(settled.place, number, &json!({ "data": data }));
        let answer = self.deliver(dice, &message)?;
        let fields = json!({ "settlement": settled.agency, "reason": "退费" });
        let booked = self.command(settled.place, &message.id, "cancel_settlement", &fields);
        Self::agree(&message, &answer, &booked)?;
        if booked.is_ok() {
            if answer.fen("balc") != self.held(settled.person) {
                return Err(format!(
                    "the account should hold {}: {}",
                    self.held(settled.person),
                    answer.text
                ));
            }
            self.count.borrow_mut().cancelled += 1;
            self.settled[at].end = Some(End::Cancelled);
        }
        Ok(())
    }

    pub fn reverse(&mut self, dice: &mut Dice, target: Target) -> Done {
        let (place, person, original, number) = match target {
            Target::Settlement(at) => {
                let settled = &self.settled[at];
                (settled.place, settled.person, settled.message.clone(), settled.number)
            }
            Target::Admission(at) => {
                let visit = &self.visits[at];
                (visit.place, visit.person, visit.message.clone(), "2401")
            }
            Target::Unseen => {
                self.sent += 1;
                (PHARMACY, 0, format!("{}never{:010}", PLACES[PHARMACY].0, self.sent), "2102")
            }
        };
        let data = json!({ "psn_no": self.wire.people[person], "omsgid": original, "oinfno": number });
        let message = self.message(place, "2601", &json!({ "data": data }));
        let answer = self.deliver(dice, &message)?;
        let booked = match target {
            Target::Admission(at) => {
                if self.row(at).status == VisitStatus::Cancelled {
                    // Reversed once more, it does nothing more.
                    return if answer.code.is_none() { Ok(()) } else { Err(answer.text) };
                }
                let fields = json!({ "visit": self.visits[at].agency, "reason": "冲正" });
                self.command(place, &message.id, "cancel_visit", &fields)
            }
            Target::Settlement(at) if self.settled[at].end == Some(End::Cancelled) => {
                // As the real platform: what was cancelled in the ordinary way cannot be reversed.
                let as_expected = answer.code.as_deref() == Some("already_cancelled");
                return if as_expected { Ok(()) } else { Err(answer.text) };
            }
            _ => self.command(place, &message.id, "reverse", &json!({ "message": original })),
        };
        Self::agree(&message, &answer, &booked)?;
        if let (Target::Settlement(at), Ok(_)) = (target, booked) {
            self.count.borrow_mut().reversed += 1;
            self.settled[at].end = Some(End::Reversed);
        }
        Ok(())
    }

    /// A purchase whose reversal comes first.
    pub fn late(&mut self, dice: &mut Dice, person: usize, lines: &Lines) -> Done {
        self.sent += 1;
        let id = format!("{}late{:012}", PLACES[PHARMACY].0, self.sent);
        let data = json!({ "psn_no": self.wire.people[person], "omsgid": id, "oinfno": "2102" });
        let message = self.message(PHARMACY, "2601", &json!({ "data": data }));
        let answer = self.deliver(dice, &message)?;
        let booked = self.command(PHARMACY, &message.id, "reverse", &json!({ "message": id }));
        Self::agree(&message, &answer, &booked)?;
        let before = self.settled.len();
        self.purchase(dice, &id, person, 1, lines, None, true)?;
        if self.settled.len() > before { Err("a reversed message was booked".to_owned()) } else { Ok(()) }
    }
}
