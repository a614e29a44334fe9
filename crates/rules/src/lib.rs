//! The rules: split a bill's lines into portions, fold a stack of layers over them, and trace every fen.
//!
//! [`adjudicate`] is the only arithmetic of settlement. The explained bill, the what-if curve and the bulk run call it;
//! they differ in the [`Trace`] they pass, which compiles away where it is [`NoTrace`].

mod account_use;
mod allow;
mod bill;
mod bulk;
mod calculation;
mod calendar;
mod clearing;
mod contribute;
mod cover;
mod credit;
mod fold;
mod formula;
mod interest;
mod layer;
mod premium;
mod recipient;
mod relief;
mod retirement;
mod reward;
mod split;
#[cfg(test)]
mod testing;
mod top_up;
mod trace;
mod transfer;
mod waiting;
mod worksheet;

pub use account_use::{UseAsked, account_use};
pub use allow::{Employer, MaternityAsked, maternity_allowance};
pub use calculation::{Calculation, Entry, Figure, Stop};
pub use clearing::{ClearedMonths, ClearingAsked, RollAsked, account_clearing, year_roll};
pub use contribute::{ContributionAsked, contribute};
pub use cover::{CoverAsked, PaidPeriod, RetiredAsked, cover};
pub use credit::{CreditAsked, credit};
pub use formula::{Exact, Formula};
pub use interest::{InterestAsked, Movement, interest};
pub use premium::{PremiumAsked, in_window, premium};
pub use recipient::Recipient;
pub use retirement::{RetirementAsked, retired_status};
pub use reward::{CoverageYear, cap_reward};
pub use top_up::{PaidMonths, Retirees, TopUpAsked, top_up};
pub use transfer::{TransferAsked, transfer};
pub use waiting::{EmployeeBreak, ResidentWait, wait_employee, wait_resident};

pub use bill::{Bill, MAX_TAGS};
pub use bulk::{Bulk, Combination};
pub use fold::adjudicate;
pub use split::{Line, LineSplit, split_line};
pub use trace::{Idle, NoTrace, Step, Trace};
pub use worksheet::Worksheet;
