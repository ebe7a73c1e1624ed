use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "place of another reference system",
        "CREATE TABLE t (p POINT NOT NULL)",
        "CREATE TABLE t (p POINT NOT NULL SRID 4326)",
    )
    .refuses("INSERT INTO t VALUES (ST_GeomFromText('POINT(1 1)', 0))", "SRID")
    .by(&["-- fails while t.p of a row is not of the reference system 4326"]),
    Case::new(
        "index over expressions",
        "CREATE TABLE t (a INT, b VARCHAR(20))",
        "CREATE TABLE t (a INT, b VARCHAR(20), KEY k ((a + 1)), KEY l ((lower(b)), a DESC), UNIQUE KEY u ((concat(b, 'it''s'))))",
    ),
    Case::new(
        "column of an expression index is renamed",
        "CREATE TABLE t (old INT, b INT, KEY k ((old + 1), b))",
        "CREATE TABLE t (a INT, -- @renamed from=old\n b INT, KEY k ((a + 1), b))",
    ),
    Case::new(
        "column of an expression index goes",
        "CREATE TABLE t (a INT, b INT, KEY k ((a + b)))",
        "CREATE TABLE t (a INT, KEY k ((a + 1)))",
    )
    .loses(),
    Case::new(
        "index over the values of an array",
        "CREATE TABLE t (j JSON)",
        "CREATE TABLE t (j JSON, KEY k ((CAST(j->'$.a' AS UNSIGNED ARRAY))))",
    ),
    Case::new(
        "invisible columns and indexes",
        "CREATE TABLE t (a INT, b INT INVISIBLE DEFAULT 3, KEY k (a), KEY l (b) INVISIBLE, UNIQUE KEY u (a) INVISIBLE)",
        "CREATE TABLE t (a INT, b INT DEFAULT 3, c INT INVISIBLE, KEY k (a) INVISIBLE, KEY l (b), UNIQUE KEY u (a))",
    )
    .by(&["ALTER INDEX k INVISIBLE", "ALTER INDEX l VISIBLE"]),
    Case::new(
        "check that is not enforced",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a > 1) NOT ENFORCED)",
        "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0) NOT ENFORCED, CONSTRAINT d CHECK (a > 2) NOT ENFORCED)",
    )
    .by(&["ALTER CONSTRAINT c NOT ENFORCED"]),
    Case::new(
        "check is named like a key",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT, KEY k (a), CONSTRAINT c CHECK (a > 0), CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (a INT, KEY k (a), CONSTRAINT c FOREIGN KEY (a) REFERENCES p (id))",
    ),
    Case::new(
        "reference system",
        "CREATE TABLE t (p POINT NOT NULL SRID 4326, q POINT)",
        "CREATE TABLE t (p POINT NOT NULL SRID 4326, q POINT SRID 0, r GEOMETRY NOT NULL SRID 3857, SPATIAL KEY k (r))",
    ),
    Case::new(
        "parser of a fulltext index",
        "CREATE TABLE t (a TEXT, b TEXT, FULLTEXT KEY f (a))",
        "CREATE TABLE t (a TEXT, b TEXT, FULLTEXT KEY f (a) WITH PARSER ngram, FULLTEXT KEY g (b) COMMENT 'x')",
    ),
    Case::new(
        "default with a zero byte",
        "CREATE TABLE t (a VARBINARY(4) DEFAULT x'ff00', b INT)",
        "CREATE TABLE t (a VARBINARY(4) DEFAULT x'ff0001', b INT, c BINARY(3) DEFAULT x'006100')",
    ),
    Case::new(
        "primary key in descending order",
        "CREATE TABLE t (a INT NOT NULL, PRIMARY KEY (a DESC))",
        "CREATE TABLE t (a INT NOT NULL, PRIMARY KEY (a))",
    )
    .keeps("INSERT INTO t VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "vector",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, v VECTOR(3))",
    ),
    Case::new(
        "partitions stay",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT) PARTITION BY HASH (a) PARTITIONS 3",
        "CREATE TABLE t (a INT PRIMARY KEY, b BIGINT, c INT) PARTITION BY HASH (a) PARTITIONS 3",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new("spatial srid", "CREATE TABLE t (p POINT NOT NULL SRID 4326, SPATIAL KEY k (p))", "CREATE TABLE t (p POINT NOT NULL SRID 3857, SPATIAL KEY k (p))"),
    Case::new("spatial srid goes", "CREATE TABLE t (p POINT NOT NULL SRID 4326, SPATIAL KEY k (p))", "CREATE TABLE t (p POINT)"),
    Case::new("fulltext parser", "CREATE TABLE t (a TEXT, FULLTEXT KEY f (a))", "CREATE TABLE t (a TEXT, FULLTEXT KEY f (a) WITH PARSER ngram)"),
    Case::new("compression", "CREATE TABLE t (a INT) COMPRESSION='zlib'", "CREATE TABLE t (a INT)"),
    Case::new("compression changes", "CREATE TABLE t (a INT) COMPRESSION='zlib'", "CREATE TABLE t (a INT) COMPRESSION='lz4'"),
    Case::new("engine attribute", "CREATE TABLE t (a INT) SECONDARY_ENGINE_ATTRIBUTE='{\"a\":1}'", "CREATE TABLE t (a INT)"),
    Case::new("not secondary", "CREATE TABLE t (a INT NOT SECONDARY, b INT)", "CREATE TABLE t (a INT, b BIGINT NOT SECONDARY)"),
    Case::new("autoextend size", "CREATE TABLE t (a INT) AUTOEXTEND_SIZE=4M", "CREATE TABLE t (a INT)"),
    Case::new("tablespace", "CREATE TABLE t (a INT) TABLESPACE=innodb_system", "CREATE TABLE t (a INT, b INT) TABLESPACE=innodb_system"),
    Case::new("gipk", "SET sql_generate_invisible_primary_key=1; CREATE TABLE t (a INT)", "SET sql_generate_invisible_primary_key=1; CREATE TABLE t (a BIGINT, b INT)").keeps("INSERT INTO t (a) VALUES (1)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new("gipk goes", "SET sql_generate_invisible_primary_key=1; CREATE TABLE t (a INT)", "CREATE TABLE t (a INT)").loses(),
    Case::new("gipk becomes visible", "SET sql_generate_invisible_primary_key=1; CREATE TABLE t (a INT)", "CREATE TABLE t (my_row_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT)"),
    Case::new("functional unique", "CREATE TABLE t (a VARCHAR(20), d DATETIME, UNIQUE KEY u ((lower(a))), KEY k ((CAST(d AS DATE)) DESC))", "CREATE TABLE t (a VARCHAR(40), d DATETIME, UNIQUE KEY u ((upper(a)), a), KEY k ((CAST(d AS DATE)), (year(d))))"),
    Case::new("multi valued changes", "CREATE TABLE t (j JSON, KEY k ((CAST(j->'$.a' AS UNSIGNED ARRAY))))", "CREATE TABLE t (j JSON, b INT, KEY k (b, (CAST(j->'$.a' AS CHAR(20) ARRAY))))"),
    Case::new("multi valued column renamed", "CREATE TABLE t (old JSON, KEY k ((CAST(old->'$.a' AS UNSIGNED ARRAY))))", "CREATE TABLE t (j JSON, -- @renamed from=old\n KEY k ((CAST(j->'$.a' AS UNSIGNED ARRAY))))"),
    Case::new("not enforced added", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0) NOT ENFORCED)").filled("INSERT INTO t VALUES (-1)"),
    Case::new("generated not null", "CREATE TABLE t (a INT, s INT AS (a + 1) STORED NOT NULL, v INT AS (a + 1) VIRTUAL NOT NULL)", "CREATE TABLE t (a INT, s INT AS (a + 1) STORED, v INT AS (a + 1) VIRTUAL)"),
    Case::new("histogram", "CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2); ANALYZE TABLE t UPDATE HISTOGRAM ON a", "CREATE TABLE t (a INT, b INT)"),
    Case {
        loses: None,
        ..Case::new(
            "check of a renamed column is enforced from now on",
            "CREATE TABLE t (a INT, CONSTRAINT c CHECK (a > 0) NOT ENFORCED, CONSTRAINT d CHECK (a > 1));",
            "CREATE TABLE t (b BIGINT, -- @renamed from=a\nCONSTRAINT c CHECK (b > 0), CONSTRAINT d CHECK (b > 1) NOT ENFORCED);",
        )
        .filled("INSERT INTO t VALUES (5)")
    },
    Case {
        loses: None,
        ..Case::new(
            "default functions and json",
            "CREATE TABLE t (j JSON DEFAULT (JSON_OBJECT('a', 1)), u BINARY(16) DEFAULT (UUID_TO_BIN(UUID())), p POINT DEFAULT (POINT(1, 2)), d DATE DEFAULT (CURRENT_DATE + INTERVAL 1 MONTH), x VARCHAR(20) DEFAULT (CONVERT('é' USING utf8mb4)));",
            "CREATE TABLE t (j JSON DEFAULT (JSON_ARRAY('it''s', '\\\\', '\\n')), u BINARY(16) DEFAULT (UUID_TO_BIN(UUID(), 1)), p POINT DEFAULT (POINT(2, 1)), d DATE DEFAULT (CURRENT_DATE), x VARCHAR(20) DEFAULT (CONVERT('ü😀' USING utf8mb4)));",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "functional index over text with backslash and newline",
            "CREATE TABLE t (b VARCHAR(20), KEY k ((REPLACE(b, '\\\\', '/'))));",
            "CREATE TABLE t (b VARCHAR(20), KEY k ((REPLACE(b, '\\n', '\\\\n'))), KEY l ((CONCAT(b, CHAR(10), 'é'))));",
        )
    },
    Case {
        loses: None,
        ..Case::new(
            "key over a column that is made anew is shown, hidden and renamed",
            "CREATE TABLE t (a INT, b INT AS (a * 2) VIRTUAL, c INT AS (a * 5) VIRTUAL, d INT AS (a * 7) VIRTUAL, KEY k (b) INVISIBLE, UNIQUE KEY u (c), KEY old (d));",
            "CREATE TABLE t (a BIGINT, b BIGINT AS (a * 3) STORED, c BIGINT AS (a * 6) STORED, d BIGINT AS (a * 8) STORED, KEY k (b), UNIQUE KEY u (c) INVISIBLE, KEY new (d));",
        )
        .keeps("INSERT INTO t (a) VALUES (4)", "SELECT CAST(a AS CHAR) FROM t")
        .never_by(&["ALTER INDEX", "RENAME KEY"])
    },
    Case::new(
        "columns that must have a value and have no default",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, d DATE NOT NULL, p POINT NOT NULL, i INT NOT NULL, e DATE NOT NULL DEFAULT '2020-01-01')",
    )
    .by(&[
        "-- fails while there are rows: t.d must have a value and has no default",
        "-- fails while there are rows: t.p must have a value and has no default",
    ])
    .never_by(&["t.i must", "t.e must"]),
];
