use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
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
];
