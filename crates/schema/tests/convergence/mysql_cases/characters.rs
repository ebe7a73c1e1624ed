use crate::case::Case;

pub(crate) const CASES: &[Case] = &[
    Case::new(
        "characters of four bytes: default",
        "CREATE TABLE t (a VARCHAR(20) DEFAULT '😀', n VARCHAR(9) NOT NULL DEFAULT 'x😀', q VARCHAR(9) DEFAULT 'why?')",
        "CREATE TABLE t (a VARCHAR(20) DEFAULT '😁', n VARCHAR(9) NOT NULL DEFAULT 'x😁', q VARCHAR(9) DEFAULT 'why?')",
    ),
    Case::new(
        "characters of four bytes: binary",
        "CREATE TABLE t (a VARBINARY(4) DEFAULT x'ff00', n BINARY(2) NOT NULL DEFAULT x'fe00', c INT)",
        "CREATE TABLE t (a VARBINARY(4) DEFAULT x'ee00', n BINARY(2) NOT NULL DEFAULT x'fd01', c INT)",
    ),
    Case::new(
        "characters of four bytes: enum",
        "CREATE TABLE t (a ENUM('😀','x') DEFAULT '😀', s SET('😀','y') NOT NULL DEFAULT '😀,y')",
        "CREATE TABLE t (a ENUM('😁','x') DEFAULT '😁', s SET('😁','y') NOT NULL DEFAULT '😁,y')",
    )
    .loses(),
    Case::new(
        "characters of four bytes: enum moved",
        "CREATE TABLE t (a ENUM('😀','x') DEFAULT '😀', b INT)",
        "CREATE TABLE t (b BIGINT, a ENUM('😀','x','z') DEFAULT '😀')",
    ),
    Case::new(
        "characters of four bytes: expressions",
        "CREATE TABLE t (a VARCHAR(9), d VARCHAR(30) DEFAULT (concat('😀','a')), g VARCHAR(30) AS (concat(a,'😀')) VIRTUAL, CONSTRAINT c CHECK (a <> '😀'))",
        "CREATE TABLE t (a VARCHAR(9), d VARCHAR(30) DEFAULT (concat('😁','a')), g VARCHAR(30) AS (concat(a,'😁')) VIRTUAL, CONSTRAINT c CHECK (a <> '😁'))",
    ),
    Case::new(
        "characters of four bytes: column check",
        "CREATE TABLE t (a VARCHAR(9) CHECK (a <> '😀'))",
        "CREATE TABLE t (a VARCHAR(9) CHECK (a <> '😁'))",
    ),
    Case::new(
        "characters of four bytes: texts in definitions",
        "CREATE TABLE t (a VARCHAR(9)); CREATE VIEW v AS SELECT '😀' AS x FROM t; CREATE PROCEDURE p() SELECT '😀'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = '😀'; CREATE EVENT e ON SCHEDULE EVERY 1 DAY COMMENT '😀' DO SELECT '😀'",
        "CREATE TABLE t (a VARCHAR(9)); CREATE VIEW v AS SELECT '😁' AS x FROM t; CREATE PROCEDURE p() SELECT '😁'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = '😁'; CREATE EVENT e ON SCHEDULE EVERY 1 DAY COMMENT '😁' DO SELECT '😁'",
    ),
];
