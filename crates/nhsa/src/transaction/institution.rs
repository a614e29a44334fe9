//! 医药机构信息获取 (1201).

use gongji_agency::row::Institution;

use crate::call::Call;
use crate::fault::Fault;
use crate::output::{self, Member};
use crate::tables::Codes;
use crate::wire::Wire;

/// 1201: the institution of a code; the one that asks unless told.
pub fn find(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("medinsinfo")?;
    let code = asked.text("fixmedins_code").unwrap_or_else(|| call.institution.id.clone());
    let found = call.look(|desk, _| Ok(desk.get::<Institution>(&code)?.map(|row| (*row).clone())))?;
    let codes = call.codes();
    let kind = asked.text("fixmedins_type");
    let fits = |found: &Institution| {
        asked.text("fixmedins_name").is_none_or(|name| found.name.contains(&name))
            && kind.as_deref().is_none_or(|kind| kind_of(found, codes) == kind)
    };
    let found = found
        .filter(fits)
        .ok_or_else(|| Fault::new("no_institution", format!("没有这样的定点医药机构：{code}")))?;
    let members = members(&found, codes);
    Ok(Wire::object([("medinsinfo", output::node("1201", "medinsinfo", &members, &[]))]))
}

fn kind_of(institution: &Institution, codes: Codes<'_>) -> &'static str {
    let kind = institution.facility_type.as_deref().unwrap_or("hospital");
    codes.exact("fixmedins_type", kind).unwrap_or("1")
}

/// What is said of an institution.
pub fn members(institution: &Institution, codes: Codes<'_>) -> Vec<Member> {
    let level = institution.level.as_deref().unwrap_or_default();
    let grade = institution.grade.as_deref().unwrap_or_default();
    let grade = codes.exact("hosp_lv", &format!("{level}{grade}"));
    vec![
        ("fixmedins_code", Wire::text(institution.id.clone())),
        ("fixmedins_name", Wire::text(institution.name.clone())),
        ("fixmedins_type", Wire::text(kind_of(institution, codes))),
        ("fixmedins_poolarea", Wire::text(institution.area.clone())),
        ("hosp_lv", output::text(grade.or_else(|| codes.exact("hosp_lv", level)))),
    ]
}
