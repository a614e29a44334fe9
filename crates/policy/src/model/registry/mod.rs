//! The registry of parameters: every one that a calculation may read.

mod account;
mod benefit;
mod contribution;

use super::parameter::{Parameter, ParameterKind};

const fn entry(
    (calculation, name): (&'static str, &'static str),
    kind: ParameterKind,
    label: &'static str,
    unit: &'static str,
    meaning: &'static str,
) -> Parameter {
    Parameter { calculation, name, kind, label, unit, meaning }
}

const COUNT: usize = contribution::PARAMETERS.len() + account::PARAMETERS.len() + benefit::PARAMETERS.len();

/// The parts in one list.
const ALL: [Parameter; COUNT] = {
    let parts: [&[Parameter]; 3] = [&contribution::PARAMETERS, &account::PARAMETERS, &benefit::PARAMETERS];
    let mut all = [contribution::PARAMETERS[0]; COUNT];
    let (mut part, mut filled) = (0, 0);
    while part < parts.len() {
        let mut position = 0;
        while position < parts[part].len() {
            all[filled] = parts[part][position];
            filled += 1;
            position += 1;
        }
        part += 1;
    }
    all
};

/// Every parameter there is, by calculation. A calculation refuses where one that it must have is not given; where
/// `meaning` says "缺省", its absence means just that.
pub const PARAMETERS: &[Parameter] = &ALL;
