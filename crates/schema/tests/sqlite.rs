//! What SQLite's pragmas and CREATE statements say about a schema that uses all of it that the model
//! holds.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use artisan_schema::model::{
    Action, Check, Column, Deferral, Direction, ForeignKey, Generated, Identity, Index, IndexKey,
    IndexPart, Name, PrimaryKey, Schema, Storage, Table, Unique, Written,
};
use artisan_schema::{Error, Scope, read};
use artisan_testkit::{TestDatabase, on_engine};

on_engine!(
    sqlite,
    Sqlite,
    columns_are_as_declared,
    keys_and_uniques_are_as_declared,
    foreign_keys_are_as_declared,
    checks_are_as_declared,
    indexes_are_as_declared,
    renamed_and_added_columns_are_read,
    virtual_tables_and_views_are_no_tables,
    missing_file_is_refused,
);

const SCHEMA: &str = r#"
    CREATE TABLE "Shop Owners" (
        tenant INTEGER NOT NULL,
        "Code" VARCHAR(10) NOT NULL,
        CONSTRAINT owners_key PRIMARY KEY (tenant, "Code")
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE goods (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        tenant INTEGER,
        owner TEXT DEFAULT 'x''y', -- a comment, with (signs
        title TEXT COLLATE nocase NOT NULL CONSTRAINT title_once UNIQUE,
        price NUMERIC(10, 2) NOT NULL DEFAULT (1 + 2)
            CHECK (price  >= 0), -- two spaces
        gross REAL GENERATED ALWAYS AS (price * (1 + 1)) STORED,
        half AS (price / 2),
        parent INTEGER REFERENCES goods ON DELETE RESTRICT,
        CONSTRAINT goods_pair UNIQUE (tenant, owner),
        CONSTRAINT goods_tenant CHECK (tenant > 0 AND owner <> ')'),
        CONSTRAINT goods_owner FOREIGN KEY (tenant, owner) REFERENCES "Shop Owners" (tenant, "Code")
            ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
    );
    CREATE INDEX goods_sorted ON goods (price DESC, title);
    CREATE UNIQUE INDEX goods_named ON goods (lower(title), title COLLATE binary DESC)
        WHERE price > 1;
"#;

async fn schema_of(database: &TestDatabase, sql: &str) -> Schema {
    database.execute(&sql.replace("VARCHAR(10)", "TEXT")).await;
    read(database.url(), &Scope::default()).await.expect("a schema")
}

async fn goods(database: &TestDatabase) -> Table {
    schema_of(database, SCHEMA).await.tables.remove(&"goods".into()).expect("the table")
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

async fn columns_are_as_declared(database: TestDatabase) {
    let schema = schema_of(&database, SCHEMA).await;
    let owners = schema.table("Shop Owners").expect("the table");
    assert!(owners.options.strict && owners.options.without_rowid);
    let goods = schema.table("goods").expect("the table");
    assert!(!goods.options.strict && !goods.options.without_rowid);
    let generated =
        |expression: &str, storage| Some(Generated { expression: expression.to_owned(), storage });
    let expected = [
        Column { identity: Some(Identity::AutoIncrement), ..Column::new("id", "INTEGER") },
        Column::new("tenant", "INTEGER"),
        Column { default: Some("'x''y'".into()), ..Column::new("owner", "TEXT") },
        Column {
            nullable: false,
            collation: Some("nocase".into()),
            ..Column::new("title", "TEXT")
        },
        Column {
            nullable: false,
            default: Some("1 + 2".into()),
            ..Column::new("price", "NUMERIC(10, 2)")
        },
        Column {
            generated: generated("price * (1 + 1)", Storage::Stored),
            ..Column::new("gross", "REAL")
        },
        Column { generated: generated("price / 2", Storage::Virtual), ..Column::new("half", "") },
        Column::new("parent", "INTEGER"),
    ];
    assert_eq!(goods.columns, expected);
}

async fn keys_and_uniques_are_as_declared(database: TestDatabase) {
    let schema = schema_of(&database, SCHEMA).await;
    let named = |name: &str| Some(name.to_owned());
    let key = PrimaryKey { name: named("owners_key"), columns: strings(&["tenant", "Code"]) };
    assert_eq!(schema.table("Shop Owners").expect("the table").primary_key, Some(key));
    let goods = schema.table("goods").expect("the table");
    let key = PrimaryKey { name: None, columns: strings(&["id"]) };
    assert_eq!(goods.primary_key, Some(key));
    let pair = Unique {
        name: named("goods_pair"),
        columns: strings(&["tenant", "owner"]),
        include: vec![],
        nulls_not_distinct: false,
        deferral: Deferral::NotDeferrable,
    };
    let title = Unique { name: named("title_once"), columns: strings(&["title"]), ..pair.clone() };
    assert_eq!(goods.uniques, [pair, title]);
}

async fn foreign_keys_are_as_declared(database: TestDatabase) {
    let owner = ForeignKey {
        name: Some("goods_owner".into()),
        columns: strings(&["tenant", "owner"]),
        referenced_schema: None,
        referenced_table: "Shop Owners".into(),
        referenced_columns: strings(&["tenant", "Code"]),
        on_delete: Action::SetNull,
        on_update: Action::Cascade,
        written: Written::default(),
        deferral: Deferral::InitiallyDeferred,
        validated: true,
    };
    let parent = ForeignKey {
        name: None,
        columns: strings(&["parent"]),
        referenced_table: "goods".into(),
        referenced_columns: strings(&["id"]),
        on_delete: Action::Restrict,
        on_update: Action::NoAction,
        written: Written::default(),
        deferral: Deferral::NotDeferrable,
        ..owner.clone()
    };
    assert_eq!(goods(&database).await.foreign_keys, [parent, owner]);
}

async fn checks_are_as_declared(database: TestDatabase) {
    let check = |name: Option<&str>, expression: &str| Check {
        name: name.map(str::to_owned),
        expression: expression.to_owned(),
        enforced: true,
        validated: true,
    };
    let expected =
        [check(None, "price >= 0"), check(Some("goods_tenant"), "tenant > 0 AND owner <> ')'")];
    assert_eq!(goods(&database).await.checks, expected);
}

async fn indexes_are_as_declared(database: TestDatabase) {
    let column = |name: &str| IndexPart::of(IndexKey::Column(name.into()));
    let descending = Direction::Descending;
    let binary = Some("binary".to_owned());
    let named = Index {
        unique: true,
        parts: vec![
            IndexPart::of(IndexKey::Expression("lower(title)".into())),
            IndexPart { direction: descending, collation: binary, ..column("title") },
        ],
        predicate: Some("price > 1".into()),
        ..Index::new("goods_named", "btree")
    };
    let sorted = Index {
        name: "goods_sorted".into(),
        unique: false,
        parts: vec![IndexPart { direction: descending, ..column("price") }, column("title")],
        predicate: None,
        ..named.clone()
    };
    assert_eq!(goods(&database).await.indexes, [named, sorted]);
}

async fn renamed_and_added_columns_are_read(database: TestDatabase) {
    database.execute("CREATE TABLE t (a TEXT CHECK (a <> ''), b TEXT, UNIQUE (a, b))").await;
    let sql = "ALTER TABLE t RENAME COLUMN a TO \"new one\"; ALTER TABLE t RENAME TO \"u v\";
               ALTER TABLE \"u v\" ADD COLUMN c INTEGER REFERENCES \"u v\" (rowid) CHECK (c > 0)";
    let schema = schema_of(&database, sql).await;
    let table = schema.table("u v").expect("the table");
    let expressions: Vec<&str> =
        table.checks.iter().map(|check| check.expression.as_str()).collect();
    assert_eq!(expressions, ["\"new one\" <> ''", "c > 0"]);
    assert_eq!(table.uniques[0].columns, ["new one", "b"]);
    assert_eq!(table.foreign_keys[0].columns, ["c"]);
}

async fn virtual_tables_and_views_are_no_tables(database: TestDatabase) {
    let sql = "CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;
               CREATE VIRTUAL TABLE f USING fts5 (a)";
    let schema = schema_of(&database, sql).await;
    assert_eq!(schema.tables.keys().collect::<Vec<_>>(), [&Name::local("t")]);
}

async fn missing_file_is_refused(database: TestDatabase) {
    let error = read(database.url(), &Scope::default()).await.expect_err("no file yet");
    assert!(matches!(error, Error::Connect(_)), "{error:?}");
}
