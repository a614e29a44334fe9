//! Checks of nodes whose every field is kept: numbers, days and codes as they are described.

use crate::call::Call;
use crate::fault::Fault;
use crate::fields::{Direction, FieldKind, transaction};
use crate::input::Node;
use crate::tables::tables;

/// Checks the described fields of a node that are there: a number is one, a day is one, a code stands in its table (or begins with one that does).
///
/// # Errors
/// The faults `malformed_number`, `malformed_date` and `unknown_code`.
pub fn check(call: &Call<'_>, name: &str, node: &Node<'_>) -> Result<(), Fault> {
    let described = transaction(call.number).and_then(|known| known.node(Direction::In, name));
    for field in described.map(|node| node.fields.as_slice()).unwrap_or_default() {
        match field.kind {
            FieldKind::Number => {
                let decimals = field.length.split_once(',').map_or("0", |(_, decimals)| decimals);
                node.scaled(field.name, decimals.parse().unwrap_or_default())?;
            }
            FieldKind::Date | FieldKind::DateTime => {
                node.date(field.name)?;
            }
            _ => {}
        }
        let table = tables().get(field.name).filter(|_| field.coded);
        if let (Some(table), Some(code)) = (table, node.text(field.name))
            && table.meaning_of(&code).is_none()
        {
            let problem = format!("{name}.{}（{}）没有取值 {code}", field.name, field.meaning);
            return Err(Fault::new("unknown_code", problem));
        }
    }
    Ok(())
}

/// Checks that these fields are there.
///
/// # Errors
/// The fault `missing_field`.
pub fn need(node: &Node<'_>, fields: &[&str]) -> Result<(), Fault> {
    fields.iter().try_for_each(|field| node.need(field).map(drop))
}
