//! 冲正 (2601) of a message whose outcome the institution does not know.

use gongji_agency::command::{Command, Reverse};

use super::plain;
use crate::call::{Call, record};
use crate::fault::Fault;
use crate::wire::Wire;

/// The transactions that can be reversed, by their plain form.
const REVERSIBLE: [&str; 4] = ["2102", "2207", "2304", "2401"];

/// 2601. A message that never came is refused when it comes; one that did is taken back, once.
pub fn reverse(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    if call.before()?.is_some() {
        return Ok(Wire::Null);
    }
    let (message, number) = (asked.need("omsgid")?, asked.need("oinfno")?);
    if !REVERSIBLE.contains(&plain(&number)) {
        let problem = format!("交易 {number} 不能冲正；可以冲正的有 {}", REVERSIBLE.join("、"));
        return Err(Fault::new("not_reversible", problem));
    }
    let key = call.own(&message);
    let found = call.look(|desk, _| match desk.outcome(&key)?.and_then(|outcome| outcome.seq) {
        Some(seq) => Ok(Some(record(desk, seq)?)),
        None => Ok(None),
    })?;
    if let Some(found) = found {
        let known = found.result["exchange"]["number"].as_str().unwrap_or_default();
        if plain(known) != plain(&number) {
            let problem = format!("报文 {message} 的交易编号是 {known}，不是 {number}");
            return Err(Fault::new("number_differs", problem));
        }
        if let Some(link) = found.people.first() {
            call.same_person(&asked, &link.person)?;
        }
    }
    call.tell(Some(Command::Reverse(Reverse { message })), Vec::new(), Wire::Null)
}
