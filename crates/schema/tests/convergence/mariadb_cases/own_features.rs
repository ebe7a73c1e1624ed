use crate::case::Case;

/// Options, periods, sequences and the like.
pub(crate) const CASES: &[Case] = &[
    Case::new("aria options", "CREATE TABLE t (a INT) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1", "CREATE TABLE t (a INT) ENGINE=Aria TRANSACTIONAL=0 PAGE_CHECKSUM=0 ROW_FORMAT=DYNAMIC"),
    Case::new("aria page format", "CREATE TABLE t (a INT) ENGINE=Aria ROW_FORMAT=PAGE", "CREATE TABLE t (a INT) ENGINE=Aria ROW_FORMAT=FIXED TRANSACTIONAL=0"),
    Case::new("aria to innodb", "CREATE TABLE t (a INT) ENGINE=Aria TRANSACTIONAL=1 PAGE_CHECKSUM=1", "CREATE TABLE t (a INT) ENGINE=InnoDB"),
    Case::new("page compressed levels", "CREATE TABLE t (a INT) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=5", "CREATE TABLE t (a INT) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=9"),
    Case::new("system versioning with columns", "CREATE TABLE t (a INT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING", "CREATE TABLE t (a BIGINT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING"),
    Case::new("versioned toggles excluded", "CREATE TABLE t (a INT, b INT WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING", "CREATE TABLE t (a INT WITHOUT SYSTEM VERSIONING, b INT) WITH SYSTEM VERSIONING"),
    Case::new("versioned dropped column with key", "CREATE TABLE t (a INT, b INT, KEY k (b)) WITH SYSTEM VERSIONING", "CREATE TABLE t (a INT) WITH SYSTEM VERSIONING").loses(),
    Case::new("sequences of types", "CREATE SEQUENCE s; CREATE TABLE t (a BIGINT DEFAULT nextval(s), b INT)", "CREATE SEQUENCE s2; CREATE TABLE t (a BIGINT DEFAULT nextval(s2), b INT DEFAULT lastval(s2))").loses(),
    Case::new("sequence min max negative", "CREATE SEQUENCE s INCREMENT -1 MINVALUE -100 MAXVALUE -1 START -1 NOCACHE", "CREATE SEQUENCE s INCREMENT -2 MINVALUE -200 MAXVALUE 10 START 5 CACHE 2 ENGINE=InnoDB COMMENT='c'"),
    Case::new("sequence table name swap", "CREATE SEQUENCE s", "CREATE TABLE s (a INT)").loses(),
    Case::new("invisible primary", "CREATE TABLE t (id INT INVISIBLE AUTO_INCREMENT PRIMARY KEY, a INT)", "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT INVISIBLE)"),
    Case::new("ignored unique", "CREATE TABLE t (a INT, UNIQUE KEY u (a) IGNORED)", "CREATE TABLE t (a INT, UNIQUE KEY u (a))"),
    Case::new("ignored unique back", "CREATE TABLE t (a INT, UNIQUE KEY u (a), FULLTEXT KEY f (b) IGNORED, b TEXT)", "CREATE TABLE t (a INT, UNIQUE KEY u (a) IGNORED, FULLTEXT KEY f (b), b TEXT)"),
    Case::new("compressed column with method", "CREATE TABLE t (a BLOB COMPRESSED=zlib, b VARBINARY(100) COMPRESSED DEFAULT 'x' COMMENT 'c' )", "CREATE TABLE t (a BLOB COMPRESSED, b VARBINARY(200) COMPRESSED DEFAULT 'y' COMMENT 'c' )"),
    Case::new("without overlaps", "CREATE TABLE t (id INT, s DATE, e DATE, PERIOD FOR p (s, e), UNIQUE (id, p WITHOUT OVERLAPS)); CREATE TABLE u (a INT)", "CREATE TABLE t (id INT, s DATE, e DATE, PERIOD FOR p (s, e), UNIQUE (id, p WITHOUT OVERLAPS)); CREATE TABLE u (a INT, b INT)"),
    Case::new("check of a column and of the table", "CREATE TABLE t (a INT CHECK (a > 0), b INT, CHECK (b > 0), CONSTRAINT n CHECK (a < b))", "CREATE TABLE t (a INT, b INT CHECK (b > 0), CHECK (a > 0), CONSTRAINT n CHECK (a < b + 1))"),
    Case::new("unique using hash long", "CREATE TABLE t (a TEXT, b BLOB, UNIQUE KEY u (a, b))", "CREATE TABLE t (a TEXT, b BLOB, UNIQUE KEY u (b, a), c INT)"),
    Case::new("default refers to other", "CREATE TABLE t (a INT DEFAULT 3, b INT DEFAULT (a * 2))", "CREATE TABLE t (a INT DEFAULT 4, b INT DEFAULT (a * 3), c INT DEFAULT (b + a))"),
];
