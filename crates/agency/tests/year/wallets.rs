//! Wallets: at which hour, how often, how much, to whom; taken, declined, gone back; paying bills.

use gongji_agency::actor::{Actor, Role};
use gongji_agency::look;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::TransferStatus;
use serde_json::{Value, json};

use crate::kit::assert_books;
use crate::world::{CLOUD, NOON, PEACE, World, at_once, made, on_sqlite, paid, text};

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

/// An hour and minute in Beijing on 2026-06-15, or of later days where beyond 24.
fn at(hour: i64, minute: i64) -> i64 {
    NOON + (hour - 12) * HOUR + minute * MINUTE
}

fn resident(person: &str) -> Actor {
    Actor { role: Role::Resident, name: person.to_owned(), areas: Vec::new() }
}

struct Two<'world> {
    world: &'world World,
    mother: String,
    child: String,
}

impl Two<'_> {
    fn asked(&self, amount: &str) -> Value {
        json!({ "grantor": self.mother, "beneficiary": self.child, "relation": "child", "amount": amount })
    }

    fn sends(&self, amount: &str) -> String {
        text(&self.world.by(resident(&self.mother)).ok("transfer_to_wallet", self.asked(amount)), "transfer")
    }

    fn refused(&self, amount: &str) -> Refusal {
        self.world.by(resident(&self.mother)).no("transfer_to_wallet", self.asked(amount))
    }

    fn of(&self, transfer: &str) -> Value {
        json!({ "person": self.child, "transfer": transfer })
    }

    fn held(&self) -> (i64, i64) {
        let held = self.world.balance(&format!("990301/held/{}", self.mother));
        (held, self.world.balance(&format!("990301/wallet/{}", self.child)))
    }
}

fn two(world: &World) -> Two<'_> {
    world.hospital("H1", CLOUD);
    let mother = world.saver("甲", CLOUD, "300.00", "9000.00");
    let child = world.employee("乙", CLOUD);
    Two { world, mother, child }
}

#[test]
fn a_transfer_keeps_to_hours_times_amounts_and_relatives() {
    on_sqlite(|world| {
        let two = two(world);
        let refusal = two.refused("100.00");
        assert_eq!((&*refusal.code, &*refusal.problem), ("transfer_refused", "对方没有开通医保钱包"));
        world.by(resident(&two.child)).ok("open_wallet", json!({ "person": two.child }));
        assert_eq!(&*world.no("open_wallet", json!({ "person": two.child })).code, "wallet_exists");
        // 22:00 is closed, and 05:59; 21:59 is not, nor 06:00.
        world.clock.set(at(21, 59));
        two.sends("1.00");
        world.clock.set(at(22, 0));
        assert_eq!(&*two.refused("1.00").problem, "22:00 至次日 6:00 不能转账");
        world.clock.set(at(29, 59));
        assert_eq!(&*two.refused("1.00").problem, "22:00 至次日 6:00 不能转账");
        world.clock.set(at(30, 0));
        assert_eq!(&*two.refused("2000.01").problem, "超过单笔限额 2,000.00 元");
        two.sends("2000.00");
        // What is declined was made all the same: the fourth of a day is one too many.
        let second = two.sends("1.00");
        world.by(resident(&two.child)).ok("decline_transfer", two.of(&second));
        two.sends("1.00");
        assert_eq!(&*two.refused("1.00").problem, "当天已转 3 笔，每日至多 3 笔");
        world.clock.set(at(54, 0));
        let mut asked = two.asked("1.00");
        asked["relation"] = json!("sibling");
        assert_eq!(&*world.no("transfer_to_wallet", asked.clone()).problem, "收款人须是近亲属");
        asked["relation"] = json!("cousin");
        assert_eq!(&*world.no("transfer_to_wallet", asked.clone()).code, "unknown_value");
        asked["relation"] = json!("self");
        assert_eq!(&*world.no("transfer_to_wallet", asked).code, "oneself");
        assert_eq!(&*two.refused("0").code, "no_amount");
        let stranger = world.saver("丙", CLOUD, "0", "5.00");
        let mut poor = two.asked("5.01");
        poor["grantor"] = json!(stranger);
        assert_eq!(&*world.no("transfer_to_wallet", poor).problem, "可转余额只有 5.00 元");
        assert_eq!(
            &*world.by(resident(&stranger)).no("transfer_to_wallet", two.asked("1.00")).code,
            "denied"
        );
        world.ok("pause_cover", json!({ "person": two.child, "from": "2026-06-17", "reason": "欠费" }));
        assert_eq!(&*two.refused("1.00").code, "cover_paused");
        assert_books(world);
    });
}

#[test]
fn what_is_taken_pays_bills_and_what_is_not_goes_back_at_six() {
    on_sqlite(|world| {
        let two = two(world);
        world.ok("open_wallet", json!({ "person": two.child }));
        world.clock.set(at(21, 0));
        let (taken, left) = (two.sends("400.00"), two.sends("50.00"));
        // The current year first: 300.00 of it, then 150.00 of what is carried over.
        assert_eq!((world.purse(&two.mother), two.held()), ((0, 8_850_00), (450_00, 0)));
        assert_eq!(&*world.by(resident(&two.mother)).no("accept_transfer", two.of(&taken)).code, "denied");
        world.clock.set(at(29, 59));
        world.by(resident(&two.child)).ok("accept_transfer", two.of(&taken));
        assert_eq!(two.held(), (50_00, 400_00));
        assert_eq!(&*world.no("accept_transfer", two.of(&taken)).code, "transfer_settled");
        assert_eq!(&*world.no("return_transfers", json!({ "area": CLOUD })).code, "nothing_due");
        // From six on it cannot be taken any more, before anybody has sent it back.
        world.clock.set(at(30, 0));
        assert_eq!(
            &*world.by(resident(&two.child)).no("accept_transfer", two.of(&left)).code,
            "transfer_expired"
        );
        let back = world.ok("return_transfers", json!({ "area": CLOUD }));
        assert_eq!(back.result["returned"], json!([left]));
        assert_eq!((world.purse(&two.mother), two.held()), ((0, 8_900_00), (0, 400_00)));
        assert_eq!(&*world.no("return_transfers", json!({ "area": CLOUD })).code, "nothing_due");
        // The wallet pays before a relative's account: 200.00 deductible and 40% of 300.00.
        world.grant(&two.mother, &two.child, "parent");
        let bill = world
            .at("H1")
            .ok("settle_at_once", at_once(&two.child, "H1", "outpatient", "2026-06-16", "500.00"));
        assert_eq!(paid(&bill), [180_00, 0, 320_00, 0]);
        assert_eq!((world.purse(&two.mother), two.held()), ((0, 8_900_00), (0, 80_00)));
        // 40% of 300.00: 80.00 of the wallet, 40.00 of the mother's account.
        let next = world
            .at("H1")
            .ok("settle_at_once", at_once(&two.child, "H1", "outpatient", "2026-06-16", "300.00"));
        assert_eq!(paid(&next), [180_00, 0, 120_00, 0]);
        assert_eq!((world.purse(&two.mother), two.held()), ((0, 8_860_00), (0, 0)));
        world.ok("readjudicate", json!({ "settlement": made(&next).id, "reason": "重算" }));
        assert_eq!((world.purse(&two.mother), two.held()), ((0, 8_860_00), (0, 0)));
        world.ok("cancel_settlement", json!({ "settlement": made(&bill).id, "reason": "退费" }));
        assert_eq!(two.held(), (0, 320_00));
        let seen = world
            .office
            .look(&resident(&two.child), |desk, context| look::transfers(desk, context, &two.child));
        let seen = seen.expect("seen");
        let stands: Vec<(i64, TransferStatus)> =
            seen.transfers.iter().map(|transfer| (transfer.amount.fen(), transfer.status)).collect();
        assert_eq!(seen.wallet.map(|fen| fen.fen()), Some(320_00));
        assert_eq!(stands, [(400_00, TransferStatus::Accepted), (50_00, TransferStatus::Returned)]);
        assert_books(world);
    });
}

#[test]
fn a_wallet_in_another_area_is_filled_through_clearing() {
    on_sqlite(|world| {
        let mut two = two(world);
        two.child = world.employee("丙", PEACE);
        world.ok("open_wallet", json!({ "person": two.child }));
        let transfer = two.sends("100.00");
        world.ok("accept_transfer", two.of(&transfer));
        assert_eq!(world.balance(&format!("990303/wallet/{}", two.child)), 100_00);
        assert_eq!(world.balance("990301/clearing/990303/account"), 100_00);
        assert_eq!(world.balance("990303/clearing/990301/account"), -100_00);
        assert_books(world);
    });
}
