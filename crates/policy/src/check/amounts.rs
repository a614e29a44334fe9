//! Which forms of an amount may stand where: what the engine resolves before a bill must not depend on the bill. The reader says
//! the same of texts; this holds for packs from elsewhere too.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{AmountRule, Pack, Row, Setting, Table};
use crate::view::{AnyTable, Role, ValueWords, visit_tables};

/// The amounts of every table.
pub(super) fn check_amounts(pack: &Pack) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    visit_tables(pack, |place, table| {
        let AnyTable::Amount(table) = table else { return };
        let Some((what, allowed)) = rule(place.role) else { return };
        for row in &table.rows {
            let Setting::Known(amount) = &row.value else { continue };
            let form = Form::of(amount);
            if !allowed.contains(&form) {
                let diagnostic = refuse(table, row, amount, what, allowed, pack);
                if !found.contains(&diagnostic) {
                    found.push(diagnostic);
                }
            }
        }
    });
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Fixed,
    OfIndex,
    OfBill,
    Unlimited,
    NotApplied,
}

impl Form {
    fn of(amount: &AmountRule) -> Form {
        match amount {
            AmountRule::Fixed(_) => Form::Fixed,
            AmountRule::OfIndex { .. } => Form::OfIndex,
            AmountRule::PercentOf { .. } | AmountRule::Steps { .. } => Form::OfBill,
            AmountRule::Unlimited => Form::Unlimited,
            AmountRule::NotApplied => Form::NotApplied,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Form::Fixed => "固定金额",
            Form::OfIndex => "指标的倍数",
            Form::OfBill => "按金额的比例或分档",
            Form::Unlimited => "\"unlimited\"",
            Form::NotApplied => "\"not_applied\"",
        }
    }
}

/// What a table of amounts in that role is called, and the forms it may hold; `None` where every form may stand.
const fn rule(role: Role) -> Option<(&'static str, &'static [Form])> {
    match role {
        Role::Index => Some(("指标", &[Form::Fixed])),
        Role::Deductible => Some(("起付标准", &[Form::Fixed, Form::OfIndex, Form::OfBill])),
        Role::DeductibleAdjust | Role::CapAdjust => {
            Some(("金额的调整", &[Form::Fixed, Form::OfIndex, Form::NotApplied]))
        }
        Role::Limit => Some(("起付的上限", &[Form::Fixed, Form::OfIndex, Form::NotApplied])),
        Role::Parameter => {
            Some(("计算的参数", &[Form::Fixed, Form::OfIndex, Form::Unlimited, Form::NotApplied]))
        }
        Role::PriceCap => Some(("限价", &[Form::Fixed, Form::OfIndex, Form::Unlimited, Form::NotApplied])),
        _ => None,
    }
}

fn refuse(
    table: &Table<AmountRule>,
    row: &Row<AmountRule>,
    amount: &AmountRule,
    what: &str,
    allowed: &[Form],
    pack: &Pack,
) -> Diagnostic {
    let allowed: Vec<_> = allowed.iter().map(|form| form.words()).collect();
    let name = super::report::table_words(table);
    let message = format!("{name}是{what}，不能写成{}", Form::of(amount).words());
    let hint = match amount {
        AmountRule::Unlimited | AmountRule::NotApplied => "没有起付的写 value = 0",
        _ => "改用可用的写法",
    };
    Diagnostic::new(Code::BadAmount, message, row.span.clone(), amount.words(&pack.indices))
        .note(format!("可用的写法：{}", allowed.join("、")))
        .hint(hint)
}
