//! Whole runs of the commands that keep books: what people see, the exit code, and that a second time changes nothing.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

mod clearing;
mod conformance;
mod corrections;
mod kit;

use kit::{Books, Server};

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
    assert!(unknown.starts_with("exit 2") && unknown.contains("没有这种业务。写的是 no_such_thing。应为 "));
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

#[test]
fn a_population_is_made_shown_and_audited() {
    let books = Books::with_areas_of(kit::Areas::Agency);
    let made = books.run(&["demo", "--people", "30", "--seed", "4"], "");
    assert!(made.starts_with("exit 0") && made.contains("30 人") && !made.contains("拒绝"), "{made}");
    let audited = books.run(&["audit"], "");
    assert!(audited.starts_with("exit 0") && audited.contains("核对无误"), "{audited}");
    let again = books.run(&["demo", "--people", "30", "--seed", "4"], "");
    assert!(again.starts_with("exit 2"), "{again}");
    let institutions = books.run(&["institution", "list"], "");
    insta::assert_snapshot!("demo_institutions", institutions);
    let person = kit::first_word(&made_people(&books), 'P');
    for (name, arguments) in [
        ("demo_person", ["person", "show"]),
        ("demo_file", ["person", "file"]),
        ("demo_statement", ["person", "statement"]),
    ] {
        insta::assert_snapshot!(name, books.run(&[&arguments[..], &[person.as_str()]].concat(), ""));
    }
    insta::assert_snapshot!("demo_cover", books.run(&["person", "cover", &person, "--on", "2025-06-01"], ""));
    let file = books.run(&["person", "file", &person], "");
    let settlement = kit::first_word(&file, 'S');
    for (name, arguments) in
        [("demo_settlement", ["settlement", "show"]), ("demo_statement_sheet", ["settlement", "print"])]
    {
        insta::assert_snapshot!(name, books.run(&[&arguments[..], &[settlement.as_str()]].concat(), ""));
    }
    let explained = books.run(&["settlement", "explain", &settlement], "");
    assert!(explained.starts_with("exit 0") && explained.contains("分毫不差"), "{explained}");
    let cancelled = books.run(&["settlement", "cancel", &settlement, "--reason", "收费有误"], "");
    assert!(cancelled.starts_with("exit 0"), "{cancelled}");
    let twice = books.run(&["settlement", "cancel", &settlement, "--reason", "又撤一次"], "");
    assert!(twice.starts_with("exit 2") && twice.contains("已经撤销"), "{twice}");
    let affected = books.run(&["settlement", "affected", &settlement], "");
    assert!(affected.starts_with("exit 0"), "{affected}");
    let audited = books.run(&["audit"], "");
    assert!(audited.contains("核对无误"), "{audited}");
}

/// The file of the first person, whose number is that of a record right after the institutions.
fn made_people(books: &Books) -> String {
    (1..60)
        .map(|number| books.run(&["person", "show", &format!("P{number}")], ""))
        .find(|shown| shown.starts_with("exit 0"))
        .expect("a person among the first records")
}

#[test]
fn a_token_is_shown_once_and_revoked() {
    let books = Books::new();
    let issued = books.run(&["token", "issue", "clerk", "李经办", "--note", "窗口"], "");
    assert!(issued.starts_with("exit 0") && issued.contains("gongji_"), "{issued}");
    let listed = books.run(&["token", "list"], "");
    assert!(listed.contains("李经办") && !listed.contains("gongji_"), "{listed}");
    let token = kit::first_word(&listed, 'T');
    let revoked = books.run(&["token", "revoke", &token], "");
    assert!(revoked.starts_with("exit 0"), "{revoked}");
    assert!(books.run(&["token", "list"], "").contains("吊销"));
    insta::assert_snapshot!("token_unknown_role", books.run(&["token", "issue", "boss", "李经办"], ""));
    insta::assert_snapshot!("token_nobody", books.run(&["token", "issue", "resident", "P9"], ""));
    insta::assert_snapshot!("token_none", books.run(&["token", "revoke", "T9"], ""));
}

#[test]
fn a_catalogue_goes_in_and_comes_out() {
    let books = Books::new();
    let table =
        "编码,名称,种类,目录类别,先行自付比例,限价,开始日期\nD1,演示头孢,药品,乙,10%,35.00,2025-01-01\n";
    std::fs::write(books.folder().join("items.csv"), table).expect("a file");
    insta::assert_snapshot!(
        "item_import",
        books.run(&["item", "import", "items.csv", "--area", "990100"], "")
    );
    insta::assert_snapshot!("item_export", books.run(&["item", "export", "--area", "990100"], ""));
    insta::assert_snapshot!("item_export_none", books.run(&["item", "export"], ""));
    std::fs::write(books.folder().join("items.csv"), table.replace("乙", "丁")).expect("a file");
    insta::assert_snapshot!("item_malformed", books.run(&["item", "import", "items.csv"], ""));
}

#[test]
fn people_and_institutions_are_registered() {
    let books = Books::new();
    let person = [
        "person",
        "register",
        "--area",
        "990101",
        "--name",
        "演示甲",
        "--number",
        "990101199001010019",
        "--sex",
        "male",
        "--birth-date",
        "1990-01-01",
    ];
    insta::assert_snapshot!("person_register", books.run(&person, ""));
    insta::assert_snapshot!(
        "person_not_covered",
        books.run(&["person", "cover", "P2", "--on", "2025-01-01"], "")
    );
    insta::assert_snapshot!("person_unknown", books.run(&["person", "show", "P9"], ""));
    let wrong = person.map(|word| if word == "male" { "female" } else { word });
    insta::assert_snapshot!("person_sex_differs", books.run(&wrong, ""));
    let hospital = [
        "institution",
        "register",
        "H1",
        "--name",
        "演示医院",
        "--area",
        "990101",
        "--level",
        "3",
        "--type",
        "hospital",
        "--from",
        "2020-01-01",
    ];
    insta::assert_snapshot!("institution_register", books.run(&hospital, ""));
    insta::assert_snapshot!("institution_list", books.run(&["institution", "list", "--area", "990101"], ""));
    insta::assert_snapshot!("institution_none", books.run(&["institution", "list", "--area", "990102"], ""));
    insta::assert_snapshot!("audit", books.run(&["audit"], ""));
    insta::assert_snapshot!("audit_nothing", Books::new().run(&["audit"], ""));
}

#[test]
fn tables_go_out_and_people_come_in_once() {
    let books = Books::with_areas_of(kit::Areas::Agency);
    books.run(&["demo", "--people", "12", "--seed", "2"], "");
    let out = books.run(&["export", "tables"], "");
    assert!(out.starts_with("exit 0") && out.contains("13 人"), "{out}");
    let table =
        |name: &str| std::fs::read_to_string(books.folder().join("tables").join(name)).expect("a table");
    // Every entry balances, in every area's books.
    let mut sums = std::collections::BTreeMap::new();
    for line in table("postings.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let fen: i64 = cells[7].replace('.', "").parse().expect("yuan with two decimals");
        *sums.entry((cells[0].to_owned(), cells[4].to_owned())).or_insert(0) += fen;
    }
    assert!(sums.len() > 12 && sums.values().all(|sum| *sum == 0), "{sums:?}");
    // Twelve people, and a child that is born in the year.
    assert_eq!(table("people.csv").lines().count(), 14);
    insta::assert_snapshot!("export_again", books.run(&["export", "tables"], ""));
    // A grant for two purposes, with a limit, that is paused.
    let grants = table("grants.csv");
    let mut lines: Vec<String> = grants.lines().map(str::to_owned).collect();
    let given = lines.iter().position(|line| line.split(',').nth(4) == Some("")).expect("one that goes on");
    let first: Vec<&str> = lines[given].split(',').take(5).collect();
    lines[given] = format!("{},outpatient;pharmacy,,100.00,,,,2025-01-01,", first.join(","));
    std::fs::write(books.folder().join("tables/grants.csv"), lines.join("\n") + "\n").expect("a table");
    let other = books.beside();
    let first = other.run(&["import", "tables"], "");
    assert!(first.starts_with("exit 0") && first.contains("先前已办 0 笔，拒绝 0 笔"), "{first}");
    let second = other.run(&["import", "tables"], "");
    assert!(
        second.starts_with("exit 0") && second.contains("办理 0 笔") && second.contains("拒绝 0 笔"),
        "{second}"
    );
    let back = other.run(&["export", "back"], "");
    assert!(back.contains("13 人"), "{back}");
    let returned = std::fs::read_to_string(books.folder().join("back/people.csv")).expect("a table");
    // Ids are given anew; everything else is the same.
    let without_ids = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.split_once(',').map_or("", |(_, rest)| rest).to_owned()).collect();
        lines.sort();
        lines
    };
    assert_eq!(without_ids(&table("people.csv")), without_ids(&returned));
    // A grant comes back with what limits it; a pause that goes on begins anew on the day of the import.
    let granted = |text: &str| -> Vec<String> {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.split(',').skip(2).take(9).collect::<Vec<_>>().join(",")).collect();
        lines.sort();
        lines
    };
    let returned = std::fs::read_to_string(books.folder().join("back/grants.csv")).expect("a table");
    let paused = returned.lines().filter(|line| line.contains(",outpatient;pharmacy,,100.00,,,,2"));
    assert_eq!(paused.count(), 1, "{returned}");
    assert_eq!(granted(&table("grants.csv")), granted(&returned));
    std::fs::write(books.folder().join("tables/people.csv"), "person,name\nP1,x\n").expect("a file");
    insta::assert_snapshot!("import_malformed", books.run(&["import", "tables"], ""));
    insta::assert_snapshot!("import_no_folder", books.run(&["import", "nowhere"], ""));
}

#[test]
fn a_server_over_the_books_asks_for_a_token() {
    let books = Books::new();
    let secret = books.token("auditor", "王审计");
    let server = Server::over(&books);
    assert!(server.get("/healthz", "").contains("200 OK"));
    let without = server.get("/api/v1/people/P9", "");
    assert!(without.contains(" 401 "), "{without}");
    let wrong = server.get("/api/v1/people/P9", "gongji_0000");
    assert!(wrong.contains(" 401 "), "{wrong}");
    let with = server.get("/api/v1/people/P9", &secret);
    assert!(with.contains(" 404 "), "{with}");
    // The program that serves and the one that books share the file.
    let token = kit::first_word(&books.run(&["token", "list"], ""), 'T');
    let revoked = books.run(&["token", "revoke", &token], "");
    assert!(revoked.starts_with("exit 0"), "{revoked}");
}
