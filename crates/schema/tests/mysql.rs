//! What MySQL's and MariaDB's catalogs say about schemas that use all of it that the model holds.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests fail by panicking"
)]

use artisan_schema::model::{
    Action, Check, Column, Deferral, Dialect, Direction, ForeignKey, Generated, Identity, Index,
    IndexKey, IndexPart, PrimaryKey, Schema, Storage, Unique, Written,
};
use artisan_schema::{Error, Scope, read};
use artisan_testkit::{Engine, TestDatabase, on_engine};

on_engine!(
    mysql,
    MySql,
    columns_are_as_declared,
    keys_are_as_declared,
    checks_are_as_declared,
    indexes_are_as_declared,
    expression_indexes_and_unenforced_checks_are_as_declared,
    url_without_database_is_refused,
);
on_engine!(
    mariadb,
    MariaDb,
    columns_are_as_declared,
    keys_are_as_declared,
    checks_are_as_declared,
    indexes_are_as_declared,
    json_is_text_with_a_check,
);

const SCHEMA: &str = "
    CREATE TABLE `Shop Owners` (
        tenant INT NOT NULL,
        `Code` VARCHAR(10) NOT NULL,
        PRIMARY KEY (tenant, `Code`)
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin COMMENT 'who sells';
    CREATE TABLE goods (
        id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
        tenant INT,
        owner VARCHAR(10) DEFAULT 'it''s \\\\ ok',
        title VARCHAR(300) COLLATE utf8mb4_unicode_ci NOT NULL COMMENT 'for people',
        price DECIMAL(10,2) NOT NULL DEFAULT 0.5,
        gross DECIMAL(10,2) GENERATED ALWAYS AS (price * 2) STORED,
        initial VARCHAR(2) GENERATED ALWAYS AS (concat(owner, '''')) VIRTUAL,
        flags BIT(3) DEFAULT b'101',
        is_new BOOLEAN NOT NULL DEFAULT FALSE,
        made DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
        note VARCHAR(20) DEFAULT 'NULL',
        parent BIGINT UNSIGNED,
        CONSTRAINT goods_title UNIQUE (title, tenant),
        CONSTRAINT goods_price CHECK (price >= 0 AND note <> 'a''b'),
        CONSTRAINT goods_owner FOREIGN KEY (tenant, owner) REFERENCES `Shop Owners` (tenant, `Code`)
            ON DELETE SET NULL ON UPDATE CASCADE,
        CONSTRAINT goods_parent FOREIGN KEY (parent) REFERENCES goods (id) ON DELETE RESTRICT,
        INDEX goods_sorted (price DESC, made),
        INDEX goods_prefix (title(20)),
        UNIQUE INDEX goods_unique_prefix (title(10)),
        FULLTEXT INDEX goods_search (title)
    ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";

async fn schema_of(database: &TestDatabase, sql: &str) -> Schema {
    database.execute(sql).await;
    read(database.url(), &Scope::default()).await.expect("a schema")
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// One of two texts that say the same, by the server that prints it.
fn printed<'a>(database: &TestDatabase, mysql: &'a str, mariadb: &'a str) -> &'a str {
    if database.engine() == Engine::MySql { mysql } else { mariadb }
}

async fn columns_are_as_declared(database: TestDatabase) {
    let schema = schema_of(&database, SCHEMA).await;
    let says = |mysql, mariadb| Some(printed(&database, mysql, mariadb).to_owned());
    let owners = schema.table("Shop Owners").expect("the table");
    assert_eq!(owners.comment.as_deref(), Some("who sells"));
    assert_eq!(owners.options.engine.as_deref(), Some("InnoDB"));
    assert_eq!(owners.options.collation.as_deref(), Some("utf8mb4_bin"));
    let goods = schema.table("goods").expect("the table");
    let column = |name: &str| goods.column(name).cloned().expect("the column");
    let number = printed(&database, "bigint unsigned", "bigint(20) unsigned");
    let identity = Some(Identity::AutoIncrement);
    assert_eq!(column("id"), Column { nullable: false, identity, ..Column::new("id", number) });
    let title = Column {
        nullable: false,
        collation: Some("utf8mb4_unicode_ci".into()),
        comment: Some("for people".into()),
        ..Column::new("title", "varchar(300)")
    };
    assert_eq!(column("title"), title);
    let owner = Column {
        default: Some(r"'it''s \\ ok'".into()),
        collation: Some("utf8mb4_bin".into()),
        ..Column::new("owner", "varchar(10)")
    };
    assert_eq!(column("owner"), owner);
    assert_eq!(column("price").default.as_deref(), Some("0.50"));
    assert_eq!(column("flags").default.as_deref(), Some("b'101'"));
    assert_eq!(column("is_new").data_type, "tinyint(1)");
    assert_eq!(column("is_new").default.as_deref(), Some("0"));
    assert_eq!(column("note").default.as_deref(), Some("'NULL'"));
    assert_eq!(column("parent").default, None);
    let gross = Generated {
        expression: says("(`price` * 2)", "`price` * 2").unwrap(),
        storage: Storage::Stored,
    };
    assert_eq!(column("gross").generated, Some(gross));
    let initial = Generated {
        expression: says("concat(`owner`,'\\'')", "concat(`owner`,'\\'')").unwrap(),
        storage: Storage::Virtual,
    };
    assert_eq!(column("initial").generated, Some(initial));
    let now = says("CURRENT_TIMESTAMP(3)", "current_timestamp(3)");
    assert_eq!((column("made").default, column("made").on_update), (now.clone(), now));
}

async fn keys_are_as_declared(database: TestDatabase) {
    let schema = schema_of(&database, SCHEMA).await;
    let key = |columns| Some(PrimaryKey { name: None, columns: strings(columns) });
    assert_eq!(
        schema.table("Shop Owners").expect("the table").primary_key,
        key(&["tenant", "Code"])
    );
    let goods = schema.table("goods").expect("the table");
    assert_eq!(goods.primary_key, key(&["id"]));
    let title = Unique {
        name: Some("goods_title".into()),
        columns: strings(&["title", "tenant"]),
        include: vec![],
        nulls_not_distinct: false,
        deferral: Deferral::NotDeferrable,
    };
    assert_eq!(goods.uniques, [title]);
    let owner = ForeignKey {
        name: Some("goods_owner".into()),
        columns: strings(&["tenant", "owner"]),
        referenced_schema: None,
        referenced_table: "Shop Owners".into(),
        referenced_columns: strings(&["tenant", "Code"]),
        on_delete: Action::SetNull,
        on_update: Action::Cascade,
        written: Written::default(),
        deferral: Deferral::NotDeferrable,
        validated: true,
    };
    let parent = ForeignKey {
        name: Some("goods_parent".into()),
        columns: strings(&["parent"]),
        referenced_table: "goods".into(),
        referenced_columns: strings(&["id"]),
        on_delete: Action::NoAction,
        on_update: Action::NoAction,
        written: Written::default(),
        ..owner.clone()
    };
    assert_eq!(goods.foreign_keys, [owner, parent]);
}

async fn checks_are_as_declared(database: TestDatabase) {
    let schema = schema_of(&database, SCHEMA).await;
    let mysql = "((`price` >= 0) and (`note` <> 'a\\'b'))";
    let expression = printed(&database, mysql, "`price` >= 0 and `note` <> 'a\\'b'").to_owned();
    let name = Some("goods_price".to_owned());
    let price = Check { name, expression, enforced: true, validated: true };
    assert_eq!(schema.table("goods").expect("the table").checks, [price]);
}

fn index(name: &str, parts: Vec<IndexPart>) -> Index {
    Index { parts, ..Index::new(name, "btree") }
}

fn column(name: &str) -> IndexPart {
    IndexPart::of(IndexKey::Column(name.into()))
}

async fn indexes_are_as_declared(database: TestDatabase) {
    let schema = schema_of(&database, SCHEMA).await;
    let prefix = |length| IndexPart { prefix: Some(length), ..column("title") };
    let price = IndexPart { direction: Direction::Descending, ..column("price") };
    let expected = [
        // The servers make an index for a foreign key that has none.
        index("goods_owner", vec![column("tenant"), column("owner")]),
        index("goods_parent", vec![column("parent")]),
        index("goods_prefix", vec![prefix(20)]),
        Index { method: "fulltext".into(), ..index("goods_search", vec![column("title")]) },
        index("goods_sorted", vec![price, column("made")]),
        Index { unique: true, ..index("goods_unique_prefix", vec![prefix(10)]) },
    ];
    assert_eq!(schema.table("goods").expect("the table").indexes, expected);
}

async fn expression_indexes_and_unenforced_checks_are_as_declared(database: TestDatabase) {
    let sql = "CREATE TABLE t (
        a VARCHAR(10),
        n INT DEFAULT (1 + 2),
        CONSTRAINT t_a CHECK (a <> 'x') NOT ENFORCED,
        INDEX t_lower ((lower(a))),
        INDEX t_hidden (n) INVISIBLE
    )";
    let schema = schema_of(&database, sql).await;
    let table = schema.table("t").expect("the table");
    let lower = IndexPart::of(IndexKey::Expression("lower(`a`)".into()));
    let hidden = Index { usable: false, ..index("t_hidden", vec![column("n")]) };
    assert_eq!(table.indexes, [hidden, index("t_lower", vec![lower])]);
    assert!(!table.checks[0].enforced);
    assert_eq!(table.column("n").unwrap().default.as_deref(), Some("(1 + 2)"));
}

async fn json_is_text_with_a_check(database: TestDatabase) {
    let sql = "CREATE TABLE t (a JSON, b UUID, INDEX t_b (b) IGNORED)";
    let schema = schema_of(&database, sql).await;
    let table = schema.table("t").expect("the table");
    assert_eq!(schema.dialect, Dialect::MariaDb);
    assert_eq!(table.column("a").unwrap().data_type, "longtext");
    assert_eq!(table.checks[0].expression, "json_valid(`a`)");
    assert!(!table.indexes[0].usable);
}

async fn url_without_database_is_refused(database: TestDatabase) {
    let (server, _) = database.url().rsplit_once('/').expect("a path");
    let error = read(server, &Scope::default()).await.expect_err("no database");
    assert!(matches!(error, Error::NoSchema), "{error:?}");
}
