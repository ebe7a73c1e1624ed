use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new("add index", "CREATE TABLE t (a INT, b INT)", "CREATE TABLE t (a INT, b INT, KEY k (b, a))")
        .by(&["ALTER TABLE t ADD KEY k (b, a)"]),
    Case::new("drop index", "CREATE TABLE t (a INT, KEY k (a))", "CREATE TABLE t (a INT)")
        .by(&["ALTER TABLE t DROP KEY k"]),
    Case::new(
        "change index",
        "CREATE TABLE t (a INT, b INT, KEY k (a))",
        "CREATE TABLE t (a INT, b INT, KEY k (a, b DESC))",
    )
    .by(&["DROP KEY k", "ADD KEY k (a, b DESC)"]),
    Case::new("rename index", "CREATE TABLE t (a INT, KEY k (a))", "CREATE TABLE t (a INT, KEY l (a))")
        .by(&["RENAME KEY k TO l"])
        .never_by(&["DROP"]),
    Case::new(
        "exchange the names of indexes",
        "CREATE TABLE t (a INT, b INT, KEY k (a), KEY l (b))",
        "CREATE TABLE t (a INT, b INT, KEY l (a), KEY k (b))",
    ),
    Case::new(
        "index to unique and back",
        "CREATE TABLE t (a INT, b INT, KEY k (a), UNIQUE KEY u (b))",
        "CREATE TABLE t (a INT, b INT, UNIQUE KEY k (a), KEY u (b))",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", "SELECT CAST(a AS CHAR) FROM t"),
    Case::new(
        "prefix",
        "CREATE TABLE t (a TEXT, b VARCHAR(300), KEY k (a(10)), UNIQUE KEY u (b(20)))",
        "CREATE TABLE t (a TEXT, b VARCHAR(300), KEY k (a(20), b), UNIQUE KEY u (b(30)))",
    ),
    Case::new(
        "fulltext",
        "CREATE TABLE t (a TEXT, b TEXT)",
        "CREATE TABLE t (a TEXT, b TEXT, FULLTEXT KEY f (a), FULLTEXT KEY g (a, b) COMMENT 'words')",
    )
    .by(&["ADD FULLTEXT KEY f (a)"]),
    Case::new(
        "spatial",
        "CREATE TABLE t (p POINT NOT NULL)",
        "CREATE TABLE t (p POINT NOT NULL, SPATIAL KEY s (p))",
    )
    .by(&["ADD SPATIAL KEY s (p)"]),
    Case::new(
        "comment",
        "CREATE TABLE t (a INT, KEY k (a) COMMENT 'it''s', UNIQUE KEY u (a) COMMENT 'x')",
        "CREATE TABLE t (a INT, KEY k (a), UNIQUE KEY u (a))",
    ),
    Case::new(
        "without names",
        "CREATE TABLE t (a INT, b INT, KEY (a), UNIQUE (b), KEY (a, b))",
        "CREATE TABLE t (a INT, b INT, KEY (a, b), KEY (b), UNIQUE (a))",
    ),
    Case::new(
        "column of an index goes",
        "CREATE TABLE t (a INT, b INT, KEY k (a, b), UNIQUE KEY u (b))",
        "CREATE TABLE t (a INT, KEY k (a))",
    )
    .loses(),
    Case::new(
        "column and its index come",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, b VARCHAR(20) NOT NULL, KEY k (b), KEY l (b(5), a))",
    ),
    Case::new(
        "column of an index is renamed",
        "CREATE TABLE t (old INT, b INT, KEY k (old, b), UNIQUE KEY u (old))",
        "CREATE TABLE t (a INT, -- @renamed from=old\n b INT, KEY k (a, b), UNIQUE KEY u (a))",
    )
    .never_by(&["DROP"]),
    Case::new(
        "memory engine",
        "CREATE TABLE t (a INT, b INT, KEY k (a), KEY l (b) USING BTREE) ENGINE = MEMORY",
        "CREATE TABLE t (a INT, b INT, KEY k (a) USING BTREE, KEY l (b), UNIQUE KEY u (a)) ENGINE = MEMORY",
    ),
    Case::new(
        "order of creation",
        "CREATE TABLE t (a INT, b INT, KEY x (a), KEY y (b), KEY z (a, b))",
        "CREATE TABLE t (a INT, b INT, KEY z (a, b), KEY x (a))",
    ),
];
