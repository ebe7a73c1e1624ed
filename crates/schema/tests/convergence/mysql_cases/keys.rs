use crate::case::Case;

const ROWS: &str = "INSERT INTO t (a, b) VALUES (1, 10), (2, 20)";
const KEPT: &str = "SELECT CONCAT(a, '|', b) FROM t ORDER BY b";

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "add primary key",
        "CREATE TABLE t (a INT NOT NULL, b INT)",
        "CREATE TABLE t (a INT NOT NULL, b INT, PRIMARY KEY (a))",
    )
    .keeps(ROWS, KEPT)
    .by(&["ADD PRIMARY KEY (a)"]),
    Case::new(
        "drop primary key",
        "CREATE TABLE t (a INT, b INT, PRIMARY KEY (a))",
        "CREATE TABLE t (a INT, b INT)",
    )
    .keeps(ROWS, KEPT)
    .by(&["DROP PRIMARY KEY", "MODIFY COLUMN a int"]),
    Case::new(
        "change primary key",
        "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a))",
        "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (b, a))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "column numbers by itself",
        "CREATE TABLE t (a INT NOT NULL, b INT, PRIMARY KEY (a))",
        "CREATE TABLE t (a BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, b INT, PRIMARY KEY (a))",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new(
        "primary key moves with its numbering",
        "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT, b INT NOT NULL, PRIMARY KEY (a))",
        "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (b), KEY k (a))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "numbered column comes with its key",
        "CREATE TABLE t (a INT, b INT)",
        "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT, b INT)",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "numbered column goes with its key",
        "CREATE TABLE t (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, a INT, b INT)",
        "CREATE TABLE t (a INT, b INT)",
    )
    .keeps(ROWS, KEPT)
    .loses(),
    Case::new(
        "numbering by a unique key",
        "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT, b INT, UNIQUE KEY u (a))",
        "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT, b INT, PRIMARY KEY (a))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "primary key over a prefix",
        "CREATE TABLE t (a INT NOT NULL, b VARCHAR(100) NOT NULL, PRIMARY KEY (b(10)))",
        "CREATE TABLE t (a INT NOT NULL, b VARCHAR(100) NOT NULL, PRIMARY KEY (b(20), a))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "key column is renamed",
        "CREATE TABLE t (old INT NOT NULL AUTO_INCREMENT PRIMARY KEY, b INT)",
        "CREATE TABLE t (a INT NOT NULL AUTO_INCREMENT PRIMARY KEY, -- @renamed from=old\n b INT)",
    )
    .by(&["RENAME COLUMN old TO a"])
    .never_by(&["DROP", "MODIFY"]),
    Case::new(
        "unique key",
        "CREATE TABLE t (a INT, b INT, CONSTRAINT u UNIQUE (a))",
        "CREATE TABLE t (a INT, b INT, CONSTRAINT u UNIQUE (a, b), CONSTRAINT w UNIQUE (b))",
    )
    .keeps(ROWS, KEPT),
    Case::new(
        "unique key is renamed",
        "CREATE TABLE t (a INT, b INT, UNIQUE KEY u (a))",
        "CREATE TABLE t (a INT, b INT, UNIQUE KEY w (a))",
    )
    .keeps(ROWS, KEPT)
    .by(&["RENAME KEY u TO w"]),
];
