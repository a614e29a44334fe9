//! Grants and draws as the book of families keeps them.

use jiff::civil::Date;

#[derive(PartialEq, Clone, Copy)]
pub enum Stands {
    Given,
    /// Applied for, by whom.
    Waiting(usize),
    Refused,
}

pub struct Grant {
    pub id: String,
    pub from_whom: usize,
    pub from: Date,
    pub to: Option<Date>,
    pub stands: Stands,
    /// Stretches in which nothing is drawn.
    pub paused: Vec<(Date, Option<Date>)>,
    /// By draw, day, month, all in all.
    pub limits: [Option<i64>; 4],
    pub pharmacy: bool,
}

fn within(day: Date, from: Date, to: Option<Date>) -> bool {
    from <= day && to.is_none_or(|to| day <= to)
}

impl Grant {
    pub fn holds(&self, day: Date) -> bool {
        self.stands == Stands::Given
            && within(day, self.from, self.to)
            && !self.paused.iter().any(|(from, to)| within(day, *from, *to))
    }
}

/// What a bill took from somebody.
pub struct Draw {
    pub bill: String,
    pub grant: String,
    pub from_whom: usize,
    pub day: Date,
    pub hour: i64,
    pub place: usize,
    pub parts: [i64; 2],
    pub limit: Option<i64>,
}

impl Draw {
    pub fn fen(&self) -> i64 {
        self.parts.iter().sum()
    }
}
