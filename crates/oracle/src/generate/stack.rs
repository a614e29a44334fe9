//! Random packs: one scheme, one benefit, a whole stack.

use gongji_money::Fen;
use gongji_policy::{
    AmountRule, Benefit, Counter, Dimension, Layer, LayerKind, OpenValues, Pack, Payer, Period, Portion,
    PortionSelector, PurseKind, Scheme, TagSelector,
};
use jiff::civil::date;

use super::dice::Dice;
use super::maker::Maker;
use crate::build;

const NAMED_LATER: [Portion; 3] = [Portion::Deductible, Portion::OwnShare, Portion::OverCeiling];
const OUT_OF_SCOPE: [Portion; 3] = [Portion::NonCovered, Portion::OverLimitPrice, Portion::UpfrontSelfPay];
const PURSES: [PurseKind; 3] = [PurseKind::CurrentYear, PurseKind::CarriedOver, PurseKind::Relatives];

/// A pack, and the maker that knows around what bills should be drawn.
pub(crate) fn pack(dice: Dice) -> (Pack, Maker) {
    let mut maker = Maker {
        dice,
        from: date(2020, 1, 1),
        to: None,
        splits: vec![date(2022, 7, 1), date(2024, 1, 1)],
        values: OpenValues::new(),
        domain: gongji_policy::Domain::new(),
        care_types: Vec::new(),
        counters: 0,
        indices: 0,
        unknowns: false,
        path: String::new(),
        notable: Vec::new(),
        turns: std::collections::BTreeMap::new(),
    };
    if maker.dice.chance(30) {
        maker.to = Some(date(2026, 12, 31));
    }
    maker.unknowns = maker.dice.chance(20);
    maker.counters = 4 + maker.dice.below(5);
    maker.indices = 1 + maker.dice.below(2);
    let care_types = maker.dice.shuffled((0..11).collect());
    let kinds_of_care = 1 + maker.dice.below(2);
    maker.care_types = care_types[..kinds_of_care].to_vec();
    maker.care_types.sort_unstable();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    maker.values.insert(Dimension::Condition, names(&["none", "hypertension", "diabetes", "dialysis"]));
    maker.values.insert(Dimension::FacilityGroup, names(&["none", "provincial_four"]));
    for dimension in [Dimension::Category, Dimension::Place, Dimension::Filing, Dimension::Age] {
        if maker.dice.chance(25) {
            maker.narrow(dimension);
        }
    }
    let indices = (0..maker.indices).map(|index| {
        maker.dated(&format!("index.i{index}"), |maker| {
            AmountRule::Fixed(Fen::new(maker.dice.between(20_000, 150_000) * 100))
        })
    });
    let indices = indices.collect();
    let benefit = benefit(&mut maker);
    let scheme = Scheme {
        counters: counters(&mut maker),
        values: maker.values.clone(),
        ..build::scheme(Vec::new(), benefit)
    };
    (Pack { indices, ..build::pack(scheme) }, maker)
}

fn counters(maker: &mut Maker) -> Vec<Counter> {
    let periods = [Period::Year, Period::Year, Period::Month, Period::Day, Period::Stay, Period::Lifetime];
    let mut counters = Vec::new();
    for index in 0..maker.counters {
        counters.push(Counter {
            period: maker.dice.pick(&periods),
            per_facility: maker.dice.chance(20),
            ..build::counter(&format!("c{index}"))
        });
    }
    counters.push(Counter { stated_as: Some("admissions".to_owned()), ..build::counter("admissions") });
    counters
}

fn benefit(maker: &mut Maker) -> Benefit {
    let tags = ["general", "special_drug", "unfiled"];
    let count = 1 + maker.dice.weighted(&[50, 30, 20]);
    let layers = stack(maker, count);
    Benefit {
        name: "main".to_owned(),
        care_types: maker.care_types.clone(),
        to: maker.to,
        domain: maker.domain.clone(),
        tags: tags[..count].iter().map(|tag| (*tag).to_owned()).collect(),
        admissions: maker.dice.chance(70).then_some(maker.counters),
        ..build::benefit(layers)
    }
}

/// First accounts and tallies on unopened money, then the openers, supplements, guarantees, purses.
fn stack(maker: &mut Maker, tags: usize) -> Vec<Layer> {
    let mut layers = Vec::new();
    if maker.dice.chance(15) {
        let base = some(maker, &OUT_OF_SCOPE, tags);
        layers.push(tally(maker, "tally_first", base));
    }
    if maker.dice.chance(12) {
        let base = some(maker, &OUT_OF_SCOPE, tags);
        let payer = maker.fund();
        layers.push(maker.layer("early", payer, base, 30, Maker::ratio_kind));
    }
    for index in 0..maker.dice.weighted(&[60, 30, 10]) {
        let mut base = in_scope(maker, tags);
        if maker.dice.chance(30) {
            base.extend(some(maker, &OUT_OF_SCOPE, tags));
        }
        layers.push(purse(maker, &format!("first_purse{index}"), base));
    }
    for (index, base) in openers(maker, tags).into_iter().enumerate() {
        let payer = if maker.dice.chance(80) { Payer::PooledFund } else { maker.fund() };
        let applies = if maker.dice.chance(10) { 100 } else { 0 };
        layers.push(maker.layer(&format!("opener{index}"), payer, base, applies, Maker::ratio_kind));
    }
    for index in 0..maker.dice.weighted(&[20, 35, 30, 15]) {
        let mut portions = NAMED_LATER.to_vec();
        if maker.dice.chance(40) {
            portions.extend(OUT_OF_SCOPE);
        }
        let base = some(maker, &portions, tags);
        let name = format!("supplement{index}");
        let payer = maker.fund();
        layers.push(match maker.dice.weighted(&[70, 20, 10]) {
            0 => maker.layer(&name, payer, base, 30, Maker::ratio_kind),
            1 => maker.layer(&name, payer, base, 20, Maker::guarantee_kind),
            _ => tally(maker, &name, base),
        });
    }
    for index in 0..maker.dice.weighted(&[20, 35, 30, 15]) {
        let base = some(maker, &[NAMED_LATER, OUT_OF_SCOPE].concat(), tags);
        layers.push(purse(maker, &format!("purse{index}"), base));
    }
    layers
}

fn tally(maker: &mut Maker, name: &str, base: Vec<PortionSelector>) -> Layer {
    maker.layer(name, Payer::Cash, base, 20, |_, _| LayerKind::Tally)
}

fn purse(maker: &mut Maker, name: &str, base: Vec<PortionSelector>) -> Layer {
    let purse = maker.dice.pick(&PURSES);
    let payer = match purse {
        PurseKind::CurrentYear => Payer::CurrentYear,
        PurseKind::CarriedOver => Payer::CarriedOver,
        PurseKind::Relatives => Payer::Relatives,
    };
    maker.layer(name, payer, base, 20, |maker, takes| maker.purse_kind(purse, takes))
}

/// Unopened money: of all tags, or of some.
fn in_scope(maker: &mut Maker, tags: usize) -> Vec<PortionSelector> {
    selectors(maker, Portion::InScope, tags)
}

/// Some of the portions, in any order, with their tags.
fn some(maker: &mut Maker, portions: &[Portion], tags: usize) -> Vec<PortionSelector> {
    let portions = maker.dice.shuffled(portions.to_vec());
    let count = 1 + maker.dice.below(portions.len());
    portions[..count].iter().flat_map(|&portion| selectors(maker, portion, tags)).collect()
}

fn selectors(maker: &mut Maker, portion: Portion, tags: usize) -> Vec<PortionSelector> {
    if !portion.is_tagged() || maker.dice.chance(55) {
        return vec![PortionSelector { portion, tag: TagSelector::All }];
    }
    let order = maker.dice.shuffled((0..tags).collect());
    let count = 1 + maker.dice.below(tags);
    only(portion, &order[..count])
}

fn only(portion: Portion, tags: &[usize]) -> Vec<PortionSelector> {
    tags.iter().map(|&tag| PortionSelector { portion, tag: TagSelector::Only(tag) }).collect()
}

/// The bases of the openers: each tag in exactly one.
fn openers(maker: &mut Maker, tags: usize) -> Vec<Vec<PortionSelector>> {
    if maker.dice.chance(45) {
        return vec![vec![PortionSelector { portion: Portion::InScope, tag: TagSelector::All }]];
    }
    let order = maker.dice.shuffled((0..tags).collect::<Vec<usize>>());
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for tag in order {
        if let Some(group) = groups.last_mut()
            && maker.dice.chance(40)
        {
            group.push(tag);
        } else {
            groups.push(vec![tag]);
        }
    }
    groups.iter().map(|group| only(Portion::InScope, group)).collect()
}
