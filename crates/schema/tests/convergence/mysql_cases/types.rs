use crate::case::Case;

const fn widening(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
}

pub(crate) const CASES: &[Case] = &[
    widening("int to bigint", "CREATE TABLE t (a INT)", "CREATE TABLE t (a BIGINT)")
        .keeps("INSERT INTO t VALUES (-5), (7)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a"),
    widening("bigint to int", "CREATE TABLE t (a BIGINT)", "CREATE TABLE t (a INT)")
        .keeps("INSERT INTO t VALUES (-5), (7)", "SELECT CAST(a AS CHAR) FROM t ORDER BY a")
        .loses(),
    widening("unsigned", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT UNSIGNED)").loses(),
    widening(
        "boolean",
        "CREATE TABLE t (a BOOLEAN DEFAULT TRUE)",
        "CREATE TABLE t (a INT DEFAULT 1)",
    ),
    widening(
        "zerofill",
        "CREATE TABLE t (a INT(5) UNSIGNED ZEROFILL DEFAULT 3)",
        "CREATE TABLE t (a INT(7) UNSIGNED ZEROFILL DEFAULT 4)",
    ),
    widening(
        "varchar grows",
        "CREATE TABLE t (a VARCHAR(10) NOT NULL, KEY k (a))",
        "CREATE TABLE t (a VARCHAR(300) NOT NULL, KEY k (a))",
    )
    .keeps("INSERT INTO t VALUES ('x')", "SELECT a FROM t"),
    widening("varchar shrinks", "CREATE TABLE t (a VARCHAR(20))", "CREATE TABLE t (a VARCHAR(5))")
        .keeps("INSERT INTO t VALUES ('x')", "SELECT a FROM t")
        .loses(),
    widening("varchar to text", "CREATE TABLE t (a VARCHAR(20))", "CREATE TABLE t (a MEDIUMTEXT)")
        .keeps("INSERT INTO t VALUES ('x')", "SELECT a FROM t"),
    widening("char to varchar", "CREATE TABLE t (a CHAR(3))", "CREATE TABLE t (a VARCHAR(3))"),
    widening(
        "text sizes",
        "CREATE TABLE t (a TINYTEXT, b LONGTEXT)",
        "CREATE TABLE t (a TEXT, b TEXT)",
    )
    .loses(),
    widening(
        "binary",
        "CREATE TABLE t (a BINARY(4), b VARBINARY(10), c BLOB)",
        "CREATE TABLE t (a BINARY(8), b VARBINARY(20), c LONGBLOB)",
    ),
    widening(
        "decimal grows",
        "CREATE TABLE t (a DECIMAL(10,2) NOT NULL DEFAULT 1.5)",
        "CREATE TABLE t (a DECIMAL(12,3) NOT NULL DEFAULT 1.5)",
    )
    .keeps("INSERT INTO t VALUES (12.25)", "SELECT CAST(a * 100 AS CHAR(5)) FROM t"),
    widening(
        "decimal shrinks",
        "CREATE TABLE t (a DECIMAL(10,4))",
        "CREATE TABLE t (a DECIMAL(10,2))",
    )
    .loses(),
    widening("float to double", "CREATE TABLE t (a FLOAT)", "CREATE TABLE t (a DOUBLE)"),
    widening("double to float", "CREATE TABLE t (a DOUBLE)", "CREATE TABLE t (a FLOAT)").loses(),
    widening(
        "bit and year",
        "CREATE TABLE t (a BIT(3) DEFAULT b'101', y YEAR DEFAULT 2020)",
        "CREATE TABLE t (a BIT(8) DEFAULT b'10000001', y YEAR DEFAULT 2021)",
    ),
    widening(
        "times get digits",
        "CREATE TABLE t (a DATETIME, b TIME, c TIMESTAMP NULL)",
        "CREATE TABLE t (a DATETIME(6), b TIME(3), c TIMESTAMP(6) NULL)",
    )
    .keeps(
        "INSERT INTO t VALUES ('2020-01-02 03:04:05', '01:02:03', '2020-01-02 03:04:05')",
        "SELECT CONCAT(DATE_FORMAT(a, '%Y%m%d%H%i%s'), TIME_FORMAT(b, '%H%i%s'), \
         DATE_FORMAT(c, '%Y%m%d%H%i%s')) FROM t",
    ),
    widening("times lose digits", "CREATE TABLE t (a DATETIME(6))", "CREATE TABLE t (a DATETIME)")
        .loses(),
    widening("date to datetime", "CREATE TABLE t (a DATE)", "CREATE TABLE t (a DATETIME)"),
    widening("datetime to date", "CREATE TABLE t (a DATETIME)", "CREATE TABLE t (a DATE)").loses(),
    widening("int to text", "CREATE TABLE t (a INT)", "CREATE TABLE t (a VARCHAR(20))")
        .keeps("INSERT INTO t VALUES (5)", "SELECT CAST(a AS CHAR) FROM t"),
    widening("text to int", "CREATE TABLE t (a VARCHAR(20))", "CREATE TABLE t (a INT)")
        .keeps("INSERT INTO t VALUES ('5')", "SELECT CAST(a AS CHAR) FROM t")
        .loses(),
    widening(
        "enum gets values at the end",
        "CREATE TABLE t (a ENUM('x','y') NOT NULL DEFAULT 'x')",
        "CREATE TABLE t (a ENUM('x','y','it''s','b\\\\c') NOT NULL DEFAULT 'it''s')",
    )
    .keeps("INSERT INTO t VALUES ('x'), ('y')", "SELECT CAST(a AS CHAR) FROM t ORDER BY 1"),
    widening(
        "enum is put in another order",
        "CREATE TABLE t (a ENUM('x','y','z'))",
        "CREATE TABLE t (a ENUM('z','w','x','y'))",
    )
    .keeps("INSERT INTO t VALUES ('x'), ('y'), ('z')", "SELECT CAST(a AS CHAR) FROM t ORDER BY 1"),
    widening(
        "enum value goes",
        "CREATE TABLE t (a ENUM('x','y','z'))",
        "CREATE TABLE t (a ENUM('x','z'))",
    )
    .keeps("INSERT INTO t VALUES ('x')", "SELECT CAST(a AS CHAR) FROM t")
    .loses(),
    widening(
        "enum to varchar",
        "CREATE TABLE t (a ENUM('x','long one'))",
        "CREATE TABLE t (a VARCHAR(10))",
    )
    .keeps("INSERT INTO t VALUES ('long one')", "SELECT CAST(a AS CHAR) FROM t"),
    widening(
        "set",
        "CREATE TABLE t (a SET('x','y') DEFAULT 'x,y')",
        "CREATE TABLE t (a SET('x','y','z') DEFAULT 'z')",
    )
    .keeps("INSERT INTO t VALUES ('x,y')", "SELECT CAST(a AS CHAR) FROM t"),
    widening("json", "CREATE TABLE t (a JSON, b INT)", "CREATE TABLE t (b INT, c JSON NOT NULL)")
        .loses(),
    widening("json to text", "CREATE TABLE t (a JSON)", "CREATE TABLE t (a LONGTEXT)")
        .keeps("INSERT INTO t VALUES ('[1]')", "SELECT CAST(a AS CHAR) FROM t"),
    widening(
        "geometry",
        "CREATE TABLE t (p POINT NOT NULL, SPATIAL KEY k (p))",
        "CREATE TABLE t (p POINT NOT NULL, q GEOMETRY, l LINESTRING)",
    ),
    widening(
        "timestamps say whether they are null",
        "CREATE TABLE t (a TIMESTAMP NULL, b TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)",
        "CREATE TABLE t (a TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00', b TIMESTAMP NULL, \
         c TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3))",
    ),
    Case::new(
        "time zone by which times are converted is said",
        "CREATE TABLE t (a TIMESTAMP NULL, b DATETIME)",
        "CREATE TABLE t (a DATETIME, b TIMESTAMP NULL)",
    )
    .filled("INSERT INTO t VALUES ('2026-07-01 12:00:00', '2026-07-01 12:00:00')")
    .by(&[
        "-- check: the times of t.a are taken as those of the session's time zone, UTC for migrate\n",
        "-- check: the times of t.b are taken as those of the session's time zone, UTC for migrate\n",
    ])
    .loses(),
    Case::new(
        "values get another shape",
        "CREATE TABLE t (a VARCHAR(9), b VARBINARY(4))",
        "CREATE TABLE t (a CHAR(9), b BINARY(4))",
    )
    .filled("INSERT INTO t VALUES ('x ', 'y')")
    .loses(),
    Case::new(
        "lists and numbers by their texts",
        "CREATE TABLE t (id INT PRIMARY KEY, e ENUM('10','20') NOT NULL DEFAULT '20', f INT NOT NULL, g SET('1','2'), h INT, b ENUM('0','1'), c BIT(3), y YEAR, UNIQUE KEY u (f, e))",
        "CREATE TABLE t (id INT PRIMARY KEY, e INT NOT NULL DEFAULT 10, f ENUM('2','1') NOT NULL, g INT, h SET('2','1'), b BIT(3), c ENUM('4','2','1'), y ENUM('2002','2001'), UNIQUE KEY u (f, e))",
    )
    .keeps(
        "INSERT INTO t VALUES (1, '20', 1, '2', 2, '1', b'10', 2001), (2, '10', 2, '1', 1, '0', b'1', 2002), (3, '10', 1, NULL, NULL, NULL, NULL, NULL)",
        "SELECT CONCAT_WS('|', id, CONCAT(e), CONCAT(f), CONCAT(g), CONCAT(h), IF(id = 3, '', IF(b IN ('1', b'1'), 'yes', 'no')), IF(c IN ('2', b'10'), 'two', 'one'), CONCAT(y)) FROM t ORDER BY id",
    )
    .loses(),
    Case::new(
        "list of fractions and renamed number",
        "CREATE TABLE t (e ENUM('1.5','2.5','x'), b TINYINT(1) NOT NULL, d DECIMAL(3,1))",
        "CREATE TABLE t (n DECIMAL(4,1), -- @renamed from=e\n b ENUM('1','0') NOT NULL, d ENUM('1.5','0.5'))",
    )
    .filled("INSERT INTO t VALUES ('2.5', 1, 0.5), ('1.5', 0, 1.5)")
    .by(&["CHANGE COLUMN e n"])
    .loses(),
    Case::new(
        "number that is in no list is no place in it",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a ENUM('10','20'))",
    )
    .refuses("INSERT INTO t VALUES (10), (1)", "_migrate_1")
    .by(&["-- fails while t.a of a row is not in enum('10','20')"])
    .loses(),
    Case::new(
        "numbers that a list writes otherwise",
        "CREATE TABLE t (d DECIMAL(5,2), z INT, f DOUBLE, old BIGINT, ts TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, log INT); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.log = 1",
        "CREATE TABLE t (d ENUM('1.5','2'), z ENUM('007','08','7'), f ENUM('1e3','0.10'), n ENUM('9007199254740993','9007199254740992.0'), -- @renamed from=old\n ts TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP, log INT); CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW SET NEW.log = 1",
    )
    .keeps(
        "INSERT INTO t VALUES (1.5, 7, 1000, 9007199254740993, '2020-01-02 03:04:05', 0), (2, 8, 0.1, NULL, NULL, 0)",
        "SELECT CONCAT(CONCAT(d, '') + 0, '|', CONCAT(z, '') + 0, '|', CONCAT(f, '') + 0, '|', COALESCE(ts, ''), '|', log) FROM t ORDER BY 1",
    )
    .loses(),
    Case::new(
        "list of the greatest numbers",
        "CREATE TABLE t (a ENUM('9223372036854775807','18446744073709551615'), b ENUM('18446744073709551615','1'))",
        "CREATE TABLE t (a BIGINT UNSIGNED, b BIT(64))",
    )
    .keeps(
        "INSERT INTO t VALUES ('18446744073709551615', '18446744073709551615')",
        "SELECT CONCAT(a, '') FROM t",
    )
    .loses(),
    Case::new(
        "number that a list has otherwise and not at all",
        "CREATE TABLE t (a DECIMAL(5,2))",
        "CREATE TABLE t (a ENUM('1.5','2'))",
    )
    .refuses("INSERT INTO t VALUES (1.5), (1)", "_migrate_1")
    .loses(),
    Case::new(
        "several values become one",
        "CREATE TABLE t (a SET('a','b'))",
        "CREATE TABLE t (a ENUM('b','a'))",
    )
    .refuses("INSERT INTO t VALUES ('a'), ('a,b')", "Data truncated")
    .by(&["-- fails while t.a of a row is several values"]),
    Case::new(
        "word of a list is no number",
        "CREATE TABLE t (a ENUM('10','x'))",
        "CREATE TABLE t (a INT)",
    )
    .refuses("INSERT INTO t VALUES ('10'), ('x')", "_migrate_1")
    .loses(),
    Case::new(
        "number under a key is distinct in a list",
        "CREATE TABLE t (a INT NOT NULL PRIMARY KEY, b BIGINT, UNIQUE KEY u (b))",
        "CREATE TABLE t (a ENUM('10','20') NOT NULL PRIMARY KEY, b SET('1','2'), UNIQUE KEY u (b))",
    )
    .keeps("INSERT INTO t VALUES (20, 1), (10, 2)", "SELECT CONCAT(a, '|', b) FROM t ORDER BY 1")
    .never_by(&["is the same in two rows"])
    .loses(),
    Case::new(
        "number of a list that is too great",
        "CREATE TABLE t (a ENUM('300','5'))",
        "CREATE TABLE t (a TINYINT)",
    )
    .refuses("INSERT INTO t VALUES ('5'), ('300')", "_migrate_1")
    .by(&["-- fails while t.a of a row is not in tinyint"])
    .loses(),
    Case::new(
        "number of a list below zero",
        "CREATE TABLE t (a ENUM('-2','5'))",
        "CREATE TABLE t (a INT UNSIGNED)",
    )
    .refuses("INSERT INTO t VALUES ('5'), ('-2')", "_migrate_1")
    .loses(),
    Case::new(
        "number of a list with too many digits",
        "CREATE TABLE t (a ENUM('1.55','1.6'), UNIQUE KEY u (a))",
        "CREATE TABLE t (a DECIMAL(3,1), UNIQUE KEY u (a))",
    )
    .refuses("INSERT INTO t VALUES ('1.6'), ('1.55')", "_migrate_1")
    .loses(),
    Case::new(
        "letters that become the same under a unique key",
        "CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_bin, b VARCHAR(9) COLLATE utf8mb4_general_ci, UNIQUE KEY u (a), UNIQUE KEY v (b))",
        "CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_general_ci, b VARCHAR(9) COLLATE utf8mb4_bin, UNIQUE KEY u (a), UNIQUE KEY v (b))",
    )
    .by(&["-- fails while t.a is the same in two rows\nALTER"])
    .never_by(&["t.b is"])
    .refuses("INSERT INTO t VALUES ('x', 'x'), ('X', 'y')", "Duplicate entry"),
];
