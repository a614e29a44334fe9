//! 人员待遇享受检查 (2001).

use std::sync::Arc;

use gongji_agency::Stop;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::Institution;
use gongji_agency::settlement::{Asked, quote};
use gongji_cases::request::Charges;
use gongji_money::Fen;
use gongji_policy::Payer;

use super::visit::{care_type, conditions, same_insurance};
use crate::bill::fund_code;
use crate::call::Call;
use crate::fault::Fault;
use crate::output::{self, day};
use crate::wire::Wire;

/// The bills that are tried, in fen of in-scope money: large ones reach every fund, small ones do not reach what the rules leave unknown.
const TRIED: [i64; 3] = [100_000_000, 1_000_000, 100_000];

/// What a fund does for the bill that was tried.
struct Enjoyed {
    payer: Payer,
    pays: bool,
}

/// Which funds of the benefit would pay, or why there is nothing.
fn tried(call: &Call<'_>, asked: &Asked) -> Result<Result<Vec<Enjoyed>, Refusal>, Fault> {
    call.look(|desk, context| {
        let mut refused = None;
        for fen in TRIED {
            let asked = Asked { charges: Charges::in_scope(Fen::new(fen)), ..asked.clone() };
            let quoted = match quote(desk, context, &asked) {
                Ok(quoted) => quoted,
                Err(Stop::Refused(refusal)) => {
                    refused = Some(*refusal);
                    continue;
                }
                Err(other) => return Err(other),
            };
            let packs = context.rules.packs();
            let pack = packs.iter().find(|pack| pack.area.code == quoted.reach.pooling_area);
            let scheme = pack.and_then(|pack| pack.scheme(&quoted.reach.scheme));
            let settled = &quoted.settled;
            let benefit =
                scheme.and_then(|scheme| scheme.benefits.iter().find(|b| b.name == settled.benefit));
            let layers = benefit.map(|benefit| benefit.layers.as_slice()).unwrap_or_default();
            let funds = Payer::ALL.into_iter().filter(|payer| payer.is_fund());
            let funds = funds.filter(|payer| layers.iter().any(|layer| layer.payer == *payer));
            let told = funds.map(|payer| Enjoyed { payer, pays: settled.paid_by(payer) > Fen::ZERO });
            return Ok(Ok(told.collect()));
        }
        Ok(Err(refused.unwrap_or_else(|| Refusal::new("not_covered", "没有待遇"))))
    })
}

/// 2001: every fund of the benefit for this kind of care, and whether it pays for this person.
pub fn check(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let person = call.person(&asked.need("psn_no")?)?;
    let on = asked.need_date("begntime")?;
    let care = care_type(call, &asked.need("med_type")?)?;
    same_insurance(call, &asked, &person.id, on)?;
    let code = asked.text("fixmedins_code").unwrap_or_else(|| call.institution.id.clone());
    let found = call.look(|desk, _| desk.get::<Institution>(&code))?;
    let place =
        found.ok_or_else(|| Fault::new("no_institution", format!("没有这样的定点医药机构：{code}")))?;
    let bill = Asked {
        person: Arc::clone(&person),
        institution: place,
        visit: None,
        claim: None,
        care_type: care.to_owned(),
        date: on,
        admitted_on: on,
        discharged_on: on,
        filing: None,
        stay: None,
        mid_stay: false,
        from_emergency: false,
        family_doctor: None,
        cause: None,
        conditions: conditions(care, &asked),
        prescribed_by: None,
        charges: Charges::in_scope(Fen::ZERO),
        use_account: false,
        use_mutual_aid: false,
        expect: None,
    };
    let cover = person.cover_on(on);
    let codes = call.codes();
    let row = |payer: &str, pays: bool, why: String| {
        let scheme = cover.map_or("employee", |cover| cover.scheme.as_str());
        let members = [
            ("psn_no", Wire::text(person.id.clone())),
            ("trt_chk_type", Wire::text("01")),
            ("fund_pay_type", Wire::text(fund_code(codes, scheme, payer))),
            ("trt_enjymnt_flag", Wire::text(if pays { "1" } else { "0" })),
            ("begndate", day(cover.map_or(on, |cover| cover.from))),
            ("enddate", cover.and_then(|cover| cover.to).map_or(Wire::Null, day)),
            ("trt_chk_rslt", Wire::text(why)),
        ];
        output::node("2001", "trtinfo", &members, &[])
    };
    let rows = match tried(call, &bill)? {
        Ok(funds) => funds
            .iter()
            .map(|fund| {
                let why = if fund.pays {
                    String::new()
                } else {
                    "按参保地规则，这项待遇现在不支付".to_owned()
                };
                row(fund.payer.name(), fund.pays, why)
            })
            .collect(),
        Err(refusal) => vec![row(Payer::PooledFund.name(), false, refusal.to_string())],
    };
    Ok(Wire::object([("trtinfo", Wire::List(rows))]))
}
