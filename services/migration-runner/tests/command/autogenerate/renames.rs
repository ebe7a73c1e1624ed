//! Renames that change places, follow one another, or come with more.

use artisan_testkit::{TestDatabase, on_engine, on_every_engine};

use super::{A, Folder, call, count, fs, generate, project, texts};

on_every_engine!(
    columns_change_places,
    columns_move_up,
    tables_change_places,
    exchange_that_nothing_shows_is_refused,
    what_stays_at_its_name_shows_nothing_of_an_exchange,
    exchange_with_other_types_is_refused,
    marks_of_columns_build_upon_confirmed_tables,
    table_of_other_columns_is_asked_about,
    rename_with_another_type_is_asked_about,
    drift_that_may_be_a_rename_is_asked_about,
    rename_is_confirmed_beside_what_looks_alike_as_well,
    check_tells_of_losses_and_of_what_may_be_a_rename,
    marks_are_read_as_the_engine_reads_names,
    name_that_is_to_be_free_first_takes_two_revisions,
);

on_engine!(
    on_sqlite,
    Sqlite,
    mark_that_would_lose_a_virtual_table_is_refused,
    rename_of_a_virtual_table_is_confirmed,
    virtual_tables_pass_their_names_on_one_by_one
);

on_engine!(
    on_postgres,
    Postgres,
    sequences_change_places_where_their_options_show_it,
    mark_that_names_the_sequence_of_a_column_says_so,
    policy_of_which_not_all_can_be_told_is_refused
);

/// A project at its head with these rows, whose schema is to become another.
async fn at_head(
    database: &TestDatabase,
    up: &str,
    down: &str,
    rows: &str,
    desired: &str,
) -> Folder {
    let folder = Folder::new(&[("1_a.up.sql", up), ("1_a.down.sql", down)]);
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    call(database, &folder, &["upgrade"]).expect(0);
    database.execute(rows).await;
    folder
}

/// Generates and applies; nothing is lost, and nothing is left to do although the marks stand there still.
fn apply(database: &TestDatabase, folder: &Folder) {
    let document = generate(database, folder, &[]).expect(0).json();
    assert_eq!(document["losses"], serde_json::json!([]), "{document}");
    call(database, folder, &["upgrade"]).expect(0);
    call(database, folder, &["check"]).expect(0);
    let again = generate(database, folder, &[]).expect(0).json();
    assert_eq!(again["differences"], serde_json::json!([]), "{again}");
}

const BOTH: &str =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), b VARCHAR(40) NOT NULL);\n";

async fn columns_change_places(database: TestDatabase) {
    let desired = "CREATE TABLE t (id INTEGER PRIMARY KEY,\n\
                   b VARCHAR(20), -- @renamed from=a\n\
                   a VARCHAR(40) NOT NULL -- @renamed from=b\n);\n";
    let rows = "INSERT INTO t (id, a, b) VALUES (1, 'was a', 'was b')";
    let folder = at_head(&database, BOTH, "DROP TABLE t;\n", rows, desired).await;
    apply(&database, &folder);
    assert_eq!(texts(&database, "SELECT b FROM t").await, ["was a"]);
    assert_eq!(texts(&database, "SELECT a FROM t").await, ["was b"]);
    call(&database, &folder, &["downgrade", "-1"]).expect(0);
    assert_eq!(texts(&database, "SELECT a FROM t").await, ["was a"]);
}

async fn columns_move_up(database: TestDatabase) {
    let desired = "CREATE TABLE t (id INTEGER PRIMARY KEY,\n\
                   b VARCHAR(20), -- @renamed from=a\n\
                   c VARCHAR(40) NOT NULL -- @renamed from=b\n);\n";
    let rows = "INSERT INTO t (id, a, b) VALUES (1, 'was a', 'was b')";
    let folder = at_head(&database, BOTH, "DROP TABLE t;\n", rows, desired).await;
    apply(&database, &folder);
    assert_eq!(texts(&database, "SELECT b FROM t").await, ["was a"]);
    assert_eq!(texts(&database, "SELECT c FROM t").await, ["was b"]);
}

async fn tables_change_places(database: TestDatabase) {
    let up = "CREATE TABLE a (id INTEGER PRIMARY KEY, x VARCHAR(9));\n\
              CREATE TABLE b (id INTEGER PRIMARY KEY, y VARCHAR(9), a_id INTEGER,\n\
              CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES a (id));\n";
    let desired = "CREATE TABLE b ( -- @renamed from=a\nid INTEGER PRIMARY KEY, x VARCHAR(9));\n\
                   CREATE TABLE a ( -- @renamed from=b\nid INTEGER PRIMARY KEY, y VARCHAR(9), a_id INTEGER,\n\
                   CONSTRAINT b_a FOREIGN KEY (a_id) REFERENCES b (id));\n";
    let rows = "INSERT INTO a VALUES (1, 'was a'); INSERT INTO b VALUES (2, 'was b', 1)";
    let folder = at_head(&database, up, "DROP TABLE b;\nDROP TABLE a;\n", rows, desired).await;
    apply(&database, &folder);
    assert_eq!(texts(&database, "SELECT x FROM b").await, ["was a"]);
    assert_eq!(texts(&database, "SELECT y FROM a").await, ["was b"]);
    call(&database, &folder, &["downgrade", "-1"]).expect(0);
    assert_eq!(texts(&database, "SELECT x FROM a").await, ["was a"]);
}

async fn exchange_that_nothing_shows_is_refused(database: TestDatabase) {
    let up = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);\n";
    let desired = "CREATE TABLE t (id INTEGER PRIMARY KEY,\n\
                   a INTEGER, -- @renamed from=b\n\
                   b INTEGER -- @renamed from=a\n);\n";
    let folder = at_head(&database, up, "DROP TABLE t;\n", "DELETE FROM t", desired).await;
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "BAD_ANNOTATION", "{told}");
    assert!(told["error"]["message"].as_str().unwrap().contains("exchanged"), "{told}");
}

/// Indexes stay at the names of columns: that they change less without the exchange is no sign that it is done.
async fn what_stays_at_its_name_shows_nothing_of_an_exchange(database: TestDatabase) {
    let indexes = "CREATE INDEX i_a ON t (a);\nCREATE INDEX i_b ON t (b);\n";
    let up = format!("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);\n{indexes}");
    let desired = format!(
        "CREATE TABLE t (id INTEGER PRIMARY KEY,\n\
         a INTEGER, -- @renamed from=b\n\
         b INTEGER -- @renamed from=a\n);\n{indexes}"
    );
    let folder = at_head(&database, &up, "DROP TABLE t;\n", "DELETE FROM t", &desired).await;
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "BAD_ANNOTATION", "{told}");
}

async fn exchange_with_other_types_is_refused(database: TestDatabase) {
    let desired = "CREATE TABLE t (id INTEGER PRIMARY KEY,\n\
                   a VARCHAR(30), -- @renamed from=b\n\
                   b VARCHAR(50) NOT NULL -- @renamed from=a\n);\n";
    let folder = at_head(&database, BOTH, "DROP TABLE t;\n", "DELETE FROM t", desired).await;
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "BAD_ANNOTATION", "{told}");
}

async fn marks_of_columns_build_upon_confirmed_tables(database: TestDatabase) {
    let up = "CREATE TABLE n (id INTEGER PRIMARY KEY, d VARCHAR(9));\n";
    let desired = "CREATE TABLE m (id INTEGER PRIMARY KEY,\ne VARCHAR(9) -- @renamed from=d\n);\n";
    let rows = "INSERT INTO n (id, d) VALUES (1, 'kept')";
    let folder = at_head(&database, up, "DROP TABLE n;\n", rows, desired).await;
    generate(&database, &folder, &["--confirm-rename", "n=m"]).expect(0);
    call(&database, &folder, &["upgrade"]).expect(0);
    assert_eq!(texts(&database, "SELECT e FROM m").await, ["kept"]);
}

/// The same types in the same order are a rename more often than not.
async fn table_of_other_columns_is_asked_about(database: TestDatabase) {
    let up = "CREATE TABLE people (person INTEGER PRIMARY KEY, mail VARCHAR(9));\n";
    let desired = "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(9));\n";
    let folder =
        at_head(&database, up, "DROP TABLE people;\n", "DELETE FROM people", desired).await;
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "RENAME_OR_DROP", "{told}");
    generate(&database, &folder, &["--confirm-drop", "people"]).expect(0);
}

async fn rename_with_another_type_is_asked_about(database: TestDatabase) {
    let desired = "CREATE TABLE a (id INTEGER PRIMARY KEY, c VARCHAR(99));\n";
    let folder = project(&database, desired);
    let told = generate(&database, &folder, &[]).expect(2).json();
    assert_eq!(told["error"]["reason"], "RENAME_OR_DROP", "{told}");
    let marked = desired.replace("99)", "99) -- @renamed from=b\n");
    fs::write(folder.path().join("schema.sql"), marked).unwrap();
    database.execute("INSERT INTO a (id, b) VALUES (1, 'kept')").await;
    apply(&database, &folder);
    assert_eq!(texts(&database, "SELECT c FROM a").await, ["kept"]);
}

async fn drift_that_may_be_a_rename_is_asked_about(database: TestDatabase) {
    let folder = project(&database, A);
    database.execute("ALTER TABLE a RENAME COLUMN b TO c").await;
    database.execute("INSERT INTO a (id, c) VALUES (1, 'kept')").await;
    for way in [&["verify", "--revert"][..], &["verify", "--adopt"]] {
        let told =
            call(&database, &folder, &[way, &["--output", "json"]].concat()).expect(2).json();
        assert_eq!(told["error"]["reason"], "RENAME_OR_DROP", "{told}");
        let message = told["error"]["message"].as_str().unwrap();
        assert!(message.contains("--confirm-rename a.b=a.c"), "{message}");
    }
    assert_eq!(count(&folder), 3, "a file was written");
    let arguments = ["verify", "--revert", "--confirm-rename", "a.b=a.c"];
    let printed = call(&database, &folder, &arguments).expect(0).stdout;
    assert!(!printed.contains("destructive"), "{printed}");
    database.execute(&printed).await;
    assert_eq!(texts(&database, "SELECT b FROM a").await, ["kept"]);
    call(&database, &folder, &["verify"]).expect(0);
}

async fn rename_is_confirmed_beside_what_looks_alike_as_well(database: TestDatabase) {
    for (types, pair) in
        [("c INTEGER, r_b VARCHAR(9)", "a.b=a.r_b"), ("c VARCHAR(9), d VARCHAR(99)", "a.b=a.d")]
    {
        let desired = format!("CREATE TABLE a (id INTEGER PRIMARY KEY, {types});\n");
        let folder = project(&database, &desired);
        database.execute("INSERT INTO a (id, b) VALUES (1, 'kept')").await;
        let told = generate(&database, &folder, &["--confirm-rename", pair]).expect(0).json();
        assert_eq!(told["losses"], serde_json::json!([]), "{told}");
        call(&database, &folder, &["upgrade"]).expect(0);
        let column = pair.rsplit('.').next().unwrap();
        assert_eq!(texts(&database, &format!("SELECT {column} FROM a")).await, ["kept"]);
        call(&database, &folder, &["downgrade", "base"]).expect(0);
    }
}

async fn rename_of_a_virtual_table_is_confirmed(database: TestDatabase) {
    let up = "CREATE VIRTUAL TABLE f USING fts5(a);\n";
    let (rows, desired) = ("INSERT INTO f VALUES ('one')", up.replace(" f ", " g "));
    let folder = at_head(&database, up, "DROP TABLE f;\n", rows, &desired).await;
    let told = generate(&database, &folder, &["--confirm-rename", "f=g"]).expect(0).json();
    assert_eq!(told["losses"], serde_json::json!([]), "{told}");
    call(&database, &folder, &["upgrade"]).expect(0);
    assert_eq!(texts(&database, "SELECT a FROM g").await, ["one"]);
}

async fn marks_are_read_as_the_engine_reads_names(database: TestDatabase) {
    let desired =
        "CREATE TABLE a (ID INTEGER PRIMARY KEY,\nC VARCHAR(9) NOT NULL -- @renamed from=B\n);\n";
    let folder = project(&database, &desired.replace("ID", "id"));
    let document = generate(&database, &folder, &[]).expect(0).json();
    assert_eq!(document["losses"], serde_json::json!([]), "{document}");
}

async fn check_tells_of_losses_and_of_what_may_be_a_rename(database: TestDatabase) {
    let folder = project(&database, &A.replace(" b ", " c "));
    let told = call(&database, &folder, &["check"]).expect(9);
    assert!(told.stdout.contains("    -- destructive: "), "{}", told.stdout);
    assert!(told.stderr.contains("write `-- @renamed from=b`"), "{}", told.stderr);
    fs::write(folder.path().join("schema.sql"), A).unwrap();
    assert_eq!(call(&database, &folder, &["check"]).expect(0).stderr, "");
}

async fn mark_that_would_lose_a_virtual_table_is_refused(database: TestDatabase) {
    let up = "CREATE VIRTUAL TABLE f USING fts5(a);\n";
    let rows = "INSERT INTO f VALUES ('one')";
    let desired = "-- @renamed from=f\nCREATE VIRTUAL TABLE g USING fts5(a, b);\n";
    let folder = at_head(&database, up, "DROP TABLE f;\n", rows, desired).await;
    let error = generate(&database, &folder, &[]).expect(2).json()["error"].take();
    assert_eq!(error["reason"], "BAD_ANNOTATION", "{error}");
    assert!(error["message"].as_str().unwrap().contains("virtual table"), "{error}");
    let desired = desired.replace(", b", "");
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    apply(&database, &folder);
    assert_eq!(texts(&database, "SELECT a FROM g").await, ["one"]);
    call(&database, &folder, &["downgrade", "-1"]).expect(0);
    assert_eq!(texts(&database, "SELECT a FROM f").await, ["one"]);
}

async fn virtual_tables_pass_their_names_on_one_by_one(database: TestDatabase) {
    let table =
        |mark: &str, name: &str| format!("{mark}CREATE VIRTUAL TABLE {name} USING fts5(a);\n");
    for [first, second, last] in [["f", "g", "h"], ["z", "m", "b"]] {
        let up = table("", first) + &table("", second);
        let down = format!("DROP TABLE {first};\nDROP TABLE {second};\n");
        let rows =
            format!("INSERT INTO {first} VALUES ('one'); INSERT INTO {second} VALUES ('two')");
        let [first_mark, second_mark] =
            [first, second].map(|old| format!("-- @renamed from={old}\n"));
        let desired = table(&first_mark, second) + &table(&second_mark, last);
        let folder = at_head(&database, &up, &down, &rows, &desired).await;
        let error = generate(&database, &folder, &[]).expect(2).json()["error"].take();
        assert!(error["message"].as_str().unwrap().contains("one by one"), "{error}");
        let schema = folder.path().join("schema.sql");
        fs::write(&schema, table("", first) + &table(&second_mark, last)).unwrap();
        apply(&database, &folder);
        fs::write(&schema, &desired).unwrap();
        apply(&database, &folder);
        let all = format!("SELECT a FROM {second} UNION ALL SELECT a FROM {last}");
        assert_eq!(texts(&database, &all).await, ["one", "two"]);
        call(&database, &folder, &["downgrade", "base"]).expect(0);
    }
}

async fn name_that_is_to_be_free_first_takes_two_revisions(database: TestDatabase) {
    let desired = "CREATE TABLE t (id INTEGER PRIMARY KEY,\n a INTEGER -- @renamed from=b\n);";
    let up = "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);";
    let folder =
        at_head(&database, up, "DROP TABLE t;", "INSERT INTO t VALUES (1, 2, 3)", desired).await;
    let refused = generate(&database, &folder, &["--confirm-drop", "t.a"]).expect(2);
    assert!(refused.stderr.contains("that takes two revisions"), "{}", refused.stderr);
}

async fn sequences_change_places_where_their_options_show_it(database: TestDatabase) {
    let down = "DROP SEQUENCE a;\nDROP SEQUENCE b;\n";
    let rows = "SELECT setval('a', 100), setval('b', 200)";
    let up = "CREATE SEQUENCE a START 5;\nCREATE SEQUENCE b;\n";
    let desired = "CREATE SEQUENCE a; -- @renamed from=b\n\
                   CREATE SEQUENCE b START 5; -- @renamed from=a\n";
    let folder = at_head(&database, up, down, rows, desired).await;
    apply(&database, &folder);
    let counts = "SELECT a.last_value || ' ' || b.last_value FROM a, b";
    assert_eq!(texts(&database, counts).await, ["200 100"]);
    let alike = desired.replace(" START 5", "");
    fs::write(folder.path().join("schema.sql"), alike).unwrap();
    let refused = generate(&database, &folder, &[]).expect(2);
    assert!(refused.stderr.contains("a and b are marked as exchanged"), "{}", refused.stderr);
}

async fn mark_that_names_the_sequence_of_a_column_says_so(database: TestDatabase) {
    let up = "CREATE TABLE t (id serial PRIMARY KEY);\n";
    let rows = "SELECT setval('t_id_seq', 100)";
    let desired = "CREATE SEQUENCE s; -- @renamed from=t_id_seq\n\
                   CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('s'));\n";
    let folder = at_head(&database, up, "DROP TABLE t;\n", rows, desired).await;
    let refused = generate(&database, &folder, &[]).expect(2);
    let said = "t_id_seq is the sequence of column t.id itself";
    assert!(refused.stderr.contains(said), "{}", refused.stderr);
    let unmarked = desired.replace(" -- @renamed from=t_id_seq", "");
    fs::write(folder.path().join("schema.sql"), unmarked).unwrap();
    apply(&database, &folder);
    assert_eq!(texts(&database, "SELECT last_value::text FROM s").await, ["100"]);
}

async fn policy_of_which_not_all_can_be_told_is_refused(database: TestDatabase) {
    let up = "CREATE TABLE a (id int);\nCREATE TABLE b (id int, x int);\nCREATE TABLE d (owner int);\n\
              CREATE POLICY p ON d USING (EXISTS (WITH a AS (SELECT id FROM b) SELECT FROM a \
              WHERE a.id = owner));\n";
    let down = "DROP TABLE d;\nDROP TABLE b;\nDROP TABLE a;\n";
    let desired = "-- @renamed from=b\nCREATE TABLE a (id int, x int);\n\
                   -- @renamed from=a\nCREATE TABLE b (id int);\nCREATE TABLE d (owner bigint);\n";
    let folder = at_head(&database, up, down, "SELECT 1", desired).await;
    let files = count(&folder);
    let error = generate(&database, &folder, &[]).expect(11).json()["error"].take();
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("declare it in the desired schema"), "{message}");
    assert_eq!(count(&folder), files, "a file was written");
}
