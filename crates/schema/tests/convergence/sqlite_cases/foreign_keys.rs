use crate::case::Case;

/// Parents with children that would go with them.
const P: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
    CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);";
const ROWS: &str =
    "INSERT INTO p VALUES (1, 'x'), (2, 'y'); INSERT INTO c VALUES (1, 1), (2, 1), (3, 2)";
const KEPT: &str = "SELECT group_concat(id || ':' || p) FROM (SELECT id, p FROM c ORDER BY id)";

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to).keeps(ROWS, KEPT)
}

pub(super) const CASES: &[Case] = &[
    change(
        "children outlive their parents' rebuild",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);",
    )
    .by(&["PRAGMA foreign_keys = OFF", "_migrate_old_p", "(VALUES ('c')) AS checked"])
    .never_by(&["_migrate_old_c"]),
    change(
        "what a deletion does",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE);",
    )
    .by(&["_migrate_old_c"])
    .never_by(&["_migrate_old_p"]),
    change("restrict and no action", P, "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE RESTRICT);")
        .by(&["_migrate_old_c"]),
    change(
        "no action is what holds anyway",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p)",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE c (id INTEGER PRIMARY KEY, p, FOREIGN KEY (p) REFERENCES P (ID) ON DELETE NO ACTION MATCH FULL)",
    )
    .never_by(&["_migrate_old_"]),
    change(
        "add a foreign key",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT)",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id))",
    )
    .by(&["_migrate_old_c"]),
    change(
        "drop a foreign key",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT)",
    )
    .by(&["_migrate_old_c"]),
    change(
        "rename a foreign key",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT CONSTRAINT x REFERENCES p)",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE c (id INTEGER PRIMARY KEY, p INT CONSTRAINT y REFERENCES p)",
    )
    .by(&["_migrate_old_c"]),
    change(
        "defer a foreign key",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);",
    )
    .by(&["_migrate_old_c"]),
    change(
        "add a referring column",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE, q INT CONSTRAINT q REFERENCES p (id));",
    )
    .by(&["ADD COLUMN q INT CONSTRAINT q REFERENCES p (id)"])
    .never_by(&["_migrate_old_"]),
    change(
        "add a column with a reference of the table",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE, q INT,
        CONSTRAINT q FOREIGN KEY (q) REFERENCES p (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);",
    )
    .by(
        &["ADD COLUMN q INT CONSTRAINT q REFERENCES p (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"],
    )
    .never_by(&["_migrate_old_"]),
    change(
        "add a referring column with a default",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE, q INT DEFAULT 1 REFERENCES p);",
    )
    .by(&["_migrate_old_c"]),
    change(
        "add a column and the table it refers to",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE, z INT REFERENCES z);
        CREATE TABLE z (id INTEGER PRIMARY KEY)",
    )
    .by(&["CREATE TABLE z", "ADD COLUMN z"]),
    change(
        "several columns",
        "CREATE TABLE p (id INT, a TEXT, PRIMARY KEY (id, a)); CREATE TABLE c (id INT, p TEXT)",
        "CREATE TABLE p (id INT, a TEXT, PRIMARY KEY (id, a)); CREATE TABLE c (id INT, p TEXT, FOREIGN KEY (id, p) REFERENCES p)",
    )
    .keeps("INSERT INTO p VALUES (1, 'x'); INSERT INTO c VALUES (1, 'x')", KEPT),
    Case::new(
        "reference to itself",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t (id) ON DELETE CASCADE, a)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t (id) ON DELETE CASCADE, a NOT NULL)",
    )
    .keeps("INSERT INTO t VALUES (1, 2, 'x'), (2, 1, 'y')", "SELECT group_concat(id || a) FROM t"),
    Case::new(
        "references in a circle",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b ON DELETE CASCADE); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a ON DELETE CASCADE)",
        "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b ON DELETE CASCADE); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a ON DELETE CASCADE)",
    )
    .keeps(
        "BEGIN; PRAGMA defer_foreign_keys = ON; INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (2, 1); COMMIT",
        "SELECT a.b || b.a FROM a, b",
    ),
    Case::new(
        "make a circle",
        "CREATE TABLE x (i)",
        "CREATE TABLE x (i); CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a)",
    ),
    Case::new(
        "drop a circle",
        "CREATE TABLE x (i); CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a)",
        "CREATE TABLE x (i)",
    )
    .filled(
        "BEGIN; PRAGMA defer_foreign_keys = ON; INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (2, 1); COMMIT",
    )
    .loses(),
    Case::new("drop parents and children", P, "CREATE TABLE x (i)")
    .filled(ROWS)
    .by(&["DROP TABLE c;\nDROP TABLE p"])
    .never_by(&["PRAGMA"])
    .loses(),
    Case::new("drop parents, keep children", P, "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT)")
    .by(&["DROP TABLE p"])
    .loses(),
    change(
        "drop parents that are still named",
        P,
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);",
    )
    .by(&["PRAGMA foreign_keys = OFF"])
    .loses(),
    Case::new("drop parents and the column", P, "CREATE TABLE c (id INTEGER PRIMARY KEY)")
    .keeps(ROWS, "SELECT group_concat(id) FROM c")
    .by(&["DROP COLUMN p"])
    .never_by(&["PRAGMA"])
    .loses(),
    Case::new(
        "drop what refers to itself",
        "CREATE TABLE x (i); CREATE TABLE t (id INTEGER PRIMARY KEY, up INT REFERENCES t ON DELETE RESTRICT); CREATE TABLE u (id INTEGER PRIMARY KEY, up INT REFERENCES u)",
        "CREATE TABLE x (i)",
    )
    .filled("INSERT INTO t VALUES (1, NULL), (2, 1); INSERT INTO u VALUES (1, 1), (2, 1)")
    .loses(),
    change(
        "another parent",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE q (id INTEGER PRIMARY KEY);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES q)",
    )
    .keeps("INSERT INTO p VALUES (1, 'x')", KEPT),
    Case::new(
        "rows that refer to none already",
        P,
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL);
        CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p (id) ON DELETE CASCADE);",
    )
    .keeps("PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (1, 77)", KEPT),
    Case::new(
        "a key for those that refer to none",
        "CREATE TABLE p (id INT, a INT); CREATE TABLE c (id INT, p INT REFERENCES p (id))",
        "CREATE TABLE p (id INT UNIQUE, a INT); CREATE TABLE c (id INT, p INT REFERENCES p (id))",
    )
    .keeps(
        "PRAGMA foreign_keys = OFF; INSERT INTO p VALUES (1, 1); INSERT INTO c VALUES (1, 1)",
        KEPT,
    ),
    Case::new(
        "a reference to nothing",
        "CREATE TABLE c (id INT, p INT REFERENCES nowhere (x))",
        "CREATE TABLE c (id INT NOT NULL, p INT REFERENCES nowhere (x))",
    )
    .keeps("PRAGMA foreign_keys = OFF; INSERT INTO c VALUES (1, 1)", KEPT),
    Case::new(
        "orphans that were there stay under other names",
        "CREATE TABLE p (id INTEGER PRIMARY KEY, a); CREATE TABLE C (x INT REFERENCES P (ID), y INT REFERENCES p)",
        "-- @renamed from=p\nCREATE TABLE q (id INTEGER PRIMARY KEY, a NOT NULL);\n-- @renamed from=C\nCREATE TABLE d (\nz INT REFERENCES q (id), -- @renamed from=x\ny INT NOT NULL REFERENCES q)",
    )
    .filled("PRAGMA foreign_keys = OFF; INSERT INTO p VALUES (1, 'x'); INSERT INTO C VALUES (99, 1), (98, 1), (1, 97)"),
];
