use crate::case::Case;

const fn change(name: &'static str, from: &'static str, to: &'static str) -> Case {
    Case::new(name, from, to)
        .keeps("INSERT INTO t (a) VALUES (1), (2)", "SELECT group_concat(a) FROM t")
}

pub(super) const CASES: &[Case] = &[
    change(
        "add a view",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT); CREATE VIEW v (x) AS SELECT a FROM t",
    )
    .by(&["CREATE VIEW v (x)"]),
    change(
        "drop a view",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT)",
    )
    .by(&["DROP VIEW v"]),
    change(
        "change a view",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a + 1 AS a FROM t",
    )
    .by(&["DROP VIEW v", "CREATE VIEW v"]),
    change(
        "change a text in a view",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT 'x  y' FROM t",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT 'x y' FROM t",
    )
    .by(&["CREATE VIEW v"]),
    change(
        "layout of a view",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a, count(*) FROM t GROUP BY a",
        "CREATE TABLE t (a INT); create view [v] as -- all\n  select \"a\",count( * ) from t group by a",
    )
    .never_by(&["VIEW"]),
    change(
        "views on views",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE VIEW a1 AS SELECT a FROM w",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a, 1 FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE VIEW a1 AS SELECT a FROM w",
    )
    .by(&["CREATE VIEW v"]),
    change(
        "view over a rebuilt table",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT NOT NULL); CREATE VIEW v AS SELECT a FROM t",
    )
    .by(&["_migrate_old_t"])
    .never_by(&["VIEW"]),
    change(
        "view over a dropped column",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v",
    )
    .by(&["DROP COLUMN b"])
    .loses(),
    change(
        "view that loses its column",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT a, b FROM t",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a, b FROM t",
    )
    .by(&["DROP COLUMN b"])
    .loses(),
    change(
        "view over all columns",
        "CREATE TABLE t (a INT, b INT); CREATE VIEW v AS SELECT * FROM t",
        "CREATE TABLE t (a INT, c INT); CREATE VIEW v AS SELECT * FROM t",
    )
    .loses(),
    change(
        "view over a dropped table",
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT); CREATE VIEW v AS SELECT b FROM u",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT b FROM u",
    )
    .loses(),
    change(
        "a view becomes a table",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
        "CREATE TABLE t (a INT); CREATE TABLE v (a INT)",
    )
    .by(&["DROP VIEW v", "CREATE TABLE v"]),
    change(
        "a table becomes a view",
        "CREATE TABLE t (a INT); CREATE TABLE v (a INT)",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t",
    )
    .by(&["DROP TABLE v", "CREATE VIEW v"])
    .loses(),
    change(
        "add a trigger",
        "CREATE TABLE t (a INT)",
        "CREATE TABLE t (a INT); CREATE TRIGGER r BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'no; never'); END",
    )
    .by(&["CREATE TRIGGER r"]),
    change(
        "drop a trigger",
        "CREATE TABLE t (a INT); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE t (a INT)",
    )
    .by(&["DROP TRIGGER r"]),
    change(
        "change a trigger",
        "CREATE TABLE t (a INT); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE t (a INT); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 2; SELECT 3; END",
    )
    .by(&["CREATE TRIGGER r"]),
    change(
        "layout of a trigger",
        "CREATE TABLE t (a INT); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE t (a INT); create trigger \"r\"\nafter insert on t begin /* one */ select 1 ; end",
    )
    .never_by(&["TRIGGER"]),
    change(
        "triggers come again with a rebuilt table",
        "CREATE TABLE t (a INT); CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = a + 100; END; CREATE TRIGGER s AFTER DELETE ON t BEGIN SELECT 1; END",
        "CREATE TABLE t (a INT NOT NULL); CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = a + 100; END; CREATE TRIGGER s AFTER DELETE ON t BEGIN SELECT 2; END",
    )
    .keeps(
        "DROP TRIGGER r; INSERT INTO t VALUES (1), (2); CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = a + 100; END",
        "SELECT group_concat(a) FROM t",
    ),
    change(
        "another's trigger on a rebuilt table",
        "CREATE TABLE t (a INT); CREATE TABLE o (a); CREATE TRIGGER r AFTER INSERT ON o BEGIN DELETE FROM t; END",
        "CREATE TABLE t (a INT NOT NULL); CREATE TABLE o (a UNIQUE); CREATE TRIGGER r AFTER INSERT ON o BEGIN DELETE FROM t; END",
    )
    .keeps("INSERT INTO o VALUES (1); INSERT INTO t VALUES (5)", "SELECT group_concat(a) FROM t"),
    change(
        "trigger of a dropped table",
        "CREATE TABLE t (a INT); CREATE TABLE o (a); CREATE TRIGGER r AFTER INSERT ON o BEGIN DELETE FROM t; END",
        "CREATE TABLE t (a INT)",
    )
    .never_by(&["DROP TRIGGER"])
    .loses(),
    change(
        "trigger on a dropped column",
        "CREATE TABLE t (a INT, b INT); CREATE TRIGGER r AFTER UPDATE OF b ON t BEGIN SELECT NEW.b; END",
        "CREATE TABLE t (a INT); CREATE TRIGGER r AFTER UPDATE OF a ON t BEGIN SELECT NEW.a; END",
    )
    .by(&["DROP COLUMN b"])
    .loses(),
    change(
        "trigger instead of a view",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (NEW.a); END",
        "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a, 1 FROM t; CREATE TRIGGER r INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (NEW.a); END",
    )
    .by(&["CREATE TRIGGER r"]),
    change(
        "trigger on another table",
        "CREATE TABLE t (a INT); CREATE TABLE u (a INT); CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
        "CREATE TABLE t (a INT); CREATE TABLE u (a INT); CREATE TRIGGER r AFTER INSERT ON u BEGIN SELECT 1; END",
    ),
    Case::new(
        "full text search is left alone",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a, content = 't', content_rowid = 'id'); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO f (rowid, a) VALUES (NEW.id, NEW.a); END",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL); CREATE VIRTUAL TABLE f USING fts5 (a, content = 't', content_rowid = 'id'); CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO f (rowid, a) VALUES (NEW.id, NEW.a); END",
    )
    .keeps("INSERT INTO t VALUES (7, 'one two')", "SELECT rowid || a FROM f WHERE f MATCH 'two'"),
    Case::new(
        "row numbers for full text search stay",
        "CREATE TABLE t (a TEXT); CREATE VIRTUAL TABLE f USING fts5 (a, content = 't')",
        "CREATE TABLE t (a TEXT NOT NULL); CREATE VIRTUAL TABLE f USING fts5 (a, content = 't')",
    )
    .keeps(
        "INSERT INTO t (rowid, a) VALUES (70, 'one two'); INSERT INTO f (rowid, a) SELECT rowid, a FROM t",
        "SELECT rowid || a FROM f WHERE f MATCH 'two'",
    ),
    Case::new(
        "virtual tables come, with what writes to them",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT ''); CREATE VIRTUAL TABLE search USING fts5(a, content='t', content_rowid='id', tokenize = 'porter ascii');
         CREATE VIRTUAL TABLE \"r t\" USING rtree(id, x1, x2); CREATE VIEW v AS SELECT a FROM search;
         CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO search (rowid, a) VALUES (new.id, new.a); END",
    )
    .keeps("INSERT INTO t VALUES (1, 'x')", "SELECT a FROM t"),
    Case::new(
        "virtual table stays where its table is rebuilt",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE VIRTUAL TABLE search USING fts5(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO search (rowid, a) VALUES (new.id, new.a); END",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL); CREATE VIRTUAL TABLE search USING  FTS5(a); CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO search (rowid, a) VALUES (new.id, new.a); END",
    )
    .keeps("INSERT INTO t VALUES (1, 'word')", "SELECT a FROM search WHERE search MATCH 'word'")
    .never_by(&["VIRTUAL"]),
    Case::new(
        "virtual table changes and another goes",
        "CREATE VIRTUAL TABLE search USING fts5(a); CREATE VIRTUAL TABLE gone USING fts4(a); CREATE VIEW v AS SELECT a FROM search; CREATE TABLE u (b INT)",
        "CREATE VIRTUAL TABLE search USING fts5(a, b); CREATE VIEW v AS SELECT a FROM search; CREATE TABLE u (a INT, -- @renamed from=b\n c INT)",
    )
    .by(&["DROP TABLE search", "DROP TABLE gone"])
    .loses(),
    Case::new(
        "a full-text index over rows that get other numbers",
        "CREATE TABLE doc (id INT PRIMARY KEY, title TEXT); CREATE VIEW v AS SELECT title FROM doc;
        CREATE VIRTUAL TABLE search USING fts5 (title, content='doc');
        CREATE TRIGGER i AFTER INSERT ON doc BEGIN INSERT INTO search (rowid, title) VALUES (new.rowid, new.title); END",
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT); CREATE VIEW v AS SELECT title FROM doc;
        CREATE VIRTUAL TABLE search USING fts5 (title, content='doc');
        CREATE TRIGGER i AFTER INSERT ON doc BEGIN INSERT INTO search (rowid, title) VALUES (new.rowid, new.title); END",
    )
    .keeps(
        "INSERT INTO doc (rowid, id, title) VALUES (10, 5, 'aa'), (20, 9, 'bb')",
        "SELECT group_concat(id || doc.title) FROM doc, search WHERE search.rowid = doc.rowid AND search MATCH 'aa OR bb'",
    )
    .by(&["INSERT INTO search (search) VALUES ('rebuild')"]),
    Case::new(
        "a full-text index over rows that may get other texts",
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT); CREATE VIRTUAL TABLE search USING fts5 (title, content=doc)",
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT NOT NULL); CREATE VIRTUAL TABLE search USING fts5 (title, content=doc)",
    )
    .by(&["INSERT INTO search (search) VALUES ('rebuild')"]),
    Case::new(
        "a full-text index over rows that keep their numbers and texts",
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT); CREATE VIRTUAL TABLE search USING fts5 (title, content=doc)",
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, title TEXT, CHECK (id > 0)); CREATE VIRTUAL TABLE search USING fts5 (title, content=doc)",
    )
    .never_by(&["'rebuild'"]),
];
