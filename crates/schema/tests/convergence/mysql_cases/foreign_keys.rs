use crate::case::Case;

const P: &str = "INSERT INTO p VALUES (1), (2); INSERT INTO c (a) VALUES (1), (NULL)";
const KEPT: &str = "SELECT COALESCE(CAST(a AS CHAR), 'NULL') FROM c ORDER BY 1";

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "add foreign key",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT)",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
    )
    .keeps(P, KEPT)
    .by(&["ADD KEY f (a)", "ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE"]),
    Case::new(
        "drop foreign key with the index that it brought",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT)",
    )
    .keeps(P, KEPT)
    .by(&["DROP FOREIGN KEY f", "DROP KEY f"]),
    Case::new(
        "drop foreign key and keep its index",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY k (a))",
    )
    .keeps(P, KEPT)
    .never_by(&["DROP KEY"]),
    Case::new(
        "actions",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE)",
    )
    .keeps(P, KEPT),
    Case::new(
        "rename foreign key",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY k (a), CONSTRAINT g FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT),
    Case::new(
        "rename foreign key with the index that it brought",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT g FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT),
    Case::new(
        "without a name",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, FOREIGN KEY (b) REFERENCES p (id), FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT),
    Case::new(
        "column of a key without a name is renamed with its type",
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES t (id))",
        "CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY,\nb BIGINT, -- @renamed from=a\nFOREIGN KEY (b) REFERENCES t (id))",
    ),
    Case::new(
        "first of two without names goes",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, FOREIGN KEY (b) REFERENCES p (id), FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT)
    .loses(),
    Case::new(
        "types change on both sides",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
        "CREATE TABLE p (id BIGINT PRIMARY KEY); CREATE TABLE c (a BIGINT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
    )
    .keeps(P, KEPT)
    .by(&["ALTER TABLE c DROP FOREIGN KEY f", "MODIFY COLUMN a bigint"]),
    Case::new(
        "type changes in a circle to itself",
        "CREATE TABLE c (id INT PRIMARY KEY, a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES c (id))",
        "CREATE TABLE c (id BIGINT PRIMARY KEY, a BIGINT, CONSTRAINT f FOREIGN KEY (a) REFERENCES c (id))",
    )
    .keeps("INSERT INTO c VALUES (1, NULL), (2, 1)", KEPT),
    Case::new(
        "texts grow on both sides",
        "CREATE TABLE p (id VARCHAR(10) PRIMARY KEY); CREATE TABLE c (a VARCHAR(10), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id VARCHAR(20) PRIMARY KEY); CREATE TABLE c (a VARCHAR(20) NOT NULL DEFAULT '1', CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .filled("INSERT INTO p VALUES ('1'); INSERT INTO c VALUES ('1')"),
    Case::new(
        "collation changes on both sides",
        "CREATE TABLE p (id VARCHAR(10) COLLATE utf8mb4_bin PRIMARY KEY); CREATE TABLE c (a VARCHAR(10) COLLATE utf8mb4_bin, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id VARCHAR(10) COLLATE utf8mb4_unicode_ci PRIMARY KEY); CREATE TABLE c (a VARCHAR(10) COLLATE utf8mb4_unicode_ci, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    ),
    Case::new(
        "parent begins to number",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT),
    Case::new(
        "comment of a referenced column",
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT NOT NULL COMMENT 'x' PRIMARY KEY); CREATE TABLE c (a INT COMMENT 'y', CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT)
    .never_by(&["FOREIGN KEY"]),
    Case::new(
        "referenced key changes",
        "CREATE TABLE p (id INT NOT NULL, b INT NOT NULL DEFAULT 3, PRIMARY KEY (id)); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT NOT NULL, b INT NOT NULL DEFAULT 3, PRIMARY KEY (b, id), UNIQUE KEY u (id)); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps("INSERT INTO p (id) VALUES (1); INSERT INTO c VALUES (1)", KEPT),
    Case::new(
        "points to another key",
        "CREATE TABLE p (id INT PRIMARY KEY, b INT NOT NULL, UNIQUE KEY u (b)); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY, b INT NOT NULL, UNIQUE KEY u (b)); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (b))",
    )
    .keeps("INSERT INTO p VALUES (1, 1); INSERT INTO c VALUES (1)", KEPT),
    Case::new(
        "points to another table, and the old one goes",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE q (key_id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES q (key_id))",
    )
    .loses(),
    Case::new(
        "column and its foreign key go with the table",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE c (b INT)",
    )
    .loses()
    .by(&["DROP FOREIGN KEY f,", "DROP TABLE p"]),
    Case::new(
        "referenced column goes with the foreign key",
        "CREATE TABLE p (id INT PRIMARY KEY, code INT NOT NULL, UNIQUE KEY u (code)); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (code))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (b INT)",
    )
    .loses(),
    Case::new(
        "circle is made",
        "CREATE TABLE other (a INT)",
        "CREATE TABLE other (a INT); CREATE TABLE b (id INT PRIMARY KEY, c INT); \
         CREATE TABLE c (id INT PRIMARY KEY, b INT, CONSTRAINT cb FOREIGN KEY (b) REFERENCES b (id)); \
         ALTER TABLE b ADD CONSTRAINT bc FOREIGN KEY (c) REFERENCES c (id)",
    ),
    Case::new(
        "circle is dropped",
        "CREATE TABLE b (id INT PRIMARY KEY, c INT); \
         CREATE TABLE c (id INT PRIMARY KEY, b INT, CONSTRAINT cb FOREIGN KEY (b) REFERENCES b (id)); \
         ALTER TABLE b ADD CONSTRAINT bc FOREIGN KEY (c) REFERENCES c (id)",
        "CREATE TABLE other (a INT)",
    )
    .loses(),
    Case::new(
        "circle is closed between tables that are there",
        "CREATE TABLE b (id INT PRIMARY KEY, c INT); CREATE TABLE c (id INT PRIMARY KEY, b INT)",
        "CREATE TABLE b (id INT PRIMARY KEY, c INT); \
         CREATE TABLE c (id INT PRIMARY KEY, b INT, CONSTRAINT cb FOREIGN KEY (b) REFERENCES b (id)); \
         ALTER TABLE b ADD CONSTRAINT bc FOREIGN KEY (c) REFERENCES c (id)",
    ),
    Case::new(
        "circle of other types",
        "CREATE TABLE b (id INT PRIMARY KEY, c INT); \
         CREATE TABLE c (id INT PRIMARY KEY, b INT, CONSTRAINT cb FOREIGN KEY (b) REFERENCES b (id)); \
         ALTER TABLE b ADD CONSTRAINT bc FOREIGN KEY (c) REFERENCES c (id)",
        "CREATE TABLE b (id BIGINT PRIMARY KEY, c BIGINT); \
         CREATE TABLE c (id BIGINT PRIMARY KEY, b BIGINT, CONSTRAINT cb FOREIGN KEY (b) REFERENCES b (id)); \
         ALTER TABLE b ADD CONSTRAINT bc FOREIGN KEY (c) REFERENCES c (id)",
    )
    .keeps(
        "INSERT INTO b VALUES (1, NULL); INSERT INTO c VALUES (1, 1); UPDATE b SET c = 1",
        "SELECT CAST(b AS CHAR) FROM c",
    ),
    Case::new(
        "table points to itself",
        "CREATE TABLE c (id INT PRIMARY KEY, a INT)",
        "CREATE TABLE c (id INT PRIMARY KEY, a INT, p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES c (id))",
    )
    .keeps("INSERT INTO c VALUES (1, NULL)", KEPT),
    Case::new(
        "key columns are renamed on both sides",
        "CREATE TABLE p (old INT PRIMARY KEY); CREATE TABLE c (old_a INT, CONSTRAINT f FOREIGN KEY (old_a) REFERENCES p (old))",
        "CREATE TABLE p (id INT PRIMARY KEY -- @renamed from=old\n); CREATE TABLE c (a INT, -- @renamed from=old_a\n CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .never_by(&["FOREIGN KEY", "MODIFY"]),
    Case::new(
        "key columns are renamed while the tables change",
        "CREATE TABLE p (old INT PRIMARY KEY, x INT); CREATE TABLE c (old_a INT, y INT, CONSTRAINT f FOREIGN KEY (old_a) REFERENCES p (old))",
        "CREATE TABLE p (id INT PRIMARY KEY, -- @renamed from=old\n x BIGINT); \
         CREATE TABLE c (a INT, -- @renamed from=old_a\n y BIGINT NOT NULL, z INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .filled("INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (1, 2)"),
    Case::new(
        "key column under a check is renamed",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (old INT, CONSTRAINT k CHECK (old > 0), CONSTRAINT f FOREIGN KEY (old) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY);\nCREATE TABLE c (a INT, -- @renamed from=old\n CONSTRAINT k CHECK (a > 0), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .filled("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1)"),
    Case::new(
        "another index takes the place of the one that came with the key",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, KEY k (a, b), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT),
    Case::new(
        "another index stands beside the one that came with the key",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, KEY f (a), KEY k (a, b), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .keeps(P, KEPT),
    Case::new(
        "several columns",
        "CREATE TABLE p (x INT, y INT, PRIMARY KEY (x, y)); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES p (x, y))",
        "CREATE TABLE p (x INT, y INT, PRIMARY KEY (y, x)); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (b, a) REFERENCES p (y, x) ON UPDATE CASCADE)",
    )
    .filled("INSERT INTO p VALUES (1, 2); INSERT INTO c VALUES (1, 2)"),
    Case::new(
        "name moves to another table",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY f (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)); CREATE TABLE d (a INT, KEY f (a))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY f (a)); CREATE TABLE d (a INT, KEY f (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    ),
    Case::new(
        "table with foreign keys is replaced by another",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id BIGINT PRIMARY KEY); CREATE TABLE d (b BIGINT, CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id))",
    )
    .loses(),
    Case::new(
        "renamed table that others point to",
        "CREATE TABLE old (id INT PRIMARY KEY, up INT, CONSTRAINT s FOREIGN KEY (up) REFERENCES old (id)); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES old (id))",
        "-- @renamed from=old\nCREATE TABLE p (id INT PRIMARY KEY, up INT, CONSTRAINT s FOREIGN KEY (up) REFERENCES p (id)); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    )
    .by(&["RENAME TABLE old TO p"])
    .never_by(&["ALTER"]),
    Case::new("fk goes index stays", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY f (a))"),
    Case::new("fk goes index renamed", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY k (a))"),
    Case::new("fk goes index named by column", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY (a))"),
    Case::new("fk goes unnamed index renamed", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY idx_a (a))"),
    Case::new("fk goes index becomes unique", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, UNIQUE KEY a (a))"),
    Case::new("fk goes index grows", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, KEY f (a, b))"),
    Case::new("fk stays index renamed", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY k (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))"),
    Case::new("fk index shared by two keys, second goes", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE q (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT g FOREIGN KEY (a) REFERENCES q (id))", "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE q (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))"),
    Case::new(
        "indexes that the server did not make stay when their key changes",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY ix (a), KEY a_index (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, KEY ix (a), KEY a_index (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE)",
    )
    .never_by(&["DROP KEY", "ADD KEY", "ADD INDEX"]),
    Case::new(
        "words that say what the server does anyway are kept",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, b INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE CASCADE, CONSTRAINT g FOREIGN KEY (b) REFERENCES p (id) ON DELETE NO ACTION ON UPDATE NO ACTION, CONSTRAINT h FOREIGN KEY (b) REFERENCES p (id) ON UPDATE RESTRICT)",
        "CREATE TABLE p (id BIGINT PRIMARY KEY); CREATE TABLE c (a BIGINT, b BIGINT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE CASCADE, CONSTRAINT g FOREIGN KEY (b) REFERENCES p (id), CONSTRAINT h FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE)",
    ),
    Case::new(
        "words that say what the server does anyway are no difference",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION)",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id))",
    ),
    Case::new(
        "index that the server made is named after a column that had another name",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (a INT, FOREIGN KEY (a) REFERENCES p (id)); ALTER TABLE c RENAME COLUMN a TO b",
        "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (b INT, KEY a (b), CONSTRAINT c_ibfk_1 FOREIGN KEY (b) REFERENCES p (id) ON DELETE CASCADE)",
    ),
];
