//! Whole runs of the commands that keep books: what people see, the exit code, and that a second time changes nothing.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

mod kit;

use kit::Books;

#[test]
fn a_place_must_be_named_and_only_one() {
    let books = Books::new();
    insta::assert_snapshot!("no_place", books.run_nowhere(&["settlement", "show", "S1"], ""));
    insta::assert_snapshot!(
        "two_places",
        books.run_nowhere(&["settlement", "show", "S1", "--data", "a", "--store", "postgres://b/c"], "")
    );
    insta::assert_snapshot!(
        "no_database",
        books.run_nowhere(&["settlement", "show", "S1", "--store", "a"], "")
    );
}

#[test]
fn the_same_command_twice_is_one_record() {
    let books = Books::new();
    let first = books.run(&["book", "reverse", "--key", "R-1"], r#"{"message":"M-1"}"#);
    insta::assert_snapshot!("book_reverse", first);
    insta::assert_snapshot!(
        "book_again",
        books.run(&["book", "reverse", "--key", "R-1"], r#"{"message":"M-1"}"#)
    );
    insta::assert_snapshot!(
        "book_other_request",
        books.run(&["book", "reverse", "--key", "R-1"], r#"{"message":"M-2"}"#)
    );
    // Without a key the content is the key.
    let one = books.run(&["book", "reverse"], r#"{"message":"M-3"}"#);
    let other = books.run(&["book", "reverse"], r#"{ "message": "M-3" }"#);
    assert!(one.contains("\"replayed\": false") && other.contains("\"replayed\": true"), "{one}{other}");
}

#[test]
fn what_cannot_be_booked_is_refused() {
    let books = Books::new();
    let unknown = books.run(&["book", "no_such_thing"], "{}");
    assert!(
        unknown.starts_with("exit 2")
            && unknown.contains("没有这种业务。写的是 no_such_thing。应为 open_visit、")
    );
    insta::assert_snapshot!("book_missing_field", books.run(&["book", "settle"], r#"{"visit":"V1"}"#));
    insta::assert_snapshot!(
        "book_no_visit",
        books.run(&["book", "settle"], r#"{"visit":"V9","date":"2025-01-02"}"#)
    );
    insta::assert_snapshot!("no_settlement", books.run(&["settlement", "show", "S9"], ""));
    insta::assert_snapshot!("malformed_id", books.run(&["settlement", "print", "12"], ""));
    insta::assert_snapshot!(
        "cancel_nothing",
        books.run(&["settlement", "cancel", "S9", "--reason", "收费有误"], "")
    );
    insta::assert_snapshot!("commands_unknown", books.run(&["commands", "no_such_thing"], ""));
}

#[test]
fn a_file_of_commands_is_booked_line_by_line() {
    let books = Books::new();
    let file = [
        r#"{"kind":"reverse","key":"L-1","message":"M-1"}"#,
        "",
        r#"{"kind":"reverse","key":"L-2","message":"M-2"}"#,
        r#"{"kind":"settle","key":"L-3","visit":"V9","date":"2025-01-02"}"#,
    ]
    .join("\n");
    insta::assert_snapshot!("lines", books.run(&["book", "--lines", "-"], &file));
    insta::assert_snapshot!("lines_again", books.run(&["book", "--lines", "-"], &file));
    let broken = file.replace("\"M-2\"", "2");
    let fresh = Books::new();
    insta::assert_snapshot!("lines_malformed", fresh.run(&["book", "--lines", "-"], &broken));
    let first = fresh.run(&["book", "reverse", "--key", "L-1"], r#"{"message":"M-1"}"#);
    assert!(first.contains("\"replayed\": false"), "a file with a mistake booked something: {first}");
}

#[test]
fn a_backup_is_restored_to_the_same_journal() {
    let books = Books::new();
    insta::assert_snapshot!("backup_nothing", books.run(&["backup", "copy.sqlite"], ""));
    books.run(&["book", "reverse", "--key", "R-1"], r#"{"message":"M-1"}"#);
    let saved = books.run(&["backup", "copy.sqlite"], "");
    assert!(saved.starts_with("exit 0"), "{saved}");
    insta::assert_snapshot!("backup_twice", books.run(&["backup", "copy.sqlite"], ""));
    let other = books.beside();
    let restored = other.run(&["restore", "copy.sqlite"], "");
    assert!(restored.starts_with("exit 0"), "{restored}");
    let again = other.run(&["book", "reverse", "--key", "R-1"], r#"{"message":"M-1"}"#);
    assert!(again.contains("\"replayed\": true"), "{again}");
    insta::assert_snapshot!("restore_over_books", other.run(&["restore", "copy.sqlite"], ""));
    insta::assert_snapshot!("restore_no_file", other.run(&["restore", "none.sqlite"], ""));
}
