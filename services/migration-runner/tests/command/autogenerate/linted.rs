//! What is generated is what `migrate lint` would have written.

use artisan_testkit::{TestDatabase, on_engine, on_every_engine};
use serde_json::Value;

use super::{Folder, call, fs, generate, texts};

on_every_engine!(generated_files_are_clean);
on_engine!(
    postgres_only,
    Postgres,
    files_that_lock_nothing_long_are_clean,
    each_revision_goes_back_and_forth,
    rewritten_tables_are_told,
);

const FROM: &str =
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), note VARCHAR(9), age INTEGER);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL);
CREATE INDEX pets_name ON pets (name);
CREATE VIEW v AS SELECT id FROM people;
";

/// What becomes of these, one after the other: a change each, and all at once.
const TO: [&str; 7] = [
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40) NOT NULL, note VARCHAR(9), age INTEGER);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL);
CREATE INDEX pets_name ON pets (name);
CREATE VIEW v AS SELECT id FROM people;
",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), note VARCHAR(20), age INTEGER);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL,
CONSTRAINT pets_of FOREIGN KEY (owner) REFERENCES people (id));
CREATE INDEX pets_owner ON pets (owner);
CREATE VIEW v AS SELECT id FROM people;
",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), note VARCHAR(9), age INTEGER,
CONSTRAINT people_mail UNIQUE (mail), CONSTRAINT of_age CHECK (age > 17));
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL);
CREATE INDEX pets_name ON pets (name, owner);
CREATE VIEW v AS SELECT id, mail FROM people;
",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), note VARCHAR(9), age INTEGER,
city VARCHAR(9), state VARCHAR(9) DEFAULT 'new' NOT NULL);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL);
CREATE TABLE toys (id INTEGER PRIMARY KEY, pet INTEGER NOT NULL,
CONSTRAINT toys_of FOREIGN KEY (pet) REFERENCES pets (id));
CREATE INDEX toys_pet ON toys (pet);
CREATE INDEX pets_name ON pets (name);
CREATE VIEW v AS SELECT id FROM people;
CREATE VIEW w AS SELECT id FROM toys;
",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), age INTEGER);
CREATE VIEW v AS SELECT id FROM people;
",
    "CREATE TABLE people (id INTEGER PRIMARY KEY,
email VARCHAR(40), -- @renamed from=mail
note VARCHAR(9), age INTEGER);
CREATE TABLE animals ( -- @renamed from=pets
id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL);
CREATE INDEX pets_name ON animals (name);
CREATE VIEW v AS SELECT id FROM people;
",
    "CREATE TABLE people (id INTEGER PRIMARY KEY, mail VARCHAR(40), note VARCHAR(9), age INTEGER);
CREATE TABLE pets (id INTEGER PRIMARY KEY, owner INTEGER, name VARCHAR(20) NOT NULL);
",
];

const DOWN: &str = "DROP VIEW v;\nDROP TABLE pets;\nDROP TABLE people;\n";

fn project(database: &TestDatabase, desired: &str) -> Folder {
    let folder = Folder::new(&[("1_a.up.sql", FROM), ("1_a.down.sql", DOWN)]);
    fs::write(folder.path().join("schema.sql"), desired).unwrap();
    call(database, &folder, &["upgrade"]).expect(0);
    folder
}

/// What lint has to say of the revisions behind the first.
fn findings(database: &TestDatabase, folder: &Folder) -> Vec<Value> {
    let engine = database.engine().name().to_lowercase();
    let engine =
        ["sqlite", "mysql", "mariadb", "postgres"].into_iter().find(|one| engine.starts_with(one));
    let arguments = ["lint", "2:", "--engine", engine.unwrap(), "--output", "json"];
    let told = call(database, folder, &arguments).json();
    told["findings"].as_array().unwrap().clone()
}

/// Generates each of the changes, hands the findings on, and takes all back.
fn each(database: &TestDatabase, more: &[&str], allowed: &[&str]) {
    let mut strange = Vec::new();
    for desired in TO {
        let folder = project(database, desired);
        let document = generate(database, &folder, more).expect(0).json();
        let found = findings(database, &folder);
        let is_allowed = |one: &Value| allowed.contains(&one["code"].as_str().unwrap());
        strange.extend(found.iter().filter(|one| !is_allowed(one)).cloned());
        let told = document["losses"].as_array().unwrap().len();
        let lost =
            found.iter().filter(|one| LOSSES.contains(&one["code"].as_str().unwrap())).count();
        assert_eq!(told > 0, lost > 0, "{document}\n{found:#?}");
        call(database, &folder, &["upgrade"]).expect(0);
        call(database, &folder, &["downgrade", "base"]).expect(0);
    }
    assert!(strange.is_empty(), "{strange:#?}");
}

/// What is lost: tables and columns.
const LOSSES: [&str; 2] = ["MG020", "MG021"];

/// What the release that still runs does not survive, which is the wish and not how it is written: losses, renames,
/// a column that becomes required.
const ROLLOUT: [&str; 6] = ["MG020", "MG021", "MG028", "MG031", "MG032", "MG035"];

/// What only `--online` avoids, and only on PostgreSQL.
const LOCKS: [&str; 8] = ["PG101", "PG102", "PG107", "PG201", "PG202", "PG204", "MY101", "MY109"];

async fn generated_files_are_clean(database: TestDatabase) {
    each(&database, &[], &[&ROLLOUT[..], &LOCKS].concat());
}

async fn files_that_lock_nothing_long_are_clean(database: TestDatabase) {
    each(&database, &["--online"], &ROLLOUT);
}

async fn each_revision_goes_back_and_forth(database: TestDatabase) {
    for desired in TO {
        let folder = project(&database, desired);
        let document = generate(&database, &folder, &["--online"]).expect(0).json();
        call(&database, &folder, &["upgrade"]).expect(0);
        for _ in document["revisions"].as_array().unwrap() {
            call(&database, &folder, &["downgrade", "-1"]).expect(0);
            call(&database, &folder, &["upgrade", "+1"]).expect(0);
            call(&database, &folder, &["downgrade", "-1"]).expect(0);
        }
        call(&database, &folder, &["upgrade"]).expect(0);
        call(&database, &folder, &["check"]).expect(0);
        call(&database, &folder, &["downgrade", "base"]).expect(0);
    }
}

async fn rewritten_tables_are_told(database: TestDatabase) {
    let desired = FROM.replace(
        "age INTEGER",
        "age BIGINT, n SERIAL, r UUID DEFAULT gen_random_uuid(), g INTEGER GENERATED ALWAYS AS (id + 1) STORED",
    );
    for more in [&[][..], &["--online"]] {
        let folder = project(&database, &desired);
        generate(&database, &folder, more).expect(0);
        let up = fs::read_to_string(folder.path().join("2_change_it.up.sql")).unwrap();
        let told: Vec<&str> = up.lines().filter(|line| line.starts_with("-- rewrites: ")).collect();
        assert_eq!(told.len(), 4, "{up}");
        assert!(told[0].contains("age of people becomes BIGINT: nobody can read or write"), "{up}");
    }
    let rows = texts(&database, "SELECT count(*)::text FROM people").await;
    assert_eq!(rows, ["0"]);
}
