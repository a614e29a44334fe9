//! A settlement as the wire shows it: `setlinfo`, `setldetail`, derived from its table.

use gongji_agency::record::{Draft, Record};
use gongji_agency::row::{Note, Person};
use gongji_agency::settlement::Settlement;
use gongji_policy::Payer;

use crate::moment;
use crate::output::{self, Member, day};
use crate::tables::Codes;
use crate::wire::Wire;

/// A settlement on its way out: booked, cancelled, or only tried.
#[derive(Clone, Debug)]
pub struct Bill {
    settlement: Settlement,
    /// 1, or −1 for the negative of a cancellation.
    sign: i64,
    /// The number of the record; `None` for what was only tried.
    seq: Option<u64>,
    /// When it was booked: milliseconds since 1970.
    booked_at: Option<i64>,
    /// The id of the message that made it.
    message: String,
    /// What the account held afterwards, fen.
    balance: Option<i64>,
}

fn balance_of(result: &serde_json::Value) -> Option<i64> {
    result["exchange"]["balance"].as_i64()
}

impl Bill {
    /// What a settlement would be.
    pub fn tried(draft: &Draft, message: &str) -> Option<Bill> {
        let settlement = draft.settlement.as_deref()?.clone();
        let balance = balance_of(&draft.result);
        Some(Bill { settlement, sign: 1, seq: None, booked_at: None, message: message.to_owned(), balance })
    }

    /// A booked settlement; for a cancellation the negative of the one that it cancels.
    pub fn booked(record: &Record, cancelled: Option<&Record>) -> Option<Bill> {
        let (made, sign) = match cancelled {
            Some(cancelled) => (cancelled.settlement.as_deref()?, -1),
            None => (record.settlement.as_deref()?, 1),
        };
        let message = record.key.rsplit('/').next().unwrap_or_default().to_owned();
        Some(Bill {
            settlement: made.clone(),
            sign,
            seq: Some(record.seq),
            booked_at: Some(record.booked_at),
            message,
            balance: balance_of(&record.result),
        })
    }

    /// Whether it is the negative of a cancellation.
    pub fn is_negative(&self) -> bool {
        self.sign < 0
    }

    /// When it was booked: milliseconds since 1970; `None` for what was only tried.
    pub fn booked_at(&self) -> Option<i64> {
        self.booked_at
    }

    /// The id of the message that made it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The settlement itself.
    pub fn settlement(&self) -> &Settlement {
        &self.settlement
    }

    /// What one payer pays, fen, with the sign.
    fn paid(&self, payer: Payer) -> i64 {
        let cells = self.settlement.cells.iter().filter(|cell| cell.payer == payer.name());
        self.sign * cells.map(|cell| cell.fen).sum::<i64>()
    }

    /// 本次起付: the in-scope money that a deductible took, whoever paid it.
    fn deductible(&self) -> i64 {
        let cells = self.settlement.cells.iter().filter(|cell| row_of(&cell.row) == "deductible");
        self.sign * cells.map(|cell| cell.fen).sum::<i64>()
    }

    /// The fund's share of what entered its bands, to four decimals.
    fn pooled_share(&self) -> String {
        let entered: i64 = self
            .settlement
            .cells
            .iter()
            .filter(|cell| row_of(&cell.row) == "band")
            .map(|cell| cell.fen)
            .sum();
        let paid = self.paid(Payer::PooledFund) * self.sign;
        if entered <= 0 || paid <= 0 {
            return "0".to_owned();
        }
        let scaled = (i128::from(paid) * 20_000 + i128::from(entered)) / (2 * i128::from(entered));
        format!("{}.{:04}", scaled / 10_000, scaled % 10_000)
    }

    /// 基金支付总额 as the area reports it.
    pub fn fund_total(&self, codes: Codes<'_>) -> i64 {
        let account = if codes.is_on("fund_sum_includes_account") { self.account() } else { 0 };
        self.sign * self.settlement.fund_paid + account
    }

    /// 个人账户支出, relatives' included.
    pub fn account(&self) -> i64 {
        self.sign * (self.settlement.account_paid + self.settlement.mutual_aid_paid)
    }

    /// 医疗费总额.
    pub fn total(&self) -> i64 {
        self.sign * self.settlement.total
    }

    /// 现金.
    pub fn cash(&self) -> i64 {
        self.sign * self.settlement.cash_paid
    }

    /// The id of the settlement on the wire.
    pub fn id(&self) -> Option<String> {
        self.seq.map(|seq| format!("S{seq}"))
    }

    /// The id of the visit on the wire: a bill settled at once is a visit of its own.
    pub fn visit(&self) -> Wire {
        match (&self.settlement.visit, self.seq) {
            (Some(visit), _) => Wire::text(visit.clone()),
            (None, Some(_)) => Wire::text(format!("V{}", self.settlement.id.trim_start_matches('S'))),
            (None, None) => Wire::Null,
        }
    }

    /// 清算类别.
    pub fn clearing(&self, codes: Codes<'_>) -> &'static str {
        codes.exact("clr_type", &self.settlement.care_type).unwrap_or("99")
    }

    /// Every named value that a settlement has on the wire.
    pub fn members(&self, person: &Person, note: &Note, codes: Codes<'_>) -> Vec<Member> {
        let made = &self.settlement;
        let signed = |fen: i64| Wire::fen(self.sign * fen);
        let told = |name: &str| note.0.get(name).and_then(serde_json::Value::as_str);
        let opened = |name: &str| note.0.get("opened").and_then(|opened| opened[name].as_str());
        let cover = person.cover_on(made.law_day);
        let mut members = person_members(person, made.law_day, codes);
        let or_null = |value: Option<String>| value.map_or(Wire::Null, Wire::Text);
        let fund = |payer: Payer| Wire::fen(self.paid(payer));
        let own = Wire::fen(self.account() + self.cash());
        let tried = self.seq.is_none();
        let care = told("med_type").map_or_else(
            || codes.exact("med_type", &made.care_type).unwrap_or_default().to_owned(),
            str::to_owned,
        );
        members.extend([
            ("mdtrt_id", self.visit()),
            ("setl_id", or_null(self.id())),
            ("insutype", Wire::text(codes.exact("insutype", &made.scheme).unwrap_or_default())),
            ("psn_type", Wire::text(cover.map_or("", |cover| psn_type(cover, codes)))),
            ("cvlserv_flag", Wire::text(cover.map_or("0", civil_servant))),
            (
                "flxempe_flag",
                Wire::text(if cover.is_some_and(|c| c.category == "flexible") { "1" } else { "0" }),
            ),
            ("nwb_flag", Wire::text(if cover.is_some_and(|c| c.category == "newborn") { "1" } else { "0" })),
            ("setl_time", or_null(self.booked_at.map(moment::plain))),
            ("mdtrt_cert_type", output::text(opened("mdtrt_cert_type"))),
            ("mdtrt_cert_no", output::text(opened("mdtrt_cert_no"))),
            ("med_type", Wire::text(care)),
            ("medfee_sumamt", signed(made.total)),
            ("fulamt_ownpay_amt", signed(made.non_covered)),
            ("overlmt_selfpay", signed(made.over_limit_price)),
            ("preselfpay_amt", signed(made.upfront_self_pay)),
            ("inscp_scp_amt", signed(made.in_scope)),
            ("inscp_amt", signed(made.in_scope)),
            ("act_pay_dedc", Wire::fen(self.deductible())),
            ("crt_dedc", Wire::fen(self.deductible())),
            ("hifp_pay", fund(Payer::PooledFund)),
            ("pool_prop_selfpay", Wire::Number(self.pooled_share())),
            ("cvlserv_pay", fund(Payer::CivilServantAid)),
            ("hifes_pay", fund(Payer::EnterpriseSupplement)),
            ("hifmi_pay", fund(Payer::CriticalIllnessFund)),
            ("hifob_pay", fund(Payer::LargeSumFund)),
            ("maf_pay", fund(Payer::MedicalAssistance)),
            ("hifdm_pay", Wire::fen(0)),
            ("oth_pay", fund(Payer::OtherFund)),
            ("fund_pay_sumamt", Wire::fen(self.fund_total(codes))),
            ("psn_part_amt", own.clone()),
            ("psn_pay", own),
            ("acct_pay", Wire::fen(self.account())),
            ("acct_mulaid_pay", signed(made.mutual_aid_paid)),
            ("psn_cash_pay", Wire::fen(self.cash())),
            ("pdn_cash_pay", Wire::fen(self.cash())),
            ("cash_payamt", Wire::fen(self.cash())),
            ("hosp_part_amt", signed(made.hospital_borne)),
            ("balc", Wire::fen(self.balance.unwrap_or_default())),
            ("medins_setl_id", Wire::text(self.message.clone())),
            ("clr_optins", if tried { Wire::Null } else { Wire::text(made.care_area.clone()) }),
            ("clr_way", if tried { Wire::Null } else { output::text(codes.exact("option", "clr_way")) }),
            ("clr_type", Wire::text(self.clearing(codes))),
            ("setl_type", output::text(codes.exact("option", "setl_type"))),
            ("insu_admdvs", Wire::text(made.area.clone())),
            ("insu_optins", Wire::text(made.area.clone())),
            ("emp_name", output::text(cover.and_then(|cover| cover.employer.as_deref()))),
            ("pay_loc", Wire::text(paid_at(&made.area, &made.care_area))),
            (
                "begndate",
                opened("begntime")
                    .map_or(day(made.law_day), |at| Wire::text(at.chars().take(10).collect::<String>())),
            ),
            ("enddate", day(made.law_day)),
            ("year", Wire::text(made.year.year().to_string())),
            ("invono", output::text(told("invono"))),
            ("refd_setl_flag", Wire::text(if self.sign < 0 { "1" } else { "0" })),
        ]);
        members
    }

    /// 基金支付类型 and fen of each fund, the account and the hospital, where they pay anything.
    pub fn payers(&self, codes: Codes<'_>) -> Vec<(&'static str, i64)> {
        let funds = Payer::ALL.into_iter().filter(|payer| payer.is_fund());
        let mut paid: Vec<(&str, i64)> = funds.map(|payer| (payer.name(), self.paid(payer))).collect();
        paid.push(("account", self.account()));
        paid.push(("hospital", self.sign * self.settlement.hospital_borne));
        let paid = paid.into_iter().filter(|(_, fen)| *fen != 0);
        paid.map(|(payer, fen)| (fund_code(codes, &self.settlement.scheme, payer), fen)).collect()
    }

    /// Whether a 基金支付类型 of this bill is a fund, and neither the account nor the hospital.
    pub fn is_fund(&self, codes: Codes<'_>, code: &str) -> bool {
        let scheme = &self.settlement.scheme;
        ["account", "hospital"].into_iter().all(|payer| fund_code(codes, scheme, payer) != code)
    }

    /// What the person pays: 个人自付 within the catalogue, 个人自费 beyond it, by account and in cash.
    pub fn own_shares(&self) -> Vec<Member> {
        let own = self.settlement.cells.iter().filter(|cell| {
            Payer::ALL
                .into_iter()
                .any(|payer| payer.name() == cell.payer && !payer.is_fund() && payer != Payer::Hospital)
        });
        let beyond = own.filter(|cell| matches!(row_of(&cell.row), "non_covered" | "over_limit_price"));
        let beyond = self.sign * beyond.map(|cell| cell.fen).sum::<i64>();
        vec![
            ("psn_ownpay", Wire::fen(beyond)),
            ("psn_selfpay", Wire::fen(self.account() + self.cash() - beyond)),
            ("acct_pay", Wire::fen(self.account())),
            ("psn_cashpay", Wire::fen(self.cash())),
            ("ybtcPay", Wire::fen(self.paid(Payer::PooledFund))),
            ("zgdePay", Wire::fen(self.paid(Payer::LargeSumFund))),
            ("jmdbPay", Wire::fen(self.paid(Payer::CriticalIllnessFund))),
            ("gwyPay", Wire::fen(self.paid(Payer::CivilServantAid))),
            ("yljzPay", Wire::fen(self.paid(Payer::MedicalAssistance))),
        ]
    }

    /// One row for each fund, the account and the hospital, where they pay anything.
    pub fn rows(&self, number: &str, codes: Codes<'_>) -> Wire {
        let rows = self.payers(codes).into_iter().map(|(code, fen)| {
            let members = [
                ("fund_pay_type", Wire::text(code)),
                ("inscp_scp_amt", Wire::fen(self.sign * self.settlement.in_scope)),
                ("crt_payb_lmt_amt", Wire::fen(0)),
                ("fund_payamt", Wire::fen(fen)),
                ("fund_pay_type_name", output::text(codes.exact("fund_pay_type_name", code))),
                ("setl_proc_info", Wire::Null),
            ];
            output::node(number, "setldetail", &members, &[])
        });
        Wire::List(rows.collect())
    }
}

/// How many of the pairs of digits of two region codes are the same from the left: province, city, county.
fn shared_levels(one: &str, other: &str) -> usize {
    let pairs = |code: &str| code.as_bytes().chunks(2).map(<[u8]>::to_vec).collect::<Vec<_>>();
    pairs(one).iter().zip(pairs(other)).take_while(|(one, other)| **one == *other).count()
}

/// 支付地点类别: at the institution at home, or away in the city, the province, another province.
fn paid_at(home: &str, care: &str) -> &'static str {
    match shared_levels(home, care) {
        _ if home == care => "2",
        2.. => "6",
        1 => "3",
        _ => "4",
    }
}

/// 异地标志: at home, away in the province, away in another.
pub fn away(home: &str, care: &str) -> &'static str {
    match shared_levels(home, care) {
        _ if home == care => "0",
        0 => "2",
        _ => "1",
    }
}

/// 基金支付类型 of a payer under a scheme.
pub fn fund_code(codes: Codes<'_>, scheme: &str, payer: &str) -> &'static str {
    codes
        .exact("fund_pay_type", &format!("{scheme}/{payer}"))
        .or_else(|| codes.exact("fund_pay_type", payer))
        .unwrap_or("999997")
}

/// The portion of a row without the number of its band.
fn row_of(row: &str) -> &str {
    row.split(':').next().unwrap_or(row)
}

/// 人员类别 of a cover.
pub fn psn_type(cover: &gongji_agency::row::Cover, codes: Codes<'_>) -> &'static str {
    codes.exact("psn_type", &cover.category).unwrap_or_default()
}

/// 公务员标志 of a cover.
pub fn civil_servant(cover: &gongji_agency::row::Cover) -> &'static str {
    let has = cover.supplements.iter().flatten().any(|name| name == "civil_servant");
    if has { "1" } else { "0" }
}

/// What is said of a person on a day.
pub fn person_members(person: &Person, on: jiff::civil::Date, codes: Codes<'_>) -> Vec<Member> {
    vec![
        ("psn_no", Wire::text(person.id.clone())),
        ("psn_name", Wire::text(person.name.clone())),
        ("psn_cert_type", output::text(codes.exact("psn_cert_type", person.certificate.kind.name()))),
        ("certno", Wire::text(person.certificate.number.clone())),
        ("gend", Wire::text(codes.exact("gend", &person.sex).unwrap_or("0"))),
        ("naty", Wire::text("")),
        ("brdy", day(person.birth_date)),
        ("age", Wire::Number(moment::age(person.birth_date, on))),
    ]
}
