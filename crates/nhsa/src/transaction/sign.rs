//! 签到、签退 (9001, 9002).

use serde_json::Value;

use crate::call::{Call, note, object};
use crate::fault::Fault;
use crate::moment;
use crate::output;
use crate::wire::Wire;

/// 9001.
pub fn sign_in(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("signIn")?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let id = format!("sign/{}", call.request.message);
            let patch = object([("signed_in", Value::Object(asked.kept()))]);
            call.book(None, vec![note(id, patch)])?
        }
    };
    let members = [
        ("sign_time", Wire::text(moment::plain(record.booked_at))),
        ("sign_no", Wire::text(record.seq.to_string())),
    ];
    Ok(Wire::object([("signinoutb", output::node("9001", "signinoutb", &members, &[]))]))
}

/// 9002. The number must be one that this institution was given.
pub fn sign_out(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("signOut")?;
    let number = asked.need("sign_no")?;
    let record = match call.before()? {
        Some(record) => record,
        None => {
            let unknown = || Fault::new("no_sign_in", format!("本机构没有这个签到编号：{number}"));
            let seq: u64 = number.parse().map_err(|_| unknown())?;
            let own = call.own("");
            let signed = call.look(|desk, _| {
                let record = desk.record(seq)?;
                Ok(record.is_some_and(|r| r.kind == "exchange" && r.key.starts_with(&own)))
            })?;
            if !signed {
                return Err(unknown());
            }
            let id = format!("sign/{}", call.request.message);
            let patch = object([("signed_out", Value::Object(asked.kept()))]);
            call.book(None, vec![note(id, patch)])?
        }
    };
    let members = [("sign_time", Wire::text(moment::plain(record.booked_at)))];
    Ok(Wire::object([("signoutoutb", output::node("9002", "signoutoutb", &members, &[]))]))
}
