use crate::case::Case;

const FILLED: &str = "INSERT INTO p VALUES (1, 2), (3, 4); INSERT INTO t VALUES (1, 2), (3, 4)";
const KEPT: &str = "SELECT string_agg(a || ':' || b, ',' ORDER BY a) FROM t";

pub(super) const CASES: &[Case] = &[
    Case::new("primary key comes", "CREATE TABLE t (a int, b int)", "CREATE TABLE t (a int, b int, PRIMARY KEY (b, a))")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new("primary key goes and leaves its columns required", "CREATE TABLE t (a int PRIMARY KEY, b int)", "CREATE TABLE t (a int NOT NULL, b int)")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new(
        "primary key changes under foreign keys",
        "CREATE TABLE p (a int PRIMARY KEY, b int NOT NULL UNIQUE); CREATE TABLE t (a int REFERENCES p, b int)",
        "CREATE TABLE p (a int NOT NULL, b int PRIMARY KEY, UNIQUE (a)); CREATE TABLE t (a int, b int REFERENCES p (b))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "primary key is made anew while a foreign key stays",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p (a), b int)",
        "CREATE TABLE p (a int PRIMARY KEY DEFERRABLE, b int); ALTER TABLE p ADD UNIQUE (a); CREATE TABLE t (a int REFERENCES p (a), b int)",
    )
    .keeps(FILLED, KEPT)
    .except("which of two equal keys a foreign key stands on is the order they were made in"),
    Case::new("primary key gets a name, columns to carry and a fill factor", "CREATE TABLE t (a int PRIMARY KEY, b int)",
        "CREATE TABLE t (a int, b int, CONSTRAINT \"The Key\" PRIMARY KEY (a) INCLUDE (b) WITH (fillfactor = 70))")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new("primary key is renamed", "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY, b int)", "CREATE TABLE t (a int CONSTRAINT l PRIMARY KEY, b int)")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT)
        .by(&["RENAME CONSTRAINT k TO l"]),
    Case::new("deferrable primary key", "CREATE TABLE t (a int PRIMARY KEY, b int)", "CREATE TABLE t (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, b int)")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new(
        "unique constraints come, go and change",
        "CREATE TABLE t (a int UNIQUE, b int, CONSTRAINT u UNIQUE (a, b), CONSTRAINT same UNIQUE (b))",
        "CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (b, a) DEFERRABLE, CONSTRAINT w UNIQUE (b) INCLUDE (a) WITH (fillfactor = 50), CONSTRAINT renamed UNIQUE (b))",
    )
    .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new("unique index becomes a constraint", "CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX u ON t (a)", "CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE (a))")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new("generated names make no difference", "CREATE TABLE t (a int, b int, CONSTRAINT t_a_key UNIQUE (b), CONSTRAINT t_a_key1 UNIQUE (a))", "CREATE TABLE t (a int UNIQUE, b int UNIQUE)")
        .never_by(&["ALTER"]),
    Case::new(
        "foreign key comes with all it can say",
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int)",
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int,
           CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p (a, b) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "foreign key sets some columns only",
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p)",
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b))",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "foreign key changes its actions",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p ON DELETE CASCADE, b int)",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p ON DELETE RESTRICT ON UPDATE SET DEFAULT, b int)",
    )
    .keeps(FILLED, KEPT),
    Case::new(
        "foreign key is deferred otherwise in place",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p, b int REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p DEFERRABLE, b int REFERENCES p)",
    )
    .by(&["ALTER CONSTRAINT"])
    .never_by(&["DROP CONSTRAINT"]),
    Case::new(
        "foreign key is validated",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int, b int); ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p NOT VALID",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int CONSTRAINT k REFERENCES p, b int)",
    )
    .keeps(FILLED, KEPT)
    .by(&["VALIDATE CONSTRAINT k"]),
    Case::new(
        "foreign key on a unique index",
        "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX p_a ON p (a); CREATE TABLE t (a int REFERENCES p (a), b int)",
        "CREATE TABLE p (a int, b int); CREATE UNIQUE INDEX p_a ON p (a) INCLUDE (b); CREATE TABLE t (a int REFERENCES p (a), b int)",
    )
    .keeps(FILLED, KEPT),
    Case::new("self reference comes", "CREATE TABLE t (a int PRIMARY KEY, b int)", "CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t ON DELETE SET NULL)")
        .keeps("INSERT INTO t VALUES (1, 1)", KEPT),
    Case::new(
        "cycle of foreign keys is made",
        "CREATE TABLE z (x int)",
        "CREATE TABLE z (x int); CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
         CREATE TABLE c (id int PRIMARY KEY REFERENCES c, b int REFERENCES b); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b",
    ),
    Case::new(
        "cycle of foreign keys is dropped",
        "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
         ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b; INSERT INTO a VALUES (1, NULL)",
        "",
    )
    .loses(),
    Case::new(
        "referenced table goes and another takes its place",
        "CREATE TABLE p (a int PRIMARY KEY, b int); CREATE TABLE t (a int REFERENCES p, b int)",
        "CREATE TABLE q (a int PRIMARY KEY, b int); CREATE TABLE t (a int, b int REFERENCES q)",
    )
    .keeps("INSERT INTO t VALUES (NULL, NULL)", "SELECT count(*)::text FROM t")
    .loses(),
    Case::new(
        "exclusion constraints",
        "CREATE TABLE t (a int, b tsrange, CONSTRAINT e EXCLUDE USING gist (b WITH &&))",
        "CREATE TABLE t (a int, b tsrange, CONSTRAINT e EXCLUDE USING gist (b WITH &&) WHERE (a > 1) DEFERRABLE, EXCLUDE USING btree (a WITH =))",
    )
    .keeps("INSERT INTO t VALUES (1, '[2020-01-01, 2020-01-02)')", "SELECT a || ':' || b FROM t"),
    Case::new("constraint in use by a view that groups by it", 
        "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE VIEW v AS SELECT a, b, count(*) AS n FROM t GROUP BY a",
        "CREATE TABLE t (a int PRIMARY KEY, b int, UNIQUE (b)); CREATE VIEW v AS SELECT a, b, count(*) AS n FROM t GROUP BY a, b")
        .keeps("INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new("foreign key to a partitioned table changes",
        "CREATE TABLE p (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p)",
        "CREATE TABLE p (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE t (a int, b int, c int, FOREIGN KEY (a, b) REFERENCES p ON DELETE CASCADE)")
        .keeps("INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (1, 2)", KEPT),
    Case::new("foreign key to a table with other partitions stays",
        "CREATE TABLE p (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE t (a int, b int, FOREIGN KEY (a, b) REFERENCES p)",
        "CREATE TABLE p (id int, d int, PRIMARY KEY (id, d)) PARTITION BY RANGE (d); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (20); CREATE TABLE t (a int, b int, c int, FOREIGN KEY (a, b) REFERENCES p)")
        .keeps("INSERT INTO p VALUES (1, 2); INSERT INTO t VALUES (1, 2)", KEPT)
        .never_by(&["CONSTRAINT"]),
];
