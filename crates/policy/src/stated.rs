//! Asking a scheme for the parameters of a calculation, each answer with the row that gave it.

use gongji_money::{Fen, Rate, Rounding};
use jiff::civil::Date;

use crate::lookup::Lookup;
use crate::model::{
    AmountRule, Choice, Dimension, Facts, Pack, Parameter, ParameterTable, Scheme, Setting, Table,
};
use crate::plan::{Cited, Part, Refusal};
use crate::view::ValueWords;

/// A row that decided, with its value in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'pack> {
    /// The row.
    pub cited: Cited<'pack>,
    /// What it gave: `8%`, `3,756.00 元`.
    pub words: String,
}

/// A scheme that is asked under given facts on a given day. What was asked is kept until [`Inquiry::taken`].
#[derive(Clone, Debug)]
pub struct Inquiry<'pack> {
    pack: &'pack Pack,
    scheme: &'pack Scheme,
    /// What is known of the case.
    pub facts: Facts,
    /// The day of the law.
    pub day: Date,
    decisions: Vec<Decision<'pack>>,
}

/// What a lookup came to: nothing where the pack does not say.
type Asked<T> = Result<Option<T>, Refusal>;

impl<'pack> Inquiry<'pack> {
    /// An inquiry under these facts on that day.
    pub fn new(pack: &'pack Pack, scheme: &'pack Scheme, facts: Facts, day: Date) -> Inquiry<'pack> {
        Inquiry { pack, scheme, facts, day, decisions: Vec::new() }
    }

    /// The pack that is asked.
    pub fn pack(&self) -> &'pack Pack {
        self.pack
    }

    /// The scheme that is asked.
    pub fn scheme(&self) -> &'pack Scheme {
        self.scheme
    }

    /// The same with one more fact, for what is asked next.
    pub fn set(&mut self, dimension: Dimension, value: i64) -> &mut Inquiry<'pack> {
        self.facts.set(dimension, Some(value));
        self
    }

    /// The rows asked since the last call.
    pub fn taken(&mut self) -> Vec<Decision<'pack>> {
        std::mem::take(&mut self.decisions)
    }

    /// The refusal where a parameter that the calculation must have is not given on that day.
    fn not_stated(&self, calculation: &str, name: &str) -> Refusal {
        let label = Parameter::find(calculation, name).map_or("", |parameter| parameter.label);
        let path = format!("{}.parameter.{calculation}.{name}", self.scheme.name);
        match self.scheme.parameter(calculation, name) {
            Some(_) => Refusal::NoRule { path },
            None => Refusal::NotStated { path, label },
        }
    }

    fn find<V: PartialEq + ValueWords + Clone>(&mut self, table: &'pack Table<V>) -> Asked<V> {
        let (domain, values) = (&self.scheme.domain, &self.scheme.values);
        let path = || table.path.clone();
        match table.lookup_within(&self.facts, self.day, domain, values) {
            Lookup::Found(index, row) => {
                let cited = Cited::of(Part::Parameter, table, index, row);
                self.decisions.push(Decision { cited, words: row.value.words(&self.pack.indices) });
                match &row.value {
                    Setting::Known(value) => Ok(Some(value.clone())),
                    Setting::Unknown(reason) => {
                        Err(Refusal::Unknown { reason: reason.clone(), path: path() })
                    }
                }
            }
            Lookup::NeedsAnswer(dimension) => Err(Refusal::NeedsAnswer { dimension, path: path() }),
            // A table that is silent on the day is no licence to go without its rule.
            Lookup::NoRow => Err(Refusal::NoRule { path: path() }),
        }
    }

    /// A rate, where the pack gives it.
    ///
    /// # Errors
    /// An unanswered dimension, or a value that no source gives; so for all that follow.
    pub fn maybe_rate(&mut self, calculation: &str, name: &str) -> Asked<Rate> {
        match self.scheme.parameter(calculation, name) {
            Some(ParameterTable::Rate(table)) => self.find(table),
            _ => Ok(None),
        }
    }

    /// A rate that must be given.
    ///
    /// # Errors
    /// As [`Inquiry::maybe_rate`], and where the pack does not say; so for all that must be given.
    pub fn rate(&mut self, calculation: &str, name: &str) -> Result<Rate, Refusal> {
        self.maybe_rate(calculation, name)?.ok_or_else(|| self.not_stated(calculation, name))
    }

    /// Yes or no, where the pack says.
    ///
    /// # Errors
    /// As [`Inquiry::maybe_rate`].
    pub fn maybe_flag(&mut self, calculation: &str, name: &str) -> Asked<bool> {
        match self.scheme.parameter(calculation, name) {
            Some(ParameterTable::Flag(table)) => self.find(table),
            _ => Ok(None),
        }
    }

    /// Yes or no.
    ///
    /// # Errors
    /// As [`Inquiry::rate`].
    pub fn flag(&mut self, calculation: &str, name: &str) -> Result<bool, Refusal> {
        self.maybe_flag(calculation, name)?.ok_or_else(|| self.not_stated(calculation, name))
    }

    /// A whole number, where the pack gives it.
    ///
    /// # Errors
    /// As [`Inquiry::maybe_rate`].
    pub fn maybe_count(&mut self, calculation: &str, name: &str) -> Asked<i64> {
        match self.scheme.parameter(calculation, name) {
            Some(ParameterTable::Count(table)) => self.find(table),
            _ => Ok(None),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// As [`Inquiry::rate`].
    pub fn count(&mut self, calculation: &str, name: &str) -> Result<i64, Refusal> {
        self.maybe_count(calculation, name)?.ok_or_else(|| self.not_stated(calculation, name))
    }

    /// One of the parameter's choices, where the pack says.
    ///
    /// # Errors
    /// As [`Inquiry::maybe_rate`].
    pub fn maybe_choice(&mut self, calculation: &str, name: &str) -> Asked<Choice> {
        match self.scheme.parameter(calculation, name) {
            Some(ParameterTable::Choice(table)) => self.find(table),
            _ => Ok(None),
        }
    }

    /// One of the parameter's choices.
    ///
    /// # Errors
    /// As [`Inquiry::rate`].
    pub fn choice(&mut self, calculation: &str, name: &str) -> Result<Choice, Refusal> {
        self.maybe_choice(calculation, name)?.ok_or_else(|| self.not_stated(calculation, name))
    }

    /// The rounding of a calculation.
    ///
    /// # Errors
    /// As [`Inquiry::rate`].
    pub fn rounding(&mut self, calculation: &str) -> Result<Rounding, Refusal> {
        let choice = self.choice(calculation, "rounding")?;
        choice.rounding().ok_or_else(|| self.not_stated(calculation, "rounding"))
    }

    /// An amount, where the pack gives it and it is neither `not_applied` nor `unlimited`.
    ///
    /// # Errors
    /// As [`Inquiry::maybe_rate`].
    pub fn maybe_amount(&mut self, calculation: &str, name: &str) -> Asked<Fen> {
        let Some(ParameterTable::Amount(table)) = self.scheme.parameter(calculation, name) else {
            return Ok(None);
        };
        match self.find(table)? {
            Some(AmountRule::Fixed(amount)) => Ok(Some(amount)),
            Some(AmountRule::OfIndex { index, rate, rounding }) => {
                self.of_index(index, rate, rounding, &table.path).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// An amount that must be given.
    ///
    /// # Errors
    /// As [`Inquiry::rate`].
    pub fn amount(&mut self, calculation: &str, name: &str) -> Result<Fen, Refusal> {
        self.maybe_amount(calculation, name)?.ok_or_else(|| self.not_stated(calculation, name))
    }

    fn of_index(&mut self, index: usize, rate: Rate, rounding: Rounding, path: &str) -> Result<Fen, Refusal> {
        let too_fine = || Refusal::TooFine { path: path.to_owned() };
        let table = self.pack.indices.get(index).ok_or_else(too_fine)?;
        let Some(AmountRule::Fixed(figure)) = self.find(table)? else {
            return Err(Refusal::NoRule { path: table.path.clone() });
        };
        let product = i128::from(figure.fen()) * i128::from(rate.numerator());
        rounding.round_wide(product, i128::from(rate.denominator())).ok_or_else(too_fine)
    }
}
