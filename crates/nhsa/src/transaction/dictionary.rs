//! 字典表查询 (1901).

use crate::call::Call;
use crate::fault::Fault;
use crate::output;
use crate::tables::tables;
use crate::wire::Wire;

/// 1901: the codes of a table. The tables are flat, so whatever parent is named, all are given; none is out of force.
pub fn table(call: &Call<'_>) -> Result<Wire, Fault> {
    let asked = call.node("data")?;
    let name = asked.need("type")?;
    let found = tables().values().find(|table| table.name.eq_ignore_ascii_case(&name));
    let found = found.ok_or_else(|| {
        Fault::new("no_table", format!("没有字典类型 {name}；字典类型是字段的名字，如 med_type"))
    })?;
    let void = asked.text("Vali_Flag").as_deref() == Some("0");
    let codes = found.codes.iter().filter(|(code, _)| !void && !code.contains(' '));
    let rows = (1..).zip(codes).map(|(sort, (code, meaning)): (u32, _)| {
        let members = [
            ("type", Wire::text(found.name)),
            ("label", Wire::text(*meaning)),
            ("value", Wire::text(*code)),
            ("sort", Wire::Number(sort.to_string())),
            ("valiFlag", Wire::text("1")),
            ("version", Wire::Number("1".to_owned())),
        ];
        output::node("1901", "list", &members, &[])
    });
    Ok(Wire::object([("list", Wire::List(rows.collect()))]))
}
