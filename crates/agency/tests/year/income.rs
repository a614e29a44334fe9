//! Money that comes in.

use crate::kit::{assert_books, books, sum};
use crate::world::{CLOUD, on_sqlite};

#[test]
fn an_account_that_was_opened_with_money_stands_in_the_books() {
    on_sqlite(|world| {
        world.saver("王小明", CLOUD, "88.00", "12.00");
        let books = books(world);
        assert_eq!((sum(&books, CLOUD, "personal/"), sum(&books, CLOUD, "opening")), (100_00, -100_00));
        assert_books(world);
    });
}
