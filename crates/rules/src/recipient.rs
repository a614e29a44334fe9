//! 使用人、收款人: where somebody else is insured, and whether; what the rules ask of that person.

use gongji_policy::{Dimension, Inquiry};

use crate::calculation::Stop;

/// What is known of the person for whom the account pays, or to whom money goes. `None` is unanswered, never "no".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// To whom: index of [`Dimension::Beneficiary`]; 0 is the person.
    pub beneficiary: i64,
    /// Where that person is insured, seen from here: index of [`Dimension::Place`].
    pub place: Option<i64>,
    /// Whether that person is in the basic insurance.
    pub insured: Option<bool>,
    /// Whether that person opened a wallet.
    pub wallet: Option<bool>,
}

impl Recipient {
    /// Answers what tables may ask of the recipient.
    pub(crate) fn tell(&self, inquiry: &mut Inquiry<'_>) {
        inquiry.facts.set(Dimension::Beneficiary, Some(self.beneficiary));
        // The person's own account is here by definition.
        inquiry.facts.set(Dimension::Place, if self.beneficiary == 0 { Some(0) } else { self.place });
    }

    /// Why the recipient cannot have it, where the rules of the calculation ask for insurance or a wallet.
    ///
    /// # Errors
    /// A [`Stop`] where the rules ask for what nobody answered.
    pub(crate) fn lacks(
        &self,
        inquiry: &mut Inquiry<'_>,
        calculation: &str,
    ) -> Result<Option<&'static str>, Stop> {
        if self.beneficiary == 0 {
            return Ok(None);
        }
        let mut required = |name: &str| inquiry.maybe_flag(calculation, name).map(|flag| flag == Some(true));
        if required("insured_required")? {
            let what = "对方是否参加基本医保，true 或 false";
            if !self.insured.ok_or(Stop::Missing("beneficiary_insured", what))? {
                return Ok(Some("对方没有参加基本医保"));
            }
        }
        if required("wallet_required")? {
            let what = "对方是否开通医保钱包，true 或 false";
            if !self.wallet.ok_or(Stop::Missing("wallet_opened", what))? {
                return Ok(Some("对方没有开通医保钱包"));
            }
        }
        Ok(None)
    }
}
