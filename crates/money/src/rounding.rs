//! How an exact amount becomes whole fen (or jiao, or yuan).

use crate::{Divisor, Fen};

/// Which way an amount between two units goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RoundMode {
    /// 四舍五入: half away from zero.
    #[default]
    HalfUp,
    /// 舍去: towards zero.
    Truncate,
    /// 进位: away from zero.
    Up,
}

/// The unit that is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RoundUnit {
    /// 分.
    #[default]
    Fen,
    /// 角, 10 fen.
    Jiao,
    /// 元, 100 fen.
    Yuan,
}

impl RoundUnit {
    /// The unit in fen: 1, 10 or 100.
    pub const fn fen(self) -> i64 {
        match self {
            RoundUnit::Fen => 1,
            RoundUnit::Jiao => 10,
            RoundUnit::Yuan => 100,
        }
    }
}

/// A rounding: the mode and the unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rounding {
    /// Which way.
    pub mode: RoundMode,
    /// To what.
    pub unit: RoundUnit,
}

impl Rounding {
    /// 四舍五入到分, the field's default (as in the national platform's own worked example).
    pub const HALF_UP_FEN: Rounding = Rounding { mode: RoundMode::HalfUp, unit: RoundUnit::Fen };

    /// Rounds `numerator / denominator` fen, `denominator` positive. The quotient must fit `i64`.
    ///
    /// The engine keeps `|numerator| + denominator * 100` inside `i64`; see [`Rounding::round_wide`] otherwise.
    #[inline]
    pub const fn round(self, numerator: i64, denominator: i64) -> i64 {
        let unit = self.unit.fen();
        let divisor = denominator * unit;
        let quotient = numerator / divisor;
        let remainder = numerator % divisor;
        let carry = match self.mode {
            RoundMode::HalfUp => 2 * remainder.abs() >= divisor,
            RoundMode::Truncate => false,
            RoundMode::Up => remainder != 0,
        };
        (quotient + if carry { if numerator < 0 { -1 } else { 1 } } else { 0 }) * unit
    }

    /// As [`Rounding::round`] for a numerator that is not negative, with a prepared divisor of denominator × unit.
    #[inline]
    pub const fn round_by(self, numerator: i64, divisor: Divisor) -> i64 {
        let (quotient, remainder) = divisor.divide(numerator);
        let carry = match self.mode {
            RoundMode::HalfUp => remainder >= divisor.value() - remainder,
            RoundMode::Truncate => false,
            RoundMode::Up => remainder != 0,
        };
        (quotient + carry as i64) * self.unit.fen()
    }

    /// As [`Rounding::round`] over wide products; `None` where the result leaves `i64` fen.
    pub fn round_wide(self, numerator: i128, denominator: i128) -> Option<Fen> {
        let unit = i128::from(self.unit.fen());
        let divisor = denominator.checked_mul(unit)?;
        let quotient = numerator.checked_div(divisor)?;
        let remainder = numerator % divisor;
        let carry = match self.mode {
            RoundMode::HalfUp => {
                remainder.unsigned_abs() >= divisor.unsigned_abs() - remainder.unsigned_abs()
            }
            RoundMode::Truncate => false,
            RoundMode::Up => remainder != 0,
        };
        let step = if carry { numerator.signum() } else { 0 };
        i64::try_from((quotient + step).checked_mul(unit)?).ok().map(Fen::new)
    }

    /// The name in packs and answers: `half_up_fen`, `truncate_fen`, `up_yuan` …
    pub const fn name(self) -> &'static str {
        match (self.mode, self.unit) {
            (RoundMode::HalfUp, RoundUnit::Fen) => "half_up_fen",
            (RoundMode::HalfUp, RoundUnit::Jiao) => "half_up_jiao",
            (RoundMode::HalfUp, RoundUnit::Yuan) => "half_up_yuan",
            (RoundMode::Truncate, RoundUnit::Fen) => "truncate_fen",
            (RoundMode::Truncate, RoundUnit::Jiao) => "truncate_jiao",
            (RoundMode::Truncate, RoundUnit::Yuan) => "truncate_yuan",
            (RoundMode::Up, RoundUnit::Fen) => "up_fen",
            (RoundMode::Up, RoundUnit::Jiao) => "up_jiao",
            (RoundMode::Up, RoundUnit::Yuan) => "up_yuan",
        }
    }

    /// Every rounding a pack may name.
    pub const ALL: [Rounding; 9] = {
        let mut all = [Rounding::HALF_UP_FEN; 9];
        let modes = [RoundMode::HalfUp, RoundMode::Truncate, RoundMode::Up];
        let units = [RoundUnit::Fen, RoundUnit::Jiao, RoundUnit::Yuan];
        let mut index = 0;
        while index < 9 {
            all[index] = Rounding { mode: modes[index / 3], unit: units[index % 3] };
            index += 1;
        }
        all
    };

    /// The rounding of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Rounding> {
        Rounding::ALL.into_iter().find(|rounding| rounding.name() == name)
    }
}
