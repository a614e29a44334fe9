//! What every home of the store must do, as one list of tests that runs over both.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

mod batches;
mod dumps;
mod journal;
mod kit;
mod outcomes;
mod rows;
mod views;

/// The same tests, once a home.
macro_rules! conformance {
    ($($module:ident :: $name:ident,)*) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                crate::$module::$name(&*crate::kit::sqlite());
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(ground) = crate::kit::postgres() {
                    crate::$module::$name(&*ground);
                }
            })*
        }
    };
}

conformance! {
    journal::an_empty_store_stands_at_the_start,
    journal::records_come_back_as_they_were_written,
    journal::records_must_follow_the_head,
    journal::records_come_in_order_and_in_parts,
    journal::bodies_may_be_large,
    journal::one_call_may_bring_ten_thousand,
    journal::shards_do_not_see_each_other,
    outcomes::keys_are_remembered_once,
    outcomes::outcomes_come_in_order_of_key,
    rows::rows_are_written_over_and_removed,
    rows::the_last_word_in_a_call_holds,
    rows::pages_keep_to_prefix_and_byte_order,
    rows::rows_of_all_kinds_come_in_order,
    rows::what_cannot_be_kept_is_refused_and_never_found,
    batches::a_batch_sees_what_it_wrote,
    batches::work_that_fails_keeps_nothing,
    batches::an_error_that_work_swallows_keeps_nothing,
    batches::work_that_panics_keeps_nothing,
    batches::a_batch_without_writes_is_fine,
    batches::what_was_kept_is_there_after_opening_again,
    batches::writers_from_threads_and_processes_come_one_after_the_other,
    views::a_view_does_not_change_while_others_write,
    views::readers_do_not_wait_for_a_writer,
    views::a_view_that_fails_says_so,
    dumps::a_dump_goes_to_the_other_home_and_back,
    dumps::a_dump_that_was_changed_is_not_taken,
}
