//! Walks every decision table of a pack, in the order of the texts.

use gongji_money::{Fen, Rate};

use crate::model::{
    AmountAdjust, AmountChange, AmountRule, Cap, Choice, LayerKind, Pack, ParameterTable, RatioChange,
    RatioLayer, Share, Table,
};

/// What a table decides, and so how its values read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the model's fields")]
pub enum Role {
    Index,
    Exclusion,
    Sharing,
    Covered,
    Upfront,
    PriceCap,
    UnitBounds,
    UnitUpfront,
    Tag,
    Applies,
    Deductible,
    DeductibleAdjust,
    Limit,
    Bands,
    Ratio,
    RatioAdjust,
    Cap,
    CapAdjust,
    GuaranteeRate,
    Parameter,
}

/// Where in the pack a table stands: indices into the pack's schemes, their benefits and layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index into [`Pack::schemes`]; `None` for an index of the area.
    pub scheme: Option<usize>,
    /// Index into the scheme's benefits; `None` for tables of the whole scheme.
    pub benefit: Option<usize>,
    /// Index into the benefit's layers.
    pub layer: Option<usize>,
    /// What the table decides.
    pub role: Role,
}

/// A table of any kind of value.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the values")]
pub enum AnyTable<'a> {
    Amount(&'a Table<AmountRule>),
    Rate(&'a Table<Rate>),
    Flag(&'a Table<bool>),
    Bounds(&'a Table<Vec<Fen>>),
    Share(&'a Table<Share>),
    Tag(&'a Table<String>),
    Count(&'a Table<i64>),
    Choice(&'a Table<Choice>),
}

/// A table of any kind of value, to be changed.
#[derive(Debug)]
#[expect(missing_docs, reason = "the names are those of the values")]
pub enum AnyTableMut<'a> {
    Amount(&'a mut Table<AmountRule>),
    Rate(&'a mut Table<Rate>),
    Flag(&'a mut Table<bool>),
    Bounds(&'a mut Table<Vec<Fen>>),
    Share(&'a mut Table<Share>),
    Tag(&'a mut Table<String>),
    Count(&'a mut Table<i64>),
    Choice(&'a mut Table<Choice>),
}

/// Does the same with a table of any kind of value: `with_table!(AnyTable, table, t => t.rows.len())`.
macro_rules! with_table {
    ($any:ident, $value:expr, $table:ident => $body:expr) => {
        match $value {
            $any::Amount($table) => $body,
            $any::Rate($table) => $body,
            $any::Flag($table) => $body,
            $any::Bounds($table) => $body,
            $any::Share($table) => $body,
            $any::Tag($table) => $body,
            $any::Count($table) => $body,
            $any::Choice($table) => $body,
        }
    };
}
pub(crate) use with_table;

/// The walk, once for reading and once for changing.
macro_rules! walkers {
    ($any:ident, $visit:ident, $visit_benefit:ident, $scheme_tables:ident, $layer_tables:ident, $amount_adjusts:ident, $caps:ident, $ratio:ident $(, $mutable:tt)?) => {
        fn $amount_adjusts(adjusts: &$($mutable)? [AmountAdjust], take: &mut dyn FnMut($any<'_>)) {
            for adjust in adjusts {
                match & $($mutable)? adjust.change {
                    AmountChange::Times(table) => take($any::Rate(table)),
                    AmountChange::Minus { amount: table, .. }
                    | AmountChange::Plus(table)
                    | AmountChange::Floor(table)
                    | AmountChange::Ceiling(table) => take($any::Amount(table)),
                }
            }
        }

        fn $caps(caps: &$($mutable)? [Cap], take: &mut dyn FnMut(Role, $any<'_>)) {
            for cap in caps {
                take(Role::Cap, $any::Amount(& $($mutable)? cap.amount));
                $amount_adjusts(& $($mutable)? cap.adjust, &mut |table| take(Role::CapAdjust, table));
            }
        }

        fn $ratio(layer: &$($mutable)? RatioLayer, take: &mut dyn FnMut(Role, $any<'_>)) {
            if let Some(deductible) = & $($mutable)? layer.deductible {
                take(Role::Deductible, $any::Amount(& $($mutable)? deductible.amount));
                $amount_adjusts(& $($mutable)? deductible.adjust, &mut |table| take(Role::DeductibleAdjust, table));
                for limit in & $($mutable)? deductible.limits {
                    take(Role::Limit, $any::Amount(& $($mutable)? limit.amount));
                }
            }
            if let Some(bands) = & $($mutable)? layer.bands {
                take(Role::Bands, $any::Bounds(& $($mutable)? bands.bounds));
            }
            take(Role::Ratio, $any::Rate(& $($mutable)? layer.ratio));
            for adjust in & $($mutable)? layer.ratio_adjust {
                match & $($mutable)? adjust.change {
                    RatioChange::Points { points: table, .. }
                    | RatioChange::TimesFund(table)
                    | RatioChange::TimesOwn(table)
                    | RatioChange::Floor(table)
                    | RatioChange::Ceiling(table) => take(Role::RatioAdjust, $any::Rate(table)),
                }
            }
            $caps(& $($mutable)? layer.caps, take);
        }

        fn $layer_tables(layer: &$($mutable)? crate::model::Layer, take: &mut dyn FnMut(Role, $any<'_>)) {
            if let Some(table) = & $($mutable)? layer.applies {
                take(Role::Applies, $any::Flag(table));
            }
            match & $($mutable)? layer.kind {
                LayerKind::Ratio(ratio) => $ratio(ratio, take),
                LayerKind::Guarantee(guarantee) => take(Role::GuaranteeRate, $any::Rate(& $($mutable)? guarantee.rate)),
                LayerKind::Purse(purse) => $caps(& $($mutable)? purse.caps, take),
                LayerKind::Tally => {}
            }
        }

        fn $scheme_tables(scheme: &$($mutable)? crate::model::Scheme, take: &mut dyn FnMut(Role, $any<'_>)) {
            if let Some(table) = & $($mutable)? scheme.exclusion {
                take(Role::Exclusion, $any::Flag(table));
            }
            if let Some(table) = & $($mutable)? scheme.sharing {
                take(Role::Sharing, $any::Share(table));
            }
            if let Some(catalogue) = & $($mutable)? scheme.catalogue {
                take(Role::Covered, $any::Flag(& $($mutable)? catalogue.covered));
                take(Role::Upfront, $any::Rate(& $($mutable)? catalogue.upfront));
                take(Role::PriceCap, $any::Amount(& $($mutable)? catalogue.price_cap));
                if let Some(bands) = & $($mutable)? catalogue.unit_bands {
                    take(Role::UnitBounds, $any::Bounds(& $($mutable)? bands.bounds));
                    take(Role::UnitUpfront, $any::Rate(& $($mutable)? bands.upfront));
                }
                if let Some(table) = & $($mutable)? catalogue.tag {
                    take(Role::Tag, $any::Tag(table));
                }
            }
            for stated in & $($mutable)? scheme.parameters {
                take(Role::Parameter, match & $($mutable)? stated.table {
                    ParameterTable::Amount(table) => $any::Amount(table),
                    ParameterTable::Rate(table) => $any::Rate(table),
                    ParameterTable::Flag(table) => $any::Flag(table),
                    ParameterTable::Count(table) => $any::Count(table),
                    ParameterTable::Choice(table) => $any::Choice(table),
                });
            }
        }

        /// Calls `take` for every table of a benefit with the position of its layer and its role.
        pub fn $visit_benefit(benefit: &$($mutable)? crate::model::Benefit, mut take: impl FnMut((usize, Role), $any<'_>)) {
            for (number, layer) in (& $($mutable)? benefit.layers).into_iter().enumerate() {
                $layer_tables(layer, &mut |role, table| take((number, role), table));
            }
        }

        /// Calls `take` for every table of the pack with the place where it stands, in a fixed order: indices, then each
        /// scheme's own tables, then its benefits layer by layer. A layer that several benefits share comes once for each.
        pub fn $visit(pack: &$($mutable)? Pack, mut take: impl FnMut(Place, $any<'_>)) {
            let nowhere = Place { scheme: None, benefit: None, layer: None, role: Role::Index };
            for table in & $($mutable)? pack.indices {
                take(nowhere, $any::Amount(table));
            }
            for (scheme_index, scheme) in (& $($mutable)? pack.schemes).into_iter().enumerate() {
                let in_scheme = Place { scheme: Some(scheme_index), ..nowhere };
                $scheme_tables(scheme, &mut |role, table| take(Place { role, ..in_scheme }, table));
                for (benefit_index, benefit) in (& $($mutable)? scheme.benefits).into_iter().enumerate() {
                    $visit_benefit(benefit, |(layer, role), table| {
                        let place = Place { benefit: Some(benefit_index), layer: Some(layer), role, ..in_scheme };
                        take(place, table);
                    });
                }
            }
        }
    };
}

walkers!(
    AnyTable,
    visit_tables,
    visit_benefit_tables,
    scheme_tables,
    layer_tables,
    amount_adjusts,
    caps,
    ratio
);
walkers!(
    AnyTableMut,
    visit_tables_mut,
    visit_benefit_tables_mut,
    scheme_tables_mut,
    layer_tables_mut,
    amount_adjusts_mut,
    caps_mut,
    ratio_mut,
    mut
);
