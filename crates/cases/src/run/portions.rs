//! What a bill comes to before anybody pays: its portions.

use gongji_money::Fen;
use gongji_policy::{Benefit, Facts};
use gongji_rules::Bill;
use jiff::civil::Date;

use super::Run;
use super::lines::{CatalogueOf, SplitLine, split, tag_of};
use crate::error::{CaseError, ErrorCode};
use crate::facts::{Names, event_field, facts_of, stay_days};
use crate::request::{Charges, Event};

impl<'packs> Run<'packs> {
    /// Whose catalogue splits the lines, and whether it is lent.
    fn catalogue(&self, event: &Event) -> (CatalogueOf<'packs>, bool) {
        let own = CatalogueOf { pack: self.pack, scheme: self.scheme };
        if event.care_area == self.pack.area.code {
            return (own, false);
        }
        let of_care = self.packs.get(&event.care_area).and_then(|pack| {
            let scheme = pack.scheme(&self.scheme.name).filter(|scheme| scheme.catalogue.is_some())?;
            Some(CatalogueOf { pack, scheme })
        });
        match of_care {
            Some(catalogue) => (catalogue, false),
            None => (own, true),
        }
    }

    /// The pack and catalogue that split the lines of an event.
    pub fn catalogue_of(
        &self,
        event: &Event,
    ) -> (&'packs gongji_policy::Pack, Option<&'packs gongji_policy::Catalogue>) {
        let (found, _) = self.catalogue(event);
        (found.pack, found.scheme.catalogue.as_ref())
    }

    /// The portions of an event.
    #[expect(clippy::too_many_arguments, reason = "each is a different view of the same event")]
    pub(super) fn bill(
        &self,
        index: usize,
        event: &'packs Event,
        benefit: &Benefit,
        facts: &Facts,
        own_day: Date,
        law_day: Date,
        used: &[i64],
    ) -> Result<(Bill, Vec<SplitLine<'packs>>, bool), CaseError> {
        let mut bill = Bill { stay_days: stay_days(event), ..Bill::default() };
        match &event.charges {
            None => {
                bill.in_scope[0] =
                    benefit.in_scope_from.iter().filter_map(|counter| used.get(*counter)).sum();
            }
            Some(Charges::Portions { total, non_covered, over_limit_price, upfront_self_pay, by_tag }) => {
                bill.non_covered = non_covered.fen();
                bill.over_limit_price = over_limit_price.fen();
                bill.upfront_self_pay = upfront_self_pay.fen();
                // A sum that goes below zero, or out of the integers, makes the bill invalid.
                let portions = [bill.non_covered, bill.over_limit_price, bill.upfront_self_pay];
                let mut general = portions.into_iter().fold(total.fen(), i64::saturating_sub);
                for (tag, amount) in by_tag {
                    if !benefit.tags.contains(tag) {
                        return Err(CaseError::new(
                            ErrorCode::UnknownValue,
                            event_field(index, &format!("charges.in_scope_by_tag.{tag}")),
                            format!("“{}”的规则里没有这个标签", benefit.label),
                        )
                        .expected(benefit.tags.join("、")));
                    }
                    general = general.saturating_sub(amount.fen());
                    let part = &mut bill.in_scope[tag_of(benefit, Some(tag))];
                    *part = part.saturating_add(amount.fen());
                }
                bill.in_scope[0] = bill.in_scope[0].saturating_add(general);
            }
            Some(Charges::Lines(lines)) => {
                let (catalogue, lent) = self.catalogue(event);
                let of_care;
                let facts = if std::ptr::eq(catalogue.scheme, self.scheme) {
                    facts
                } else {
                    // The names of open dimensions are those of the area of care.
                    of_care = facts_of(self.person, index, event, catalogue.scheme, own_day, Names::Ignored)?;
                    &of_care
                };
                let told = split(catalogue, benefit, lines, facts, law_day, index, &mut bill)?;
                return Ok((bill, told, lent));
            }
        }
        Ok((bill, Vec::new(), false))
    }
}

/// Why a bill is none that can be computed: too large, or portions that are not parts of it.
pub(super) fn invalid(index: usize, charges: Option<&Charges>) -> CaseError {
    let stated = match charges {
        Some(Charges::Portions { total, .. }) => Some(*total),
        _ => None,
    };
    match stated.filter(|total| (Fen::ZERO..=Fen::LIMIT).contains(total)) {
        Some(total) => {
            let field = event_field(index, "charges.total");
            CaseError::new(ErrorCode::PortionsExceedTotal, field, "各部分之和超过了总额，或有负数")
                .found(format!("总额 {total}"))
                .expected("各部分不小于零，合计不超过总额")
        }
        None => CaseError::new(ErrorCode::TooLarge, event_field(index, "charges"), "账单总额超出范围")
            .expected(format!("至多 {} 元", Fen::LIMIT.grouped())),
    }
}
