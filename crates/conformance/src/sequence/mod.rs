//! The documented sequences. Each leaves the platform as it found it: what it settles it cancels, what it opens it takes back.

mod away;
mod close;
mod files;
mod inpatient;
mod outpatient;
mod pharmacy;
mod refusal;
mod repeat;
mod tolerance;
mod unknown;
mod visit;

use gongji_nhsa::wire::Wire;
use serde_json::{Value, json};

use crate::client::Trouble;
use crate::form;
use crate::reply::{Reply, amount};
use crate::run::Run;
use crate::subjects::{Character, Institution, Item, Subjects};

/// How a sequence is played.
type Play = fn(&mut Run<'_>);

/// The sequences by name, in the order in which they are played.
const ALL: [(&str, Play); 9] = [
    ("outpatient", outpatient::play),
    ("tolerance", tolerance::play),
    ("refusal", refusal::play),
    ("repeat", repeat::play),
    ("unknown", unknown::play),
    ("pharmacy", pharmacy::play),
    ("inpatient", inpatient::play),
    ("close", close::play),
    ("away", away::play),
];

/// The names of the sequences.
pub const SEQUENCES: [&str; ALL.len()] = {
    let (mut names, mut at) = ([""; ALL.len()], 0);
    while at < ALL.len() {
        names[at] = ALL[at].0;
        at += 1;
    }
    names
};

/// Plays those that are named, or all.
///
/// # Errors
/// [`Trouble`] where nothing answers at all.
pub fn play(run: &mut Run<'_>, only: &[String]) -> Result<(), Trouble> {
    run.reach()?;
    for (name, play) in ALL {
        if only.is_empty() || only.iter().any(|only| only == name) {
            play(run);
        } else {
            run.skip_group(name, "按要求没有检查");
            // Whether addresses are told apart is looked at among the refusals.
            if name == "refusal" {
                run.skip_group("address", "按要求没有检查");
            }
        }
    }
    Ok(())
}

/// A person as the platform knows them.
#[derive(Clone, Debug)]
pub struct Patient {
    /// 人员编号.
    pub number: String,
    /// 证件号码.
    pub certificate: String,
    /// 姓名.
    pub name: String,
    /// 险种.
    pub insurance: String,
    /// 人员类别.
    pub category: String,
    /// 参保地.
    pub area: String,
    /// What the accounts hold, fen.
    pub held: i64,
}

/// What 1101 is asked with.
fn lookup(character: &Character) -> Value {
    json!({ "data": {
        "mdtrt_cert_type": "02", "mdtrt_cert_no": character.certificate, "card_sn": "", "begntime": "",
        "psn_cert_type": "01", "certno": character.certificate, "psn_name": character.name,
    } })
}

/// The person in an answer to 1101; `None` where the answer lacks what every further message needs.
fn read(reply: &Reply, character: &Character) -> Option<Patient> {
    let rows = reply.entries("insuinfo");
    let text = |row: &Wire, field: &str| match row.get(field) {
        Some(Wire::Text(text) | Wire::Number(text)) => text.trim().to_owned(),
        _ => String::new(),
    };
    let now = rows.iter().find(|row| text(row, "psn_insu_stas") == "1").or(rows.first())?;
    let patient = Patient {
        number: reply.text("baseinfo", "psn_no"),
        certificate: character.certificate.clone(),
        name: character.name.clone(),
        insurance: text(now, "insutype"),
        category: text(now, "psn_type"),
        area: text(now, "insuplc_admdvs"),
        held: rows.iter().filter_map(|row| amount(row, "balc")).sum(),
    };
    let whole = !patient.number.is_empty() && !patient.insurance.is_empty() && form::digits(&patient.area, 6);
    whole.then_some(patient)
}

/// Looks a person up; what follows is about that person.
pub fn patient(run: &mut Run<'_>, institution: &Institution, character: &Character) -> Option<Patient> {
    let message = run.message(institution, "1101", &lookup(character));
    let reply = run.send(&message)?;
    let found = reply.is_success().then(|| read(&reply, character)).flatten()?;
    run.areas.insured.clone_from(&found.area);
    Some(found)
}

/// What the person's accounts hold now, fen.
pub fn held(run: &mut Run<'_>, institution: &Institution, character: &Character) -> Option<i64> {
    patient(run, institution, character).map(|patient| patient.held)
}

/// A line of a bill: item, how many, the price in fen.
#[derive(Clone, Debug)]
pub struct Sold<'run> {
    pub item: &'run Item,
    pub quantity: i64,
    pub price: i64,
}

impl Sold<'_> {
    /// What it costs, fen.
    pub fn amount(&self) -> i64 {
        self.quantity * self.price
    }
}

/// One line of each class, each so many times.
pub fn basket(subjects: &Subjects, times: i64) -> Vec<Sold<'_>> {
    let kinds = [("甲", 2, 6_000), ("乙", 1, 4_550), ("丙", 1, 1_234)];
    let mut sold: Vec<Sold<'_>> = Vec::new();
    for (class, quantity, price) in kinds {
        let Some(item) = subjects.item(class) else { continue };
        if sold.iter().any(|known| known.item.code == item.code) {
            continue;
        }
        let price = item.price.as_deref().and_then(form::fen).unwrap_or(price);
        sold.push(Sold { item, quantity: quantity * times, price });
    }
    sold
}

/// What a basket costs, fen.
pub fn total(basket: &[Sold<'_>]) -> i64 {
    basket.iter().map(Sold::amount).sum()
}

/// The lines of a basket with serial numbers from `first`, on top of what all of them say.
pub fn details(basket: &[Sold<'_>], first: u32, time: &str, common: &Value) -> Vec<Value> {
    let lines = basket.iter().zip(first..).map(|(sold, serial)| {
        let mut line = common.clone();
        for (key, value) in [
            ("feedetl_sn", json!(serial.to_string())),
            ("rx_circ_flag", json!("0")),
            ("fee_ocur_time", json!(time)),
            ("med_list_codg", json!(sold.item.code)),
            ("medins_list_codg", json!(sold.item.code)),
            ("det_item_fee_sumamt", json!(form::yuan(sold.amount()))),
            ("cnt", json!(sold.quantity.to_string())),
            ("pric", json!(form::yuan(sold.price))),
            ("bilg_dept_codg", json!("A01")),
            ("bilg_dept_name", json!("内科")),
            ("bilg_dr_codg", json!("D001")),
            ("bilg_dr_name", json!("李医生")),
            ("hosp_appr_flag", json!("0")),
        ] {
            line[key] = value;
        }
        line
    });
    lines.collect()
}

/// Sends what takes something back, whatever becomes of it.
pub fn tidy(run: &mut Run<'_>, institution: &Institution, number: &str, input: &Value) {
    let message = run.message(institution, number, input);
    let _ = run.send(&message);
}
