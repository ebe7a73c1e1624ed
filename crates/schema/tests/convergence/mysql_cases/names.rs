use crate::case::Case;

const LONG: &str = "CREATE TABLE t2345678901234567890123456789012345678901234567890123456789012 (
    c2345678901234567890123456789012345678901234567890123456789012 INT,
    KEY k2345678901234567890123456789012345678901234567890123456789012 (c2345678901234567890123456789012345678901234567890123456789012))";

pub(crate) const CASES: &[Case] = &[
    Case::new("64 characters", "CREATE TABLE x (a INT)", LONG).loses(),
    Case::new(
        "reserved words",
        "CREATE TABLE `order` (`select` INT, KEY `index` (`select`))",
        "CREATE TABLE `order` (`select` INT, `from` INT, `rank` INT, `system` INT, KEY `key` (`from`, `rank`), CONSTRAINT `check` CHECK (`select` > 0))",
    )
    .by(&["ALTER TABLE `order`"]),
    Case::new(
        "mixed case and spaces",
        "CREATE TABLE `My Table` (`First Col` INT)",
        "CREATE TABLE `My Table` (`First Col` BIGINT, SecondCol INT, KEY `A Key` (SecondCol))",
    )
    .by(&["`My Table`", "SecondCol int"]),
    Case::new(
        "quotes in names",
        "CREATE TABLE `a``b` (`c``d` INT, `e\"f` INT, `g'h` INT)",
        "CREATE TABLE `a``b` (`c``d` BIGINT, `e\"f` INT, `g'h` INT DEFAULT 1, KEY `k``l` (`c``d`), CONSTRAINT `x'y` CHECK (`g'h` > 0))",
    ),
    Case::new(
        "unicode names",
        "CREATE TABLE größe (höhe INT)",
        "CREATE TABLE größe (höhe INT, `漢字` INT, KEY schlüssel (höhe), CONSTRAINT prüfung CHECK (höhe > 0)); CREATE TABLE `таблица` (a INT)",
    ),
    Case::new(
        "names that begin with digits, and a dollar",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, `1a` INT, a$b INT, `2` INT, _x INT, KEY `0` (`1a`))",
    ),
    Case::new(
        "dots and semicolons",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT, `b.c` INT, `d;e` INT, `-- f` INT, KEY `k.l` (`b.c`))",
    ),
    Case::new(
        "table and column differ in case from a word",
        "CREATE TABLE `Table` (`Primary` INT)",
        "CREATE TABLE `Table` (`Primary` INT, Users INT, USERS_2 INT)",
    ),
    Case::new(
        "renamed to a reserved word",
        "CREATE TABLE t (a INT, KEY k (a))",
        "-- @renamed from=t\nCREATE TABLE `group` (\n`by` INT, -- @renamed from=a\n KEY k (`by`))",
    ),
];
