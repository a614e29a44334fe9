//! 对明细账 (3202): planted differences are found, all of them and nothing else.

use serde_json::{Value, json};

use crate::files::{download, upload};
use crate::kit::{Bench, HOSPITAL, PHARMACY, code, ok, open, text};

/// A settlement as an institution keeps it.
#[derive(Clone, Debug)]
struct Kept {
    settlement: String,
    visit: String,
    person: String,
    amounts: [String; 3],
    refund: bool,
    message: String,
}

impl Kept {
    fn of(answer: &Value) -> Kept {
        let info = &answer["setlinfo"];
        let part = |name: &str| info[name].to_string().trim_matches('"').to_owned();
        let amounts = ["medfee_sumamt", "fund_pay_sumamt", "acct_pay"].map(part);
        let refund = amounts[0].starts_with('-');
        Kept {
            settlement: part("setl_id"),
            visit: part("mdtrt_id"),
            person: part("psn_no"),
            amounts,
            refund,
            message: part("medins_setl_id"),
        }
    }

    fn line(&self) -> String {
        let [total, fund, account] = &self.amounts;
        let mark = u8::from(self.refund);
        format!("{}\t{}\t{}\t{total}\t{fund}\t{account}\t{mark}\n", self.settlement, self.visit, self.person)
    }
}

/// Sells something for so many yuan at the hospital's own counter.
fn sale(bench: &Bench, person: &str, yuan: u32) -> Kept {
    let input = json!({
        "druginfo": { "psn_no": person, "begntime": "2026-06-15", "medfee_sumamt": yuan, "insutype": "310", "acct_used_flag": "1", "med_type": "41" },
        "drugdetail": { "feedetl_sn": 1, "fee_ocur_time": "2026-06-15", "med_list_codg": "DEMO-D001", "det_item_fee_sumamt": yuan, "cnt": 1, "pric": yuan },
    });
    Kept::of(&ok(&bench.send("2102", input)))
}

fn refund(bench: &Bench, sold: &Kept) -> Kept {
    let data = json!({ "psn_no": sold.person, "setl_id": sold.settlement, "mdtrt_id": sold.visit });
    Kept::of(&ok(&bench.send("2103", json!({ "data": data }))))
}

fn asked(file: &str, day: &str) -> Value {
    json!({ "data": {
        "setl_optins": "990301", "file_qury_no": file, "stmt_begndate": day, "stmt_enddate": day, "medfee_sumamt": "0",
        "fund_pay_sumamt": "0", "cash_payamt": "0", "fixmedins_setl_cnt": "0", "clr_type": "41", "fixmedins_refd_setl_flag": "0",
    } })
}

/// The rows of the file that says how these settlements differ from what is booked on a day.
fn differences(bench: &Bench, kept: &[Kept], day: &str) -> Vec<Vec<String>> {
    let lines: String = kept.iter().map(Kept::line).collect();
    let file = upload(bench, lines.as_bytes());
    let told = ok(&bench.send("3202", asked(&file, day)));
    let (name, rows) = download(bench, &text(&told, "/fileinfo/file_qury_no"), HOSPITAL);
    assert_eq!(name, text(&told, "/fileinfo/filename"));
    rows.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn planted_differences_are_found_and_nothing_else() {
    let bench = open();
    let person = bench.employee("990301", 1, "500.00");
    let mut kept: Vec<Kept> = (1..=4).map(|yuan| sale(&bench, &person, 10 * yuan)).collect();
    kept.push(refund(&bench, &kept[1].clone()));
    // Booked two seconds after midnight; the institution counts it to the day before.
    bench.wait_until(12 * 3_600_000 + 2_000);
    let late = sale(&bench, &person, 50);
    assert!(differences(&bench, &kept, "2026-06-15").is_empty(), "equal, the negative one in its own row");
    let mut own = kept.clone();
    // The institution may know the negative one by the settlement that it cancels.
    own[4].settlement = own[1].settlement.clone();
    assert!(differences(&bench, &own, "2026-06-15").is_empty());
    let lost = own.remove(0);
    own[1].amounts[2] = "29.99".to_owned();
    own.push(late.clone());
    own.push(Kept { settlement: "S999999".to_owned(), ..lost.clone() });
    own.push(own[2].clone());
    let found = differences(&bench, &own, "2026-06-15");
    let brief: Vec<(&str, &str, &str)> =
        found.iter().map(|row| (row[2].as_str(), row[3].as_str(), row[6].as_str())).collect();
    assert_eq!(
        brief,
        [
            (own[1].settlement.as_str(), own[1].message.as_str(), "个人账户支出：机构 29.99，中心 30.00"),
            (
                late.settlement.as_str(),
                "null",
                "中心结算时间 2026-06-16 00:00:02，清算类别 41，不在这次对账之内"
            ),
            ("S999999", "null", "中心没有这笔结算"),
            (own[2].settlement.as_str(), own[2].message.as_str(), "机构的明细里重复"),
            ("null", lost.message.as_str(), "机构没有这笔结算，可以按报文编号冲正（2601）"),
        ]
    );
    assert!(found.iter().all(|row| row.len() == 10 && row[4] == "1"));
    // What the institution lost can be reversed by that message, and then both have the same.
    let reversed = json!({ "data": { "psn_no": person, "omsgid": lost.message, "oinfno": "2102" } });
    ok(&bench.send("2601", reversed));
    let next = differences(&bench, &[], "2026-06-16");
    let of: Vec<&str> = next.iter().map(|row| row[3].as_str()).collect();
    assert_eq!(of.len(), 2, "the late one and the reversal: {next:?}");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn files_that_cannot_be_compared_are_refused() {
    let bench = open();
    let refused = |text: &[u8]| code(&bench.send("3202", asked(&upload(&bench, text), "2026-06-15")));
    assert_eq!(refused(b"S1\tV1\tP1\t1.00\t0\t0\n"), "malformed_file", "six columns");
    assert_eq!(refused(b"S1\tV1\tP1\tx\t0\t0\t0\n"), "malformed_file", "no amount");
    assert_eq!(refused(b"null\tV1\tP1\t1\t0\t0\t0\n"), "malformed_file", "no id");
    assert_eq!(refused(&[0xb2, 0xe9]), "malformed_file", "another encoding");
    assert_eq!(code(&bench.send("3202", asked("F999", "2026-06-15"))), "no_file");
    let mut back = asked("F1", "2026-06-15");
    back["data"]["stmt_enddate"] = "2026-06-14".into();
    assert_eq!(code(&bench.send("3202", back)), "dates_go_back");
    // A first line with the names of the columns is no settlement.
    let names = b"setl_id\tmdtrt_id\tpsn_no\tmedfee_sumamt\tfund_pay_sumamt\tacct_pay\trefd_setl_flag\r\n";
    let told = ok(&bench.send("3202", asked(&upload(&bench, names), "2026-06-15")));
    let number = text(&told, "/fileinfo/file_qury_no");
    assert_eq!(download(&bench, &number, HOSPITAL).1, "");
    let fetched =
        json!({ "fsDownloadIn": { "file_qury_no": number, "filename": "x", "fixmedins_code": PHARMACY } });
    assert_eq!(code(&bench.send_of(PHARMACY, "9102", fetched)), "no_file");
    insta::assert_snapshot!(bench.log());
}
