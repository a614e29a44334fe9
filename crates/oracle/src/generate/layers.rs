//! Random layers.

use std::collections::BTreeMap;

use gongji_money::{Fen, Rate, Rounding};
use gongji_policy::{
    BandAxis, Bands, Cap, CapAxis, Deductible, Excess, Guarantee, GuaranteeTerm, Layer, LayerKind,
    LayerMeasure, Limit, Payer, PortionSelector, Purse, PurseKind, RatioLayer, Setting, Span,
};

use super::amounts::Use;
use super::maker::Maker;

/// The counters of one layer with the measure that each takes: all that name one must agree.
type Takes = BTreeMap<usize, LayerMeasure>;

const FUNDS: [Payer; 8] = [
    Payer::PooledFund,
    Payer::LargeSumFund,
    Payer::CriticalIllnessFund,
    Payer::EnterpriseSupplement,
    Payer::CivilServantAid,
    Payer::MedicalAssistance,
    Payer::OtherFund,
    Payer::Hospital,
];

const TERMS: [GuaranteeTerm; 6] = [
    GuaranteeTerm::Total,
    GuaranteeTerm::InScope,
    GuaranteeTerm::NonCovered,
    GuaranteeTerm::OverLimitPrice,
    GuaranteeTerm::UpfrontSelfPay,
    GuaranteeTerm::Deductible,
];

const MEASURES: [LayerMeasure; 9] = [
    LayerMeasure::Paid,
    LayerMeasure::Eligible,
    LayerMeasure::AfterDeductible,
    LayerMeasure::EligibleNet,
    LayerMeasure::EligibleGross,
    LayerMeasure::Deductible,
    LayerMeasure::OwnShare,
    LayerMeasure::OverCeiling,
    LayerMeasure::PaidWithDeductible,
];

impl Maker {
    /// A layer over a base; `applies` in so many of a hundred cases depends on the case.
    pub fn layer(
        &mut self,
        name: &str,
        payer: Payer,
        base: Vec<PortionSelector>,
        applies: u32,
        kind: impl FnOnce(&mut Maker, &mut Takes) -> LayerKind,
    ) -> Layer {
        self.path = format!("employee.benefit.main.layer.{name}");
        let mut takes = Takes::new();
        let applies =
            self.dice.chance(applies).then(|| self.table("applies", 1, |maker| maker.dice.chance(70)));
        let kind = kind(self, &mut takes);
        let measures: &[LayerMeasure] = match &kind {
            LayerKind::Ratio(_) => &MEASURES,
            LayerKind::Guarantee(_) | LayerKind::Purse(_) => &[LayerMeasure::Paid, LayerMeasure::Eligible],
            LayerKind::Tally => &[LayerMeasure::Eligible],
        };
        let least = usize::from(kind == LayerKind::Tally);
        let mut adds = Vec::new();
        for _ in 0..least.max(self.dice.weighted(&[60, 25, 15])) {
            let measure = self.dice.pick(measures);
            if let Some(counter) = self.counter(&mut takes, measure)
                && !adds.contains(&(measure, counter))
            {
                adds.push((measure, counter));
            }
        }
        Layer {
            name: name.to_owned(),
            label: name.to_owned(),
            payer,
            field: payer.field(),
            fund_account: None,
            base,
            applies,
            kind,
            adds,
            span: Span::default(),
        }
    }

    /// A payer that is a fund or the hospital.
    pub fn fund(&mut self) -> Payer {
        self.dice.pick(&FUNDS)
    }

    /// A counter that takes this measure of the layer, or none where each already takes another.
    fn counter(&mut self, takes: &mut Takes, measure: LayerMeasure) -> Option<usize> {
        let free = |counter: &usize| takes.get(counter).is_none_or(|taken| *taken == measure);
        let free: Vec<usize> = (0..self.counters).filter(free).collect();
        if free.is_empty() {
            return None;
        }
        let counter = self.dice.pick(&free);
        takes.insert(counter, measure);
        Some(counter)
    }

    /// Deductible, bands, ratio, caps.
    pub fn ratio_kind(&mut self, takes: &mut Takes) -> LayerKind {
        let deductible = self.dice.chance(65).then(|| self.deductible(takes));
        let bands = self.dice.chance(65).then(|| self.bands(takes));
        let most = bands.iter().flat_map(|bands| &bands.bounds.rows).map(|row| match &row.value {
            Setting::Known(bounds) => bounds.len() + 1,
            Setting::Unknown(_) => 1,
        });
        let most = most.max().unwrap_or(1);
        let (ratio, ratio_adjust) = self.ratio(most);
        let caps =
            (0..self.dice.weighted(&[35, 35, 20, 10])).map(|index| self.cap(takes, index, None)).collect();
        let rounding =
            if self.dice.chance(50) { Rounding::HALF_UP_FEN } else { self.dice.pick(&Rounding::ALL) };
        let round_each_band = self.dice.chance(25);
        LayerKind::Ratio(Box::new(RatioLayer {
            deductible,
            bands,
            ratio,
            ratio_adjust,
            caps,
            rounding,
            round_each_band,
        }))
    }

    fn deductible(&mut self, takes: &mut Takes) -> Deductible {
        let amount = self.amounts("deductible", Use::Deductible);
        let adjust = self.amount_adjusts("deductible");
        let counter = if self.dice.chance(55) { self.counter(takes, LayerMeasure::Deductible) } else { None };
        let due_every_days = self.dice.chance(20).then(|| self.dice.pick(&[1, 7, 30, 60, 90, 180]));
        if let Some(days) = due_every_days {
            let turns = self.turns.entry(gongji_policy::Dimension::StayDays).or_default();
            turns.extend([days, 2 * days, 3 * days + 1]);
        }
        let mut limits = Vec::new();
        for index in 0..self.dice.weighted(&[60, 28, 12]) {
            if let Some(counter) = self.counter(takes, LayerMeasure::Deductible) {
                let name = format!("deductible.limit.{index}");
                limits.push(Limit { label: name.clone(), amount: self.amounts(&name, Use::Limit), counter });
            }
        }
        Deductible { label: "起付标准".to_owned(), amount, adjust, counter, due_every_days, limits }
    }

    fn bands(&mut self, takes: &mut Takes) -> Bands {
        let axis = match self.dice.below(4) {
            0 => BandAxis::Gross,
            1 => BandAxis::Net,
            2 => self.counter(takes, LayerMeasure::Eligible).map_or(BandAxis::Gross, BandAxis::CounterGross),
            _ => {
                self.counter(takes, LayerMeasure::AfterDeductible).map_or(BandAxis::Net, BandAxis::CounterNet)
            }
        };
        let bounds = self.table("bands", 1, |maker| {
            let count = maker.dice.below(7);
            let mut bounds: Vec<Fen> = (0..count).map(|_| maker.amount(Use::Bound)).collect();
            bounds.retain(|bound| !bound.is_zero());
            bounds.sort_unstable();
            bounds.dedup();
            bounds
        });
        Bands { axis, bounds, bound_included: self.dice.chance(50) }
    }

    /// A cap; purses have them on `Paid` only.
    fn cap(&mut self, takes: &mut Takes, index: usize, axis: Option<CapAxis>) -> Cap {
        let axis = axis.unwrap_or_else(|| {
            self.dice.pick(&[
                CapAxis::Paid,
                CapAxis::Paid,
                CapAxis::EligibleNet,
                CapAxis::EligibleGross,
                CapAxis::PaidWithDeductible,
            ])
        });
        let measure = match axis {
            CapAxis::Paid => LayerMeasure::Paid,
            CapAxis::EligibleNet => LayerMeasure::EligibleNet,
            CapAxis::EligibleGross => LayerMeasure::EligibleGross,
            CapAxis::PaidWithDeductible => LayerMeasure::PaidWithDeductible,
        };
        let name = format!("cap.{index}");
        Cap {
            label: name.clone(),
            axis,
            amount: self.amounts(&name, Use::Cap),
            adjust: self.amount_adjusts(&name),
            counter: if self.dice.chance(70) { self.counter(takes, measure) } else { None },
            excess: if self.dice.chance(65) { Excess::OverCeiling } else { Excess::OwnShare },
        }
    }

    /// A guaranteed share of some terms.
    pub fn guarantee_kind(&mut self, _: &mut Takes) -> LayerKind {
        let terms = self.dice.shuffled(TERMS.to_vec());
        let count = 1 + self.dice.below(3);
        let mut target: Vec<(bool, GuaranteeTerm)> =
            terms[..count].iter().map(|&term| (self.dice.chance(70), term)).collect();
        target[0].0 = true;
        let counts = self.dice.shuffled(FUNDS.to_vec());
        let count = 1 + self.dice.below(3);
        LayerKind::Guarantee(Box::new(Guarantee {
            rate: self.table("rate", 1, |maker| Rate::percent(maker.dice.between(0, 100) as i32)),
            target,
            counts: counts[..count].to_vec(),
            rounding: self.dice.pick(&Rounding::ALL),
        }))
    }

    /// A purse, sometimes with caps.
    pub fn purse_kind(&mut self, purse: PurseKind, takes: &mut Takes) -> LayerKind {
        let caps = (0..self.dice.weighted(&[60, 30, 10]))
            .map(|index| Cap { excess: Excess::OwnShare, ..self.cap(takes, index, Some(CapAxis::Paid)) });
        let caps = caps.collect();
        LayerKind::Purse(Box::new(Purse { purse, caps }))
    }
}
