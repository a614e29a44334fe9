//! One visit, message by message.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::connection::Line;
use crate::serving::Books;

/// The messages of a visit.
pub const NUMBERS: [&str; 6] = ["1101", "2201", "2203", "2204", "2206", "2207"];

/// The address that takes every transaction.
const PATH: &str = "/fsi/api/rsfComIfsService/callService";

/// What was played. Microseconds.
#[derive(Default)]
pub struct Played {
    pub whole: Vec<u64>,
    pub calls: [Vec<u64>; NUMBERS.len()],
    pub refused: u64,
    /// The first refusal.
    pub problem: Option<String>,
}

impl Played {
    /// The two together.
    pub fn add(&mut self, other: Played) {
        self.whole.extend(other.whole);
        for (mine, others) in self.calls.iter_mut().zip(other.calls) {
            mine.extend(others);
        }
        self.refused += other.refused;
        self.problem = self.problem.take().or(other.problem);
    }

    /// Shortest first.
    pub fn sort(&mut self) {
        self.whole.sort_unstable();
        self.calls.iter_mut().for_each(|call| call.sort_unstable());
    }
}

/// Visits of everybody in turn.
pub struct Visits<'books> {
    books: &'books Books,
    next: AtomicU64,
    headers: String,
    today: String,
    stamp: String,
}

impl<'books> Visits<'books> {
    pub fn of(books: &'books Books, next: AtomicU64) -> Visits<'books> {
        let now = Timestamp::now().to_zoned(TimeZone::fixed(Offset::constant(8)));
        Visits {
            books,
            next,
            headers: format!("Authorization: Bearer {}\r\n", books.token),
            today: now.strftime("%Y-%m-%d 08:30:00").to_string(),
            stamp: now.strftime("%Y%m%d").to_string(),
        }
    }

    fn body(&self, number: &str, serial: u64, input: &str) -> String {
        let Books { area, hospital, .. } = self.books;
        let (today, stamp) = (&self.today, &self.stamp);
        format!(
            r#"{{"infno":"{number}","msgid":"{hospital}{stamp}{serial:010}","mdtrtarea_admvs":"{area}","insuplc_admdvs":"{area}","recer_sys_code":"HIS","dev_no":"","dev_safe_info":"","cainfo":"","signtype":"","infver":"V1.0","opter_type":"1","opter":"001","opter_name":"收费员","inf_time":"{today}","fixmedins_code":"{hospital}","fixmedins_name":"医院","sign_no":"","input":{input}}}"#
        )
    }

    fn line(&self, visit: &str, person: &str, serial: u32, item: usize, quantity: u32, price: u32) -> String {
        let (code, today) = (&self.books.items[item], &self.today);
        let (amount, fen) = (quantity * price / 100, quantity * price % 100);
        format!(
            r#"{{"feedetl_sn":"{serial}","mdtrt_id":"{visit}","psn_no":"{person}","chrg_bchno":"B1","dise_codg":"","rxno":"","rx_circ_flag":"0","fee_ocur_time":"{today}","med_list_codg":"{code}","medins_list_codg":"{code}","det_item_fee_sumamt":{amount}.{fen:02},"cnt":{quantity},"pric":{}.{:02},"sin_dos_dscr":"","used_frqu_dscr":"","bilg_dept_codg":"A01","bilg_dept_name":"内科","bilg_dr_codg":"D001","bilg_dr_name":"李医生","hosp_appr_flag":"0","exp_content":""}}"#,
            price / 100,
            price % 100
        )
    }

    /// Plays one visit.
    pub fn play(&self, line: &mut Line, played: &mut Played) {
        let order = self.next.fetch_add(1, Ordering::Relaxed);
        let many = self.books.people.len() as u64;
        let person = &self.books.people[usize::try_from(order * 7 % many).unwrap()];
        let (psn, card, name, today) = (&person.number, &person.certificate, &person.name, &self.today);
        let serial = |at: u64| order * NUMBERS.len() as u64 + at;
        let began = Instant::now();
        let mut visit = String::new();
        let price = 2_000 + u32::try_from(order % 5_000).unwrap();
        for (at, number) in NUMBERS.iter().enumerate() {
            let input = match *number {
                "1101" => format!(
                    r#"{{"data":{{"mdtrt_cert_type":"02","mdtrt_cert_no":"{card}","card_sn":"","begntime":"","psn_cert_type":"01","certno":"{card}","psn_name":"{name}"}}}}"#
                ),
                "2201" => format!(
                    r#"{{"data":{{"psn_no":"{psn}","insutype":"310","begntime":"{today}","mdtrt_cert_type":"02","mdtrt_cert_no":"{card}","ipt_otp_no":"M{order}","atddr_no":"D001","dr_name":"李医生","dept_code":"A01","dept_name":"内科","caty":"A03"}}}}"#
                ),
                "2203" => format!(
                    r#"{{"mdtrtinfo":{{"mdtrt_id":"{visit}","psn_no":"{psn}","med_type":"11","begntime":"{today}","main_cond_dscr":"","dise_codg":"","dise_name":""}},"diseinfo":[{{"diag_type":"1","diag_srt_no":"1","diag_code":"I10.x00","diag_name":"高血压","diag_dept":"内科","dise_dor_no":"D001","dise_dor_name":"李医生","diag_time":"{today}","vali_flag":"1"}}]}}"#
                ),
                "2204" => format!(
                    r#"{{"feedetail":[{},{},{}]}}"#,
                    self.line(&visit, psn, 1, 0, 2, price),
                    self.line(&visit, psn, 2, 1, 1, 4_550),
                    self.line(&visit, psn, 3, 2, 1, 1_234)
                ),
                _ => {
                    let total = 2 * price + 4_550 + 1_234;
                    format!(
                        r#"{{"data":{{"psn_no":"{psn}","mdtrt_cert_type":"02","mdtrt_cert_no":"{card}","med_type":"11","medfee_sumamt":{}.{:02},"psn_setlway":"01","mdtrt_id":"{visit}","chrg_bchno":"B1","acct_used_flag":"1","insutype":"310","invono":""}}}}"#,
                        total / 100,
                        total % 100
                    )
                }
            };
            let body = self.body(number, serial(at as u64), &input);
            let asked = Instant::now();
            let (_, answer) = line.post(PATH, &self.headers, &body);
            let micros = u64::try_from(asked.elapsed().as_micros()).unwrap();
            if !answer.starts_with(b"{\"infcode\":0,") {
                played.refused += 1;
                let told = || format!("{number}: {}", String::from_utf8_lossy(&answer));
                played.problem.get_or_insert_with(told);
                return;
            }
            played.calls[at].push(micros);
            if *number == "2201" {
                let text = std::str::from_utf8(&answer).unwrap();
                let from = text.split("\"mdtrt_id\":\"").nth(1).unwrap();
                visit = from.split('"').next().unwrap().to_owned();
            }
        }
        played.whole.push(u64::try_from(began.elapsed().as_micros()).unwrap());
    }
}
