//! Answers that come page by page.

use jiff::civil::Date;

use crate::call::Call;
use crate::fault::Fault;
use crate::input::Node;
use crate::output::{self, Member};
use crate::wire::Wire;

/// So many rows at most are on a page.
const MOST_ON_A_PAGE: usize = 1_000;

/// What is asked of a list.
pub struct Asked<'call> {
    /// The node of the request.
    pub node: Node<'call>,
    /// The day on which a row must serve.
    pub on: Option<Date>,
    page: usize,
    size: usize,
}

impl<'call> Asked<'call> {
    /// Reads what is asked.
    ///
    /// # Errors
    /// The faults `missing_node`, `missing_field`, `malformed_number`, `malformed_date` and `page`.
    pub fn read(call: &'call Call<'_>) -> Result<Asked<'call>, Fault> {
        let node = call.node("data")?;
        let number = |field: &str| {
            node.need(field)?;
            let asked = node.scaled(field, 0)?.unwrap_or_default();
            let problem = || {
                let problem = format!("{field} 写的是 {asked}：页码从 1 起，每页 1 到 {MOST_ON_A_PAGE} 条");
                Fault::new("page", problem)
            };
            usize::try_from(asked).ok().filter(|asked| *asked > 0).ok_or_else(problem)
        };
        let (page, size) = (number("page_num")?, number("page_size")?.min(MOST_ON_A_PAGE));
        let on = node.date("query_date")?;
        Ok(Asked { node, on, page, size })
    }
}

/// The page that is asked for, of all rows, with how many there are.
pub fn paged(call: &Call<'_>, asked: &Asked<'_>, rows: Vec<Vec<Member>>) -> Wire {
    let count = rows.len();
    let first = (asked.page - 1).saturating_mul(asked.size);
    let shown: Vec<Wire> = rows
        .iter()
        .skip(first)
        .take(asked.size)
        .map(|members| output::node(call.number, "", members, &[]))
        .collect();
    let pages = count.div_ceil(asked.size);
    let number = |value: usize| Wire::Number(value.to_string());
    Wire::object([
        ("pageNum", number(asked.page)),
        ("pageSize", number(asked.size)),
        ("pages", number(pages)),
        ("size", number(shown.len())),
        ("startRow", number(if shown.is_empty() { 0 } else { first + 1 })),
        ("endRow", number(if shown.is_empty() { 0 } else { first + shown.len() })),
        ("firstPage", Wire::Bool(asked.page == 1)),
        ("lastPage", Wire::Bool(asked.page >= pages)),
        ("recordCounts", number(count)),
        ("data", Wire::List(shown)),
    ])
}
