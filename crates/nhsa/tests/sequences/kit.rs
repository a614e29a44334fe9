//! A platform over an office with people, a hospital and a pharmacy.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use gongji_agency::actor::Actor;
use gongji_agency::audit::audit;
use gongji_agency::catalogue::{SHIPPED, items_from_csv};
use gongji_agency::certificate::check_character;
use gongji_agency::command::Command;
use gongji_agency::office::{Office, Rules};
use gongji_agency::port::{FixedClock, Store};
use gongji_nhsa::Platform;
use gongji_packs::PackTexts;
use gongji_policy::{Pack, read_packs};
use gongji_store::testing::{Ground, TemporarySqlite, temporary_sqlite};
use serde_json::{Value, json};

use crate::schema;

/// Noon of 2026-06-15 in Beijing.
pub const NOW: i64 = 1_781_496_000_000;

/// An invented hospital and pharmacy of the first area, and a hospital of one whose fund total includes the account.
pub const HOSPITAL: &str = "H99030100001";
pub const PHARMACY: &str = "P99030100002";
pub const ELSEWHERE: &str = "H98030200003";

/// Packs with the names and texts of their files.
type Texts = (&'static [Pack], Vec<(String, String)>);

fn rules() -> Rules {
    static PACKS: OnceLock<Texts> = OnceLock::new();
    let (packs, files) = PACKS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
        let mut texts = PackTexts::from_folder(&root).expect("fixtures");
        let captures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sequences/captures");
        texts.rules.extend(PackTexts::from_folder(&captures).expect("an area of its own").rules);
        let (packs, _) = read_packs(&texts.rules);
        let files = texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
        (&*Vec::leak(packs), files)
    });
    Rules::new(packs, files.clone())
}

/// An invented id card with a right check character.
pub fn id_card(order: u32) -> String {
    let digits = format!("99030119800229{order:03}");
    let check = check_character(&digits).expect("17 digits");
    format!("{digits}{check}")
}

/// A platform with its store; audited when it closes.
pub struct Bench {
    office: Option<Office>,
    platform: Option<Platform>,
    store: Arc<dyn gongji_store::Home>,
    clock: FixedClock,
    _ground: TemporarySqlite,
    sent: Cell<u32>,
    log: RefCell<String>,
}

pub fn open() -> Bench {
    let ground = temporary_sqlite().expect("a folder");
    let store = ground.open().expect("a store");
    let as_store: Arc<dyn Store> = store.clone();
    let clock = FixedClock::at(NOW);
    let office = Office::open(as_store, Arc::new(rules()), Arc::new(clock.clone())).expect("an office");
    let platform = Some(Platform::new(office.clone()));
    let bench = Bench {
        office: Some(office),
        platform,
        store,
        clock,
        _ground: ground,
        sent: Cell::new(0),
        log: RefCell::default(),
    };
    bench.settle_in();
    bench
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.platform.take());
        drop(self.office.take());
        if std::thread::panicking() {
            return;
        }
        let mut differences = Vec::new();
        self.store
            .read(&mut |view| {
                differences = audit(view, &mut |_, _| {})?.differences;
                Ok(())
            })
            .expect("an audit");
        assert!(differences.is_empty(), "{differences:?}");
    }
}

impl Bench {
    /// Books a command of the agency's own staff.
    pub fn book(&self, kind: &str, fields: &Value) -> Value {
        self.book_as("测试", kind, fields)
    }

    /// The same of one among the staff by name.
    pub fn book_as(&self, name: &str, kind: &str, fields: &Value) -> Value {
        static KEYS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let key = format!("K{}", KEYS.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        let command = Command::read(kind, &fields.to_string()).expect("a command");
        let office = self.office.as_ref().expect("open");
        office.book(&Actor::operator(name), &key, command).expect("booked").result
    }

    fn settle_in(&self) {
        let items = items_from_csv("000000", SHIPPED).expect("the catalogue");
        let office = self.office.as_ref().expect("open");
        office.book(&Actor::operator("测试"), "items", Command::PutItems(items)).expect("booked");
        for (id, area, kind) in [
            (HOSPITAL, "990301", "hospital"),
            (PHARMACY, "990301", "pharmacy"),
            (ELSEWHERE, "980302", "hospital"),
        ] {
            let facts = json!({ "level": "2", "grade": "A", "facility_type": kind });
            self.book(
                "register_institution",
                &json!({ "id": id, "name": format!("示例机构{id}"), "area": area, "from": "2020-01-01", "facts": facts }),
            );
        }
    }

    /// An employee of an area with so many yuan in the account; the number.
    pub fn employee(&self, area: &str, order: u32, balance: &str) -> String {
        let certificate = json!({ "kind": "id_card", "number": id_card(order) });
        let sex = if order % 2 == 1 { "male" } else { "female" };
        let told = self.book(
            "register_person",
            &json!({ "area": area, "name": "王小明", "certificate": certificate, "sex": sex, "birth_date": "1980-02-29" }),
        );
        let person = told["person"].as_str().expect("a number").to_owned();
        self.book(
            "enrol",
            &json!({
                "person": person, "area": area, "scheme": "employee", "from": "2024-01-01", "reason": "新参保",
                "facts": {
                    "category": "employed", "account_option": "with_account", "assistance": [], "supplements": [],
                    "years": { "total": 20, "local_paid": 12, "continuous": 8 },
                },
            }),
        );
        self.book("open_account", &json!({ "person": person, "area": area }));
        if balance != "0.00" {
            self.book(
                "credit_account",
                &json!({
                    "person": person, "sub_account": "current_year", "amount": balance, "period": "2026-05",
                    "source": "bank", "reason": "单位缴费划入",
                }),
            );
        }
        person
    }

    /// The platform.
    pub fn platform(&self) -> &Platform {
        self.platform.as_ref().expect("open")
    }

    /// What the last record moves: account and fen.
    pub fn postings(&self) -> Vec<(String, i64)> {
        let office = self.office.as_ref().expect("open");
        let read = |desk: &mut gongji_agency::desk::Desk<'_>,
                    context: &gongji_agency::context::Context<'_>| {
            Ok(desk.record(context.seq - 1)?.expect("a record"))
        };
        let last = office.look(&Actor::operator("测试"), read).expect("a look");
        last.entry.postings().iter().map(|posting| (posting.0.to_string(), posting.1)).collect()
    }

    /// Lets so many milliseconds pass since noon.
    pub fn wait_until(&self, after_noon: i64) {
        self.clock.set(NOW + after_noon);
    }

    /// A body in the name of an institution under a message's id.
    pub fn body(&self, institution: &str, number: &str, message: &str, input: &Value) -> String {
        json!({
            "infno": number, "msgid": message, "mdtrtarea_admvs": &institution[1..7], "insuplc_admdvs": "",
            "recer_sys_code": "HIS", "dev_no": null, "infver": "V1.0", "opter_type": "1", "opter": "001",
            "opter_name": "收费员", "inf_time": "2026-06-15 12:00:00", "fixmedins_code": institution,
            "fixmedins_name": "示例机构", "sign_no": "", "input": input,
        })
        .to_string()
    }

    /// The next message's id.
    pub fn message(&self, institution: &str) -> String {
        self.sent.set(self.sent.get() + 1);
        format!("{institution}20260615120000{:04}", self.sent.get())
    }

    /// Sends a body; the answer as it is written. Its form is checked against the field data.
    pub fn send_body(&self, number: &str, body: &str) -> String {
        let answer = self.platform().answer(body);
        schema::check(number, &answer);
        let input = serde_json::from_str::<Value>(body)
            .map_or_else(|_| body.to_owned(), |body| body["input"].to_string());
        let shown = answer.replace("},{", "},\n  {").replace("],\"", "],\n \"").replace("},\"", "},\n \"");
        writeln!(self.log.borrow_mut(), "→ {number} {input}\n← {shown}\n").expect("text");
        answer
    }

    /// Sends a new message of the hospital; the answer.
    pub fn send(&self, number: &str, input: Value) -> String {
        self.send_of(HOSPITAL, number, input)
    }

    /// Sends a new message of an institution; the answer.
    pub fn send_of(&self, institution: &str, number: &str, input: Value) -> String {
        let message = self.message(institution);
        self.send_body(number, &self.body(institution, number, &message, &input))
    }

    /// Everything that was sent and answered.
    pub fn log(&self) -> String {
        self.log.borrow().clone()
    }
}

/// The answer as JSON, which must be a success.
pub fn ok(answer: &str) -> Value {
    let value: Value = serde_json::from_str(answer).expect("JSON");
    assert_eq!(value["infcode"], 0, "{answer}");
    value["output"].clone()
}

/// The code of an answer that must be a failure.
pub fn code(answer: &str) -> String {
    let value: Value = serde_json::from_str(answer).expect("JSON");
    assert_eq!((&value["infcode"], &value["output"]), (&json!(-1), &Value::Null), "{answer}");
    let text = value["err_msg"].as_str().expect("text");
    let (code, _) =
        text.strip_prefix('[').and_then(|rest| rest.split_once("] ")).expect("a code in brackets");
    code.to_owned()
}

/// A text member of the output.
pub fn text(output: &Value, path: &str) -> String {
    output.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{path}: {output}")).to_owned()
}

/// An amount of a node in fen, off the digits of the answer.
pub fn fen(answer: &str, node: &str, field: &str) -> i64 {
    let (_, inside) = answer.split_once(&format!("\"{node}\":{{")).expect("the node");
    let (inside, _) = inside.split_once('}').expect("its end");
    let (_, digits) =
        inside.split_once(&format!("\"{field}\":")).unwrap_or_else(|| panic!("{field}: {inside}"));
    let digits = digits.split(',').next().expect("a value");
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "00"));
    format!("{whole}{decimals:0<2}").parse().unwrap_or_else(|_| panic!("{field}: {digits}"))
}

/// The identities of a settlement.
pub fn identities(answer: &str) {
    let of = |field: &str| fen(answer, "setlinfo", field);
    let total = of("medfee_sumamt");
    let portions = ["fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"];
    assert_eq!(portions.map(of).iter().sum::<i64>(), total, "portions: {answer}");
    assert_eq!(of("fund_pay_sumamt") + of("psn_part_amt") + of("hosp_part_amt"), total, "payers: {answer}");
    assert_eq!(of("acct_pay") + of("psn_cash_pay"), of("psn_part_amt"), "own: {answer}");
    let funds =
        ["hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay"];
    assert_eq!(funds.map(of).iter().sum::<i64>(), of("fund_pay_sumamt"), "funds: {answer}");
    let rows: i64 = answer
        .split("\"fund_payamt\":")
        .skip(1)
        .map(|rest| {
            let digits = rest.split([',', '}']).next().expect("a value");
            digits.replace('.', "").parse::<i64>().expect("fen")
        })
        .sum();
    assert_eq!(rows, of("fund_pay_sumamt") + of("acct_pay") + of("hosp_part_amt"), "rows: {answer}");
}
