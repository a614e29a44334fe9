//! What a pack says, after reading: plain data, every value with its dates and its source.

mod amount;
mod area;
mod benefit;
mod catalogue;
mod counter;
mod day;
mod dimension;
mod layer;
mod parameter;
mod payer;
mod portion;
mod registry;
mod scheme;
mod source;
mod table;

pub use amount::{AmountAdjust, AmountChange, AmountRule, BillMeasure, Step};
pub use area::{Area, DateRule, Pack, YearStart};
pub use benefit::Benefit;
pub use catalogue::{Catalogue, UnitBandMode, UnitBands};
pub use counter::{Counter, Period};
pub use day::{day_number, day_of_number};
pub use dimension::{Dimension, DimensionKind, Domain, Facts, OpenValues};
pub use layer::{
    BandAxis, Bands, Cap, CapAxis, Deductible, Excess, Guarantee, GuaranteeTerm, Layer, LayerKind,
    LayerMeasure, Limit, Purse, PurseKind, RatioAdjust, RatioChange, RatioLayer, Share,
};
pub use parameter::{Choice, Parameter, ParameterKind, ParameterTable, StatedParameter};
pub use payer::{AnswerField, Payer};
pub use portion::{Portion, PortionSelector, TagSelector};
pub use registry::PARAMETERS;
pub use scheme::Scheme;
pub use source::{Grade, Source, SourceId};
pub use table::{Constraint, Row, Setting, Span, Table};
