//! Wallets: money that relatives send, taken, declined, or left until it goes back.

use gongji_agency::command::{AcceptTransfer, Command, DeclineTransfer, OpenWallet, TransferToWallet};
use gongji_agency::row::Standing;
use gongji_money::Fen;
use jiff::civil::Date;

use super::Place;
use super::work::{Turn, Work, text};
use crate::DemoError;
use crate::home::Home;
use crate::random::Random;

/// What is sent, fen: taken, declined, left.
const SENT: [i64; 3] = [12_000, 5_000, 3_000];

/// In the account at least, fen.
const ENOUGH: i64 = 100_000;

impl Work<'_> {
    /// Parents send to their children's wallets; a bill is paid from what was taken.
    pub fn wallets(&mut self, place: &Place<'_>, homes: &[&Home], today: Date) -> Result<(), DemoError> {
        let mut turn = Turn::of(1);
        for home in homes {
            let Some((grantor, kin, _)) = home.near() else { continue };
            let holds =
                self.look(|desk, _| Ok(desk.get::<Standing>(&grantor.id)?.map(|row| row.carried_over)))?;
            let mut random = Random::of(self.seed ^ 0x3A11, home.number);
            if holds.is_none_or(|fen| fen < ENOUGH) || turn.next(self.mix.year.wallets, &mut random).is_none()
            {
                continue;
            }
            let person = kin.id.clone();
            if self.book(Command::OpenWallet(OpenWallet { person: person.clone() }))?.is_none() {
                continue;
            }
            for (at, fen) in SENT.into_iter().enumerate() {
                let send = TransferToWallet {
                    grantor: grantor.id.clone(),
                    beneficiary: person.clone(),
                    relation: "child".to_owned(),
                    amount: Fen::new(fen),
                };
                // Without rules for transfers nobody else there sends anything.
                let Some(told) = self.book(Command::TransferToWallet(send))? else { return Ok(()) };
                let (person, transfer) = (person.clone(), text(&told, "transfer").to_owned());
                match at {
                    0 => self.book(Command::AcceptTransfer(AcceptTransfer { person, transfer }))?,
                    1 => self.book(Command::DeclineTransfer(DeclineTransfer { person, transfer }))?,
                    _ => None,
                };
            }
            self.visit(place.area, kin, (today, 28_000))?;
        }
        Ok(())
    }
}
