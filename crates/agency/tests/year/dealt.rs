//! Every command is dealt by a model that reckons by itself what becomes of it.

use std::collections::BTreeSet;

use gongji_agency::command::COMMANDS;

use crate::accounts_model::Accounts;
use crate::correction_model::Corrections;
use crate::family_model::Families;
use crate::filings_model::Filings;
use crate::money_model::Money;
use crate::payers_model::Payers;
use crate::play::Book;
use crate::registers_model::Registers;
use crate::wallet_model::Wallets;

#[path = "../office/dealt.rs"]
mod office;

/// Each list is compared with what its model really deals where that is run.
#[test]
fn every_command_is_dealt_by_a_model() {
    let dealt: BTreeSet<&str> = [
        office::DEALT,
        crate::claims_model::DEALT,
        crate::model::DEALT,
        Accounts::DEALT,
        Corrections::DEALT,
        Families::DEALT,
        Filings::DEALT,
        Money::DEALT,
        Payers::DEALT,
        Registers::DEALT,
        Wallets::DEALT,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect();
    let commands: BTreeSet<&str> = COMMANDS.iter().map(|(kind, _)| *kind).collect();
    let missing: Vec<&&str> = commands.difference(&dealt).collect();
    assert_eq!(missing, [&""; 0], "no model deals these commands");
    let unknown: Vec<&&str> = dealt.difference(&commands).collect();
    assert_eq!(unknown, [&""; 0], "there are no such commands");
}
