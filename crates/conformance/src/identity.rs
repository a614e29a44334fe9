//! The sums that every settlement must keep.

use gongji_nhsa::wire::Wire;

use crate::form::yuan;
use crate::reply::{Reply, amount};
use crate::run::Run;

/// The four portions of a bill, in the fields of a settlement.
pub const PORTIONS: [&str; 4] = ["fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt"];

/// The same in the fields of a line.
const OF_LINES: [&str; 4] = ["fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt"];

const FUNDS: [&str; 8] =
    ["hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "hifdm_pay", "oth_pay"];

/// Amounts that a trial shows and the settlement books, and that a cancellation negates.
const AMOUNTS: [&str; 17] = [
    "medfee_sumamt",
    "fulamt_ownpay_amt",
    "overlmt_selfpay",
    "preselfpay_amt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "cvlserv_pay",
    "hifes_pay",
    "hifmi_pay",
    "hifob_pay",
    "maf_pay",
    "oth_pay",
    "fund_pay_sumamt",
    "acct_pay",
    "psn_cash_pay",
    "acct_mulaid_pay",
];

const NODE: &str = "setlinfo";

/// An amount; what cannot be read as one counts as nothing and is told by its own check.
fn of(reply: &Reply, field: &str) -> i64 {
    reply.fen(NODE, field).unwrap_or_default()
}

impl Run<'_> {
    fn sum(&mut self, check: &'static str, reply: &Reply, expected: (&str, i64), found: (&str, i64)) {
        if expected.1 == found.1 {
            self.pass(check);
        } else {
            let wanted = format!("{} {}", expected.0, yuan(expected.1));
            self.fail(check, &wanted, &format!("{} {}", found.0, yuan(found.1)), reply);
        }
    }

    /// The identities of a settlement, a trial or a cancellation.
    pub fn settlement(&mut self, reply: &Reply) {
        if let Some(field) = AMOUNTS.iter().find(|field| reply.fen(NODE, field).is_none()) {
            self.fail("output.numbers", &format!("setlinfo.{field} 是金额"), &reply.text(NODE, field), reply);
            return;
        }
        let total = of(reply, "medfee_sumamt");
        let (fund, account, cash, hospital) = (
            of(reply, "fund_pay_sumamt"),
            of(reply, "acct_pay"),
            of(reply, "psn_cash_pay"),
            of(reply, "hosp_part_amt"),
        );
        let portions = PORTIONS.iter().map(|field| of(reply, field)).sum();
        self.sum("identity.portions", reply, ("medfee_sumamt", total), ("四个部分合计", portions));
        let funds: i64 = FUNDS.iter().map(|field| of(reply, field)).sum();
        // Some regions count the account into the total of the funds.
        let with_account = account != 0 && fund == funds + account;
        let alone = if with_account { fund - account } else { fund };
        self.sum("identity.funds", reply, ("fund_pay_sumamt", alone), ("各基金合计", funds));
        let own = of(reply, "psn_part_amt");
        self.sum(
            "identity.payers",
            reply,
            ("medfee_sumamt", total),
            ("基金、个人、医院合计", alone + own + hospital),
        );
        self.sum("identity.own", reply, ("psn_part_amt", own), ("账户与现金合计", account + cash));
        let mutual = of(reply, "acct_mulaid_pay");
        if mutual.abs() <= account.abs() && mutual.signum() * account.signum() >= 0 {
            self.pass("identity.mutual");
        } else {
            self.fail("identity.mutual", &format!("不超过 acct_pay {}", yuan(account)), &yuan(mutual), reply);
        }
        let rows: i64 = reply.entries("setldetail").iter().filter_map(|row| amount(row, "fund_payamt")).sum();
        self.sum(
            "identity.rows",
            reply,
            ("基金、账户、医院合计", alone + account + hospital),
            ("setldetail 合计", rows),
        );
    }

    /// The identity of each line; the four portions of all of them.
    pub fn lines(&mut self, reply: &Reply, node: &str) -> [i64; 4] {
        let mut sums = [0; 4];
        for line in reply.entries(node) {
            let of = |field: &str| amount(line, field).unwrap_or_default();
            let parts = OF_LINES.map(of);
            let serial = line.get("feedetl_sn").map(Wire::to_string).unwrap_or_default();
            let (whole, found) = (of("det_item_fee_sumamt"), parts.iter().sum());
            self.sum("identity.lines", reply, (&format!("明细 {serial}"), whole), ("四个部分合计", found));
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
        sums
    }

    /// That a bill consists of the portions of its lines.
    pub fn lines_to_bill(&mut self, reply: &Reply, lines: [i64; 4]) {
        let bill = PORTIONS.map(|field| of(reply, field));
        if bill == lines {
            self.pass("identity.lines_to_bill");
        } else {
            let told = |portions: [i64; 4]| portions.map(yuan).join("、");
            self.fail("identity.lines_to_bill", &told(lines), &told(bill), reply);
        }
    }

    /// That a settlement booked what the trial had shown.
    pub fn as_tried(&mut self, tried: &Reply, settled: &Reply) {
        if !tried.text(NODE, "setl_id").is_empty() {
            self.fail("identity.trial", "预结算没有 setl_id", &tried.text(NODE, "setl_id"), tried);
        }
        let other = AMOUNTS.iter().chain(&["balc"]).find(|field| of(tried, field) != of(settled, field));
        match other {
            None => self.pass("identity.trial"),
            Some(field) => {
                let expected = format!("{field} {}（预结算）", yuan(of(tried, field)));
                self.fail("identity.trial", &expected, &yuan(of(settled, field)), settled);
            }
        }
    }

    /// That a cancellation is the negative of a settlement.
    pub fn negated(&mut self, settled: &Reply, cancelled: &Reply) {
        self.settlement(cancelled);
        match AMOUNTS.iter().find(|field| of(settled, field) != -of(cancelled, field)) {
            None => self.pass("identity.negative"),
            Some(field) => {
                let expected = format!("{field} {}", yuan(-of(settled, field)));
                self.fail("identity.negative", &expected, &yuan(of(cancelled, field)), cancelled);
            }
        }
    }

    /// That `balc` is what is left of what the account held.
    pub fn balance(&mut self, reply: &Reply, held: i64) {
        let own = of(reply, "acct_pay") - of(reply, "acct_mulaid_pay");
        self.sum("identity.balance", reply, ("balc", held - own), ("balc", of(reply, "balc")));
    }

    /// That the settlement carries its message's id.
    pub fn own_message(&mut self, reply: &Reply) {
        let found = reply.text(NODE, "medins_setl_id");
        if found == reply.message {
            self.pass("identity.message");
        } else {
            self.fail("identity.message", &reply.message.clone(), &found, reply);
        }
    }
}
