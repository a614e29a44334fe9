//! The envelope around every transaction: read tolerantly, written precisely.

use sha2::{Digest, Sha256};

use crate::fault::Fault;
use crate::moment;
use crate::wire::Wire;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The number of the transaction as it was written: `2207A`.
    pub number: String,
    /// The message's id: the key under which it is booked once.
    pub message: String,
    /// 机构编码.
    pub institution: String,
    /// 就医地; empty where not told.
    pub care_area: String,
    /// The content.
    pub input: Wire,
}

impl Request {
    /// Reads a body.
    ///
    /// # Errors
    /// The faults `malformed_json`, `missing_field` and `malformed_message`.
    pub fn read(body: &str) -> Result<Request, Fault> {
        let mut wire = Wire::read(body).map_err(|problem| {
            Fault::new("malformed_json", format!("报文{problem}；应为一个 UTF-8 的 JSON 对象"))
        })?;
        if !matches!(wire, Wire::Object(_)) {
            return Err(Fault::new("malformed_json", "报文应为一个 JSON 对象"));
        }
        let text = |name: &str| match wire.get(name).filter(|value| !value.is_absent()) {
            Some(Wire::Text(text)) => text.trim().to_owned(),
            Some(Wire::Number(digits)) => digits.clone(),
            _ => String::new(),
        };
        let need = |name: &str, meaning: &str| match text(name) {
            found if found.is_empty() => {
                Err(Fault::new("missing_field", format!("{name}（{meaning}）没有填写")))
            }
            found => Ok(found),
        };
        let message = need("msgid", "发送方报文ID")?;
        if message.len() > 64 || message.chars().any(|c| c.is_control() || c == '/') {
            let problem = "msgid（发送方报文ID）应为至多 64 个字节的文字，如机构编码、时间和顺序号";
            return Err(Fault::new("malformed_message", problem));
        }
        let number = need("infno", "交易编号")?;
        let institution = need("fixmedins_code", "定点医药机构编号")?;
        let care_area = text("mdtrtarea_admvs");
        Ok(Request { number, message, institution, care_area, input: input_of(&mut wire)? })
    }

    /// Puts a text into a node of the content, which is made where it is not there.
    pub fn attach(&mut self, node: &str, field: &str, text: String) {
        let Wire::Object(members) = &mut self.input else { return };
        let at = match members.iter().position(|(name, _)| name == node) {
            Some(at) => at,
            None => {
                members.push((node.to_owned(), Wire::Object(Vec::new())));
                members.len() - 1
            }
        };
        let Some((_, inside)) = members.get_mut(at) else { return };
        if !matches!(inside, Wire::Object(_)) {
            *inside = Wire::Object(Vec::new());
        }
        if let Wire::Object(inside) = inside {
            inside.retain(|(name, _)| name != field);
            inside.push((field.to_owned(), Wire::Text(text)));
        }
    }

    /// Hash of what is asked, whatever way it is written.
    pub fn hash(&self) -> String {
        let hash = Sha256::new().chain_update(&self.number).chain_update([0]);
        let hash = hash.chain_update(self.input.canonical()).finalize();
        hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The content, taken out of the envelope: an object, or a text that holds one.
fn input_of(wire: &mut Wire) -> Result<Wire, Fault> {
    match wire.take("input") {
        Some(Wire::Object(members)) => Ok(Wire::Object(members)),
        Some(Wire::Text(text)) if text.trim_start().starts_with('{') => Wire::read(&text)
            .map_err(|problem| Fault::new("malformed_json", format!("input 里的文字{problem}"))),
        None => Ok(Wire::Object(Vec::new())),
        Some(found) if found.is_absent() => Ok(Wire::Object(Vec::new())),
        Some(_) => Err(Fault::new("malformed_json", "input 应为对象，或装有对象的文字")),
    }
}

/// When a request came and when it was answered: milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// When it came.
    pub received: i64,
    /// When it was answered.
    pub answered: i64,
}

/// The answer to a request.
pub fn answer(area: &str, serial: u64, times: Times, outcome: Result<Wire, Fault>) -> String {
    let (code, output, problem, reference) = match outcome {
        Ok(output) => {
            let reference =
                format!("{area:0>6}{}{:010}", moment::compact(times.received), serial % 10_000_000_000);
            ("0", output, Wire::text(""), Wire::text(reference))
        }
        Err(fault) => ("-1", Wire::Null, Wire::text(fault.text()), Wire::Null),
    };
    let stamp = |at: i64| Wire::text(format!("{}{:03}", moment::compact(at), at.rem_euclid(1_000)));
    let envelope = Wire::object([
        ("infcode", Wire::Number(code.to_owned())),
        ("inf_refmsgid", reference),
        ("refmsg_time", stamp(times.received)),
        ("respond_time", stamp(times.answered)),
        ("err_msg", problem),
        ("output", output),
        ("warn_msg", Wire::Null),
        ("cainfo", Wire::Null),
        ("signtype", Wire::Null),
        ("enctype", Wire::Null),
    ]);
    envelope.to_string()
}

/// What the front of the platform answers to a transaction that does not belong to the address: no times, no output.
pub fn not_here(number: &str, serial: u64) -> String {
    let serial = serial % 10_000_000_000;
    let fault = Fault::new(
        "unknown_transaction",
        format!("未知交易编号 {number}：报文发到了别的交易的地址。异常流水号:{serial:010}"),
    );
    let envelope = Wire::object([
        ("type", Wire::text("error")),
        ("infcode", Wire::Number("-1".to_owned())),
        ("err_msg", Wire::text(fault.text())),
    ]);
    envelope.to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &str = r#"{"infno":"2207A","msgid":"H99030100001202603051200000001","mdtrtarea_admvs":"990301",
        "insuplc_admdvs":null,"infver":"1.0","opter":7,"recer_admvs":"x","fixmedins_code":" H99030100001 ",
        "input":{"data":{"psn_no":"P1","medfee_sumamt":12.50,"invono":""}}}"#;

    #[test]
    fn sloppy_envelopes_read() {
        let request = Request::read(BODY).expect("a request");
        assert_eq!(request.number, "2207A");
        assert_eq!(request.institution, "H99030100001");
        let as_text = BODY.replace(
            r#"{"data":{"psn_no":"P1","medfee_sumamt":12.50,"invono":""}}"#,
            r#""{\"data\":{\"medfee_sumamt\":\"12.50\",\"psn_no\":\"P1\"}}""#,
        );
        let other = Request::read(&as_text).expect("a request");
        assert_eq!(request.hash(), other.hash(), "the same is asked");
        assert_ne!(request.hash(), Request::read(&BODY.replace("12.50", "12.51")).expect("a request").hash());
    }

    #[test]
    fn what_is_missing_is_named() {
        for (from, to, code) in [
            ("\"infno\"", "\"infn\"", "missing_field"),
            ("\"msgid\"", "\"msg\"", "missing_field"),
            ("H99030100001202603051200000001", "a/b", "malformed_message"),
            ("\"input\":{", "\"input\":[{", "malformed_json"),
        ] {
            assert_eq!(Request::read(&BODY.replacen(from, to, 1)).expect_err(to).code, code, "{to}");
        }
    }

    proptest! {
        /// Whatever is cut out, doubled or overwritten: it is read or refused.
        #[test]
        fn broken_texts_are_refused(at in 0..BODY.len(), len in 0_usize..40, put in ".{0,6}", again in any::<bool>()) {
            let mut at = at;
            while !BODY.is_char_boundary(at) { at -= 1; }
            let mut end = (at + len).min(BODY.len());
            while !BODY.is_char_boundary(end) { end -= 1; }
            let middle = if again { &BODY[at..end.max(at)] } else { "" };
            let text = format!("{}{put}{middle}{middle}{}", &BODY[..at], &BODY[end.max(at)..]);
            match Request::read(&text) {
                Ok(request) => prop_assert!(!request.number.is_empty() && request.hash().len() == 32),
                Err(fault) => prop_assert!(fault.text().starts_with('[')),
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = Request::read(&text);
        }

        #[test]
        fn deep_and_strange_values_do_no_harm(open in "[\\[{\":,0-9a-z\\\\]{0,300}") {
            let _ = Wire::read(&open);
        }
    }
}
