//! Tables for terminals in which Chinese characters take two columns.

use unicode_width::UnicodeWidthStr;

/// Which side a column's cells lean to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Amounts.
    Right,
}

/// A plain table: a head, rows, columns aligned by what they hold.
#[derive(Clone, Debug, Default)]
pub struct Table {
    sides: Vec<Side>,
    rows: Vec<Vec<String>>,
    rules: Vec<usize>,
}

/// The text padded to `width` columns.
pub fn pad(text: &str, width: usize, side: Side) -> String {
    let gap = " ".repeat(width.saturating_sub(text.width()));
    match side {
        Side::Left => format!("{text}{gap}"),
        Side::Right => format!("{gap}{text}"),
    }
}

impl Table {
    /// A table whose columns lean so.
    pub fn new(sides: &[Side]) -> Table {
        Table { sides: sides.to_vec(), ..Table::default() }
    }

    /// One more row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// A line under the rows so far.
    pub fn rule(&mut self) {
        self.rules.push(self.rows.len());
    }

    /// The table as text, a line a row.
    pub fn render(&self) -> String {
        let columns = self.sides.len();
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        let total = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            if self.rules.contains(&number) {
                text.push_str(&"─".repeat(total));
                text.push('\n');
            }
            let cells: Vec<String> = (0..columns)
                .map(|column| {
                    pad(row.get(column).map_or("", String::as_str), widths[column], self.sides[column])
                })
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}
