//! 医保电子凭证解码 (1162, 6101): who shows a code.
//!
//! The content of a real code is secret. Here the code is the number of the electronic credential itself, and so is the token that it becomes:
//! what 1101 takes as `mdtrt_cert_no` of kind 01.

use gongji_agency::row::{CertificateHolder, Person};

use crate::call::Call;
use crate::fault::Fault;
use crate::input::Node;
use crate::output::{self, Member, day};
use crate::wire::Wire;

/// The holder of the electronic credential of a number.
///
/// # Errors
/// The fault `wrong_code`.
pub fn holder(call: &Call<'_>, number: &str) -> Result<Person, Fault> {
    let id = format!("electronic_credential/{}", number.to_uppercase());
    let found = call.look(|desk, _| {
        let Some(holder) = desk.get::<CertificateHolder>(&id)? else { return Ok(None) };
        Ok(Some((*desk.need::<Person>(&holder.person)?).clone()))
    })?;
    found.ok_or_else(|| Fault::new("wrong_code", "不是有效的医保电子凭证码"))
}

fn members(call: &Call<'_>, asked: &Node<'_>) -> Result<Vec<Member>, Fault> {
    asked.need("orgId")?;
    asked.need("businessType")?;
    let fields = ["ecQrCode", "qrCode", "businessInfo"].into_iter();
    let code = fields.filter_map(|field| asked.text(field)).next();
    let code = code.ok_or_else(|| Fault::new("missing_field", "ecQrCode（二维码的内容）没有填写"))?;
    let person = holder(call, &code)?;
    let today = call.look(|_, context| Ok(context.today))?;
    let codes = call.codes();
    Ok(vec![
        ("userName", Wire::text(person.name.clone())),
        ("idNo", Wire::text(person.certificate.number.clone())),
        ("idType", output::text(codes.exact("psn_cert_type", person.certificate.kind.name()))),
        ("insuOrg", output::text(person.cover_on(today).map(|cover| cover.area.as_str()))),
        ("ecIndexNo", Wire::text(person.id.clone())),
        ("ecToken", Wire::text(code.clone())),
        ("gender", Wire::text(codes.exact("gend", &person.sex).unwrap_or("0"))),
        ("birthday", day(person.birth_date)),
        ("ecQrCode", Wire::text(code)),
    ])
}

/// 1162.
pub fn decode(call: &Call<'_>) -> Result<Wire, Fault> {
    let members = members(call, &call.node("data")?)?;
    Ok(Wire::object([("data", output::node("1162", "data", &members, &[]))]))
}

/// 6101.
pub fn decode_for_payment(call: &Call<'_>) -> Result<Wire, Fault> {
    let members = members(call, &call.node("InData")?)?;
    Ok(Wire::object([("OutData", output::node("6101", "OutData", &members, &[]))]))
}
