//! Visits and stays and their lines, on both sides.

use gongji_agency::command::{Command, Decide};
use gongji_agency::office::Failure;
use gongji_agency::row::VisitStatus;
use serde_json::{Value, json};

use crate::business::{ITEMS, Lines, Slip, Upload, Visit};
use crate::dice::Dice;
use crate::message::{details, total, yuan};
use crate::pair::{Done, Pair};
use crate::side::{PLACES, Side};

/// Refusals of a bill that are told when its lines are uploaded already.
const EARLIER: [&str; 4] = ["needs_answer", "unknown", "no_benefit", "no_rule"];

impl Pair {
    pub fn open_visit(
        &mut self,
        dice: &mut Dice,
        (person, place): (usize, usize),
        back: i32,
        care: &'static str,
        stay: bool,
    ) -> Done {
        let day = self.today().saturating_sub(jiff::Span::new().days(back));
        let number = self.wire.people[person].clone();
        let (transaction, input) = if stay {
            let info = json!({ "psn_no": number, "begntime": format!("{day} 10:00:00"), "med_type": "21", "ipt_no": "Z1", "adm_bed": "12" });
            ("2401", json!({ "mdtrtinfo": info, "diseinfo": [] }))
        } else {
            (
                "2201",
                json!({ "data": { "psn_no": number, "insutype": "", "begntime": day.to_string(), "ipt_otp_no": "M1" } }),
            )
        };
        let message = self.message(place, transaction, &input);
        let answer = self.deliver(dice, &message)?;
        // The commands are told at once what the visit is for.
        let named = match (stay, care) {
            (true, _) => "inpatient",
            (_, "13") => "emergency",
            _ => "outpatient",
        };
        let fields = json!({ "visit": { "person": number, "institution": PLACES[place].0, "care_type": named, "date": day } });
        let booked = self.command(place, &message.id, "open_visit", &fields);
        Self::agree(&message, &answer, &booked)?;
        let Ok(booked) = booked else { return Ok(()) };
        let wire = answer.text_at(if stay { "result" } else { "data" }, "mdtrt_id");
        if !stay && (care != "11" || dice.chance(50)) {
            let told = json!({ "mdtrtinfo": { "mdtrt_id": wire, "psn_no": number, "med_type": care, "begntime": day.to_string() } });
            let message = self.message(place, "2203", &told);
            let answer = self.deliver(dice, &message)?;
            if let Some(code) = answer.code {
                return Err(format!("2203: {code}"));
            }
        }
        self.visits.push(Visit {
            person,
            place,
            stay,
            care,
            opened: day,
            discharged: None,
            wire,
            agency: booked.result["visit"].as_str().expect("a visit").to_owned(),
            message: message.id,
            uploads: Vec::new(),
        });
        Ok(())
    }

    pub fn upload(
        &mut self,
        dice: &mut Dice,
        at: usize,
        charge: u32,
        lines: &Lines,
        slip: Option<Slip>,
    ) -> Done {
        let visit = self.visits[at].clone();
        let used: Vec<u32> = visit.uploads.iter().flat_map(|upload| upload.serials.clone()).collect();
        let row = self.row(at);
        let live = |serial: &u32| {
            let upload = visit.uploads.iter().find(|upload| upload.serials.contains(serial));
            upload.is_some_and(|upload| {
                row.batches.iter().any(|batch| batch.no == upload.batch && !batch.cancelled)
            })
        };
        let again = used.iter().find(|serial| live(serial)).copied();
        let slipped = slip.is_some() && again.is_some();
        let first = match again {
            Some(serial) if slipped => serial,
            _ => used.iter().max().map_or(1, |last| last + 1),
        };
        let mut common = json!({ "mdtrt_id": visit.wire, "psn_no": self.wire.people[visit.person] });
        if !visit.stay {
            common["chrg_bchno"] = format!("B{charge}").into();
        }
        let input = json!({ "feedetail": details(lines, first, &visit.opened.to_string(), &common) });
        let message = self.message(visit.place, if visit.stay { "2301" } else { "2204" }, &input);
        let answer = self.deliver(dice, &message)?;
        if slipped {
            return match answer.code.as_deref() {
                None => Err(format!("a serial number was taken twice: {}", message.body)),
                Some(_) => Ok(()),
            };
        }
        let asked: Vec<Value> = lines
            .iter()
            .map(|(item, quantity)| {
                let (code, price) = ITEMS[*item];
                let price = i64::from(price);
                json!({ "code": code, "on": visit.opened, "quantity": quantity.to_string(), "unit_price": yuan(price), "amount": yuan(price * i64::from(*quantity)) })
            })
            .collect();
        let fields = json!({ "visit": visit.agency, "lines": asked });
        if let Some(code) = answer.code.as_deref().filter(|code| EARLIER.contains(code)) {
            // What could not be settled is refused when it is uploaded; the commands would refuse it when it is settled.
            return self.refused_later(&visit, &fields, code);
        }
        let booked = self.command(visit.place, &message.id, "upload_lines", &fields);
        Self::agree(&message, &answer, &booked)?;
        if let Ok(booked) = booked {
            let batch =
                booked.result["batch"].as_u64().and_then(|no| u32::try_from(no).ok()).expect("a batch");
            let many = u32::try_from(lines.len()).expect("few");
            self.visits[at].uploads.push(Upload {
                charge,
                serials: (first..first + many).collect(),
                total: total(lines),
                batch,
            });
        }
        Ok(())
    }

    /// That these lines could not be settled by command either.
    pub fn refused_later(&self, visit: &Visit, upload: &Value, code: &str) -> Done {
        let fields = json!({
            "visit": { "person": self.agency.people[visit.person], "institution": PLACES[visit.place].0,
                "care_type": match (visit.stay, visit.care) { (true, _) => "inpatient", (_, "13") => "emergency", _ => "outpatient" },
                "date": visit.opened },
            "lines": upload["lines"],
        });
        let command =
            Command::read("settle_at_once", &fields.to_string()).map_err(|refusal| refusal.to_string())?;
        let tried = self
            .agency
            .office()
            .look(&Side::actor(visit.place), |desk, context| command.decide(desk, context).map(drop));
        match tried {
            Err(Failure::Refused(refusal)) if *refusal.code == *code => Ok(()),
            other => Err(format!("refused as {code} when it was uploaded; by command: {other:?}")),
        }
    }

    pub fn cancel_lines(&mut self, dice: &mut Dice, at: usize, upload: Option<usize>) -> Done {
        let visit = self.visits[at].clone();
        let row = self.row(at);
        let person = &self.wire.people[visit.person];
        let asked = upload.map(|upload| &visit.uploads[upload]);
        let waits =
            |upload: &Upload| row.batches.iter().any(|batch| batch.no == upload.batch && batch.waits());
        let data = match asked {
            Some(asked) if visit.stay => asked
                .serials
                .iter()
                .map(|serial| json!({ "feedetl_sn": serial, "mdtrt_id": visit.wire, "psn_no": person }))
                .collect::<Value>(),
            Some(asked) => {
                json!({ "mdtrt_id": visit.wire, "psn_no": person, "chrg_bchno": format!("B{}", asked.charge) })
            }
            None if visit.stay => json!({ "mdtrt_id": visit.wire, "psn_no": person, "feedetl_sn": "0000" }),
            None => json!({ "mdtrt_id": visit.wire, "psn_no": person, "chrg_bchno": "0000" }),
        };
        let message =
            self.message(visit.place, if visit.stay { "2302" } else { "2205" }, &json!({ "data": data }));
        let answer = self.deliver(dice, &message)?;
        let mut fields = json!({ "visit": visit.agency });
        if let Some(asked) = asked {
            // A charge names all of its uploads that wait; by command they are named line by line.
            let of_charge: Vec<&Upload> = visit
                .uploads
                .iter()
                .filter(|upload| upload.charge == asked.charge && waits(upload))
                .collect();
            match of_charge.as_slice() {
                _ if visit.stay => fields["batch"] = asked.batch.into(),
                [] => fields["batch"] = asked.batch.into(),
                [only] => fields["batch"] = only.batch.into(),
                several => {
                    let lines = several.iter().flat_map(|upload| {
                        (1..=upload.serials.len()).map(|line| json!({ "batch": upload.batch, "line": line }))
                    });
                    fields["lines"] = lines.collect();
                }
            }
        }
        let booked = self.command(visit.place, &message.id, "cancel_lines", &fields);
        Self::agree(&message, &answer, &booked)
    }

    /// 出院 and its undoing: told on the wire before the settlement, in the command of the settlement otherwise.
    pub fn discharge(&mut self, dice: &mut Dice, at: usize, leaves: bool) -> Done {
        let visit = self.visits[at].clone();
        let today = self.today();
        let named = json!({ "mdtrt_id": visit.wire, "psn_no": self.wire.people[visit.person], "endtime": format!("{today} 11:00:00"), "dscg_way": "1" });
        let (number, input) =
            if leaves { ("2402", json!({ "dscginfo": named })) } else { ("2405", json!({ "data": named })) };
        let message = self.message(visit.place, number, &input);
        let answer = self.deliver(dice, &message)?;
        let is_open = self.row(at).status == VisitStatus::Open;
        let expected = visit.stay && is_open && (leaves || visit.discharged.is_some());
        if expected != answer.code.is_none() {
            return Err(format!("{number} should be accepted: {expected}\n{}", answer.text));
        }
        if expected {
            self.visits[at].discharged = leaves.then_some(today);
        }
        Ok(())
    }

    pub fn cancel_visit(&mut self, dice: &mut Dice, at: usize) -> Done {
        let visit = self.visits[at].clone();
        let data =
            json!({ "mdtrt_id": visit.wire, "psn_no": self.wire.people[visit.person], "ipt_otp_no": "" });
        let message =
            self.message(visit.place, if visit.stay { "2404" } else { "2202" }, &json!({ "data": data }));
        let answer = self.deliver(dice, &message)?;
        let fields = json!({ "visit": visit.agency, "reason": "退号" });
        let booked = self.command(visit.place, &message.id, "cancel_visit", &fields);
        Self::agree(&message, &answer, &booked)
    }
}
