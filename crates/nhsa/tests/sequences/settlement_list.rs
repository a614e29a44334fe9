//! 结算清单 (4101–4103).

use serde_json::{Value, json};

use crate::kit::{Bench, code, fen, ok, open, text};

/// A stay that was settled: what names it, and what its funds paid.
fn settled(bench: &Bench) -> (Value, Value) {
    let person = bench.employee("990301", 1, "500.00");
    let input = json!({ "mdtrtinfo": { "psn_no": person, "insutype": "310", "begntime": "2026-06-08 10:00:00", "med_type": "21", "ipt_no": "Z1" } });
    let visit = text(&ok(&bench.send("2401", input)), "/result/mdtrt_id");
    let line = |serial: &str, item: &str, (quantity, price, amount): (&str, &str, &str)| {
        json!({ "feedetl_sn": serial, "mdtrt_id": visit, "med_type": "21", "fee_ocur_time": "2026-06-09 09:00:00", "med_list_codg": item,
            "medins_list_codg": "Y1", "det_item_fee_sumamt": amount, "cnt": quantity, "pric": price })
    };
    let lines = [
        line("1", "DEMO-S007", ("7", "36.00", "252.00")),
        line("2", "DEMO-D005", ("30", "90.00", "2700.00")),
        line("3", "DEMO-C009", ("1", "12.34", "12.34")),
    ];
    ok(&bench.send("2301", json!({ "feedetail": lines })));
    let asked = json!({ "data": { "mdtrt_id": visit, "psn_no": person, "acct_used_flag": "1", "mid_setl_flag": "0", "dscgTime": "2026-06-14" } });
    let answer = bench.send("2304", asked);
    let id = text(&ok(&answer), "/setlinfo/setl_id");
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
    let paid = json!([
        { "fund_pay_type": "310100", "fund_payamt": yuan(fen(&answer, "setlinfo", "hifp_pay")) },
        { "fund_pay_type": "310200", "fund_payamt": yuan(fen(&answer, "setlinfo", "acct_pay")) },
    ]);
    (json!({ "psn_no": person, "mdtrt_id": visit, "setl_id": id }), paid)
}

fn listed(named: &Value, paid: &Value) -> Value {
    let mut info = named.clone();
    for (name, value) in [
        ("medcasno", "B1"),
        ("ntly", "CHN"),
        ("prfs", "17"),
        ("poscode", "100000"),
        ("coner_name", "王二"),
        ("patn_rlts", "10"),
        ("coner_addr", "示例路1号"),
        ("coner_tel", "0000"),
        ("adm_time", "2026-06-08 10:00:00"),
        ("dscg_time", "2026-06-14 11:00:00"),
        ("vent_used_dura", "1/2/30"),
        ("lv1_nurscare_days", "3"),
        ("bill_code", "P1"),
        ("bill_no", "1"),
        ("biz_sn", "1"),
        ("setl_begn_date", "2026-06-08"),
        ("setl_end_date", "2026-06-14"),
        ("medins_fill_dept", "医保办"),
        ("medins_fill_psn", "李"),
        ("wm_dise_code", "J18.900"),
        ("dscg_way", "1"),
    ] {
        info[name] = value.into();
    }
    let diagnosis = |code: &str, main: &str| json!({ "diag_type": "1", "diag_code": code, "diag_name": "肺炎", "adm_cond_type": "1", "maindiag_flag": main });
    json!({
        "setlinfo": info,
        "diseinfo": [diagnosis("J18.900", "1"), diagnosis("I10.x00", "0")],
        "oprninfo": { "oprn_oprt_type": "1", "oprn_oprt_name": "气管插管", "oprn_oprt_code": "96.0400", "oper_dr_code": "D1",
            "oprn_oprt_begntime": "2026-06-09 10:00:00" },
        "icuinfo": [{ "scs_cutd_ward_type": "1", "scs_cutd_inpool_time": "2026-06-09 10:00:00", "scs_cutd_exit_time": "2026-06-10 10:00:00",
            "scs_cutd_sum_dura": "1/0/0" }],
        "payinfo": paid,
    })
}

#[test]
fn a_list_is_kept_submitted_and_shown() {
    let bench = open();
    let (named, paid) = settled(&bench);
    let list = listed(&named, &paid);
    let query = json!({ "data": { "psn_no": named["psn_no"], "setl_id": named["setl_id"] } });
    assert_eq!(code(&bench.send("4103", query.clone())), "no_list");
    let number = text(&ok(&bench.send("4101", list.clone())), "/data/setl_list_id");
    let mut again = list.clone();
    again["setlinfo"]["coner_name"] = "".into();
    assert_eq!(text(&ok(&bench.send("4101", again)), "/data/setl_list_id"), number, "it replaces the first");
    let shown = ok(&bench.send("4103", query.clone()));
    assert_eq!(shown["setlinfo"]["coner_name"], "", "nothing of the first is left");
    let info = &shown["setlinfo"];
    assert_eq!((&info["vent_used_days"], &info["vent_used_m_cnt"]), (&json!(1), &json!(30)));
    assert_eq!((&info["emp_poscode"], &info["act_ipt_days"]), (&json!("100000"), &json!(6)));
    assert_eq!(shown["iteminfo"].as_array().map(Vec::len), Some(3), "by kind of charge");
    let state = |state: &str| {
        let one = json!({ "psn_no": named["psn_no"], "setl_id": named["setl_id"], "stas_type": state });
        bench.send("4102", json!({ "data": { "stastinfo": [one] } }))
    };
    assert_eq!(code(&state("2")), "list_state", "what comes of it is the agency's to say");
    ok(&state("1"));
    assert_eq!(code(&state("1")), "list_submitted");
    assert_eq!(code(&bench.send("4101", list.clone())), "list_submitted");
    ok(&state("0"));
    ok(&bench.send("4101", list.clone()));
    ok(&bench.send("2305", json!({ "data": named })));
    assert_eq!(code(&bench.send("4101", list)), "already_cancelled");
    assert_eq!(code(&bench.send("4103", query)), "already_cancelled");
    insta::assert_snapshot!(bench.log());
}

#[test]
fn a_list_that_contradicts_its_settlement_is_refused() {
    let bench = open();
    let (named, paid) = settled(&bench);
    let list = listed(&named, &paid);
    let with = |place: &str, value: Value| {
        let mut list = list.clone();
        *list.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        code(&bench.send("4101", list))
    };
    assert_eq!(with("/payinfo/0/fund_payamt", json!("1.00")), "fund_differs");
    assert_eq!(
        with("/payinfo", json!([{ "fund_pay_type": "310200", "fund_payamt": paid[1]["fund_payamt"] }])),
        "fund_differs"
    );
    assert_eq!(with("/diseinfo/1/maindiag_flag", json!("1")), "main_diagnosis");
    assert_eq!(with("/diseinfo", json!([])), "main_diagnosis");
    assert_eq!(with("/diseinfo/0/diag_code", json!("")), "missing_field");
    assert_eq!(with("/setlinfo/adm_time", json!("2026-06-07")), "stay_differs");
    assert_eq!(with("/setlinfo/dscg_time", json!("2026-06-15")), "stay_differs");
    assert_eq!(with("/setlinfo/setl_end_date", json!("2026-06-01")), "dates_go_back");
    assert_eq!(with("/setlinfo/setl_begn_date", json!("")), "missing_field");
    assert_eq!(with("/setlinfo/lv1_nurscare_days", json!("三")), "malformed_number");
    assert_eq!(with("/icuinfo/0/scs_cutd_exit_time", json!("昨天")), "malformed_date");
    assert_eq!(with("/setlinfo/patn_rlts", json!("00")), "unknown_code");
    assert_eq!(with("/setlinfo/setl_id", json!("S1")), "no_settlement");
    assert_eq!(with("/setlinfo/psn_no", json!("P1")), "person_differs");
    insta::assert_snapshot!(bench.log());
}
