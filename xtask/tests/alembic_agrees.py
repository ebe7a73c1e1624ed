#!/usr/bin/env python3
"""docs/alembic-to-sqlx.py, held against Alembic itself.

    python alembic_agrees.py MIGRATE URL…      with the Python of an environment that has Alembic

MIGRATE is the program, a URL names an empty SQLite file or a server (its database is not touched).
A project with several roots, a label, a dependency, a merge with content, an autocommit_block() and
texts that are easily spoiled is applied by Alembic to one database, and its converted files by MIGRATE
to another: schemas and rows have to be the same, up and down.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import sqlalchemy as sa

CONVERTER = pathlib.Path(__file__).resolve().parents[2] / "docs/alembic-to-sqlx.py"
SPOILED = "a;\n\n-- x\nINSERT INTO alembic_version;\tb \\ 100% 'q' /* c */ :n"
ENV = """
from alembic import context
import sqlalchemy as sa
url = context.config.get_main_option("sqlalchemy.url")
if context.is_offline_mode():
    context.configure(url=url)      # without literal_binds, to make it hard
    with context.begin_transaction():
        context.run_migrations()
else:
    with sa.create_engine(url).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
"""
HEAD = f"""
import sqlalchemy as sa
from alembic import op
SPOILED = {SPOILED!r}
def engine():
    return op.get_context().dialect.name.replace("mariadb", "mysql")
notes = sa.table("notes", sa.column("id", sa.Integer), sa.column("body", sa.Text))
"""

# Name, date, what it builds upon, further attributes, upgrade, downgrade.
PROJECT = [
    ("a1", "2024-03-01 10:00:00", None, "", """
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", sa.Text, nullable=False), sa.Column("state", sa.String(9), server_default="new;--"))
    op.bulk_insert(notes, [{"id": 1, "body": SPOILED}, {"id": 2, "body": "alembic_version"}])
    op.get_bind().execute(sa.text("INSERT INTO notes (id, body) VALUES (:id, :body)"), {"id": 3, "body": SPOILED})
    """, 'op.drop_table("notes")'),
    ("a2", "2024-03-01 09:00:00+02:00", "a1", "", """
    op.add_column("notes", sa.Column("n", sa.Integer, nullable=True))
    op.create_index("notes_state", "notes", ["state"])
    op.execute("INSERT INTO notes (id, body) VALUES (4, 'x;\\n\\n-- y\\nDELETE FROM alembic_version;') -- last")
    op.execute("-- phase: contract\\nUPDATE notes SET n = 1 /* ; */ WHERE id = 1;")
    """, """
    op.execute("DELETE FROM notes WHERE id = 4")
    op.drop_index("notes_state", table_name="notes")
    op.drop_column("notes", "n")
    """),
    ("b1", "2024-03-02 10:00:00", None, "branch_labels = ('shop',)", """
    op.create_table("shops", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind",
        sa.Enum("small", "big", name="kind"), nullable=False), sa.UniqueConstraint("kind", name="one_kind"))
    """, """
    op.drop_table("shops")
    if engine() == "postgresql":
        op.execute("DROP TYPE kind")
    """),
    ("b2", "2024-03-03 10:00:00", "b1", "depends_on = ('a2',)", """
    op.execute("INSERT INTO shops (id, kind) SELECT id, 'small' FROM notes WHERE n = 1")
    """, 'op.execute("DELETE FROM shops")'),
    ("a3", "2024-03-04 10:00:00", "a2", "", """
    if engine() == "postgresql":
        op.execute("CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$\\nDECLARE\\n\\tx text;\\nBEGIN\\n"
                   "  -- a comment;\\n\\n-- another\\n  x := 'alembic_version';\\n\\n  RETURN x;\\nEND $$")
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY notes_n ON notes (n)")
            op.execute("ALTER TYPE kind ADD VALUE 'huge'")
    elif engine() == "mysql":
        op.execute("CREATE TRIGGER t BEFORE INSERT ON notes FOR EACH ROW BEGIN\\n"
                   "  -- a comment;\\n\\n  SET NEW.n = 7;\\n\\nEND")
    else:
        with op.get_context().autocommit_block():
            op.execute("VACUUM")
        op.execute("CREATE TRIGGER t AFTER INSERT ON notes BEGIN\\n  -- a comment;\\n\\n"
                   "  UPDATE notes SET n = 7 WHERE id = NEW.id;\\n\\nEND")
    """, """
    if engine() == "postgresql":
        op.execute("DROP FUNCTION f()")
        op.drop_index("notes_n", table_name="notes")
    else:
        op.execute("DROP TRIGGER t")
    """),
    ("m1", "2023-01-01 10:00:00", ("a3", "b2"), "", """
    copy = sa.Table("shops", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(9), nullable=False))
    if engine() == "sqlite":
        with op.batch_alter_table("shops", copy_from=copy) as batch:
            batch.add_column(sa.Column("more", sa.String(20)))
    else:
        op.add_column("shops", sa.Column("more", sa.String(20)))
    op.execute(sa.table("shops", sa.column("more", sa.String)).update().values(more="it's\\t%"))
    op.execute("INSERT INTO notes (id, body) VALUES (9, 'alembic_version')")
    """, """
    op.execute("DELETE FROM notes WHERE id = 9")
    op.drop_column("shops", "more")
    """),
    ("c1", "2024-03-05 10:00:00", "m1", "", "pass", "pass"),
    ("c2", "2024-03-06 10:00:00", "m1", "", 'op.execute("INSERT INTO notes (id, body) VALUES (10, \'c2\')")',
     "raise NotImplementedError('no way back')"),
]


def write_project(folder, url, revisions):
    versions = folder / "alembic/versions"
    versions.mkdir(parents=True)
    (folder / "alembic.ini").write_text(f"[alembic]\nscript_location = alembic\nsqlalchemy.url = {url}\n")
    (folder / "alembic/env.py").write_text(ENV)
    for name, date, parents, more, up, down in revisions:
        (versions / f"{name}.py").write_text(
            f'"""Make {name}\n\nCreate Date: {date}\n"""\n{HEAD}\nrevision = {name!r}\ndown_revision = {parents!r}\n'
            f"{more}\ndef upgrade():\n    {up.strip()}\ndef downgrade():\n    {down.strip()}\n"
        )


def run(*command, folder, fails=False, **variables):
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env={**os.environ, **variables}, text=True, capture_output=True
    )
    if (done.returncode != 0) != fails:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def convert(folder, *arguments, fails=False):
    return run(sys.executable, CONVERTER, *arguments, folder=folder, fails=fails)


def engine_of(url):
    for scheme, driver in (("sqlite:", "sqlite:///"), ("mysql:", "mysql+pymysql:"), ("postgres:", "postgresql+psycopg2:")):
        if url.startswith(scheme):
            return sa.create_engine(driver + url.removeprefix(scheme))
    sys.exit(f"unknown URL {url}")


def databases(url, work):
    """The URLs of two empty databases, and what removes them."""
    if url.startswith("sqlite:"):
        return [f"sqlite:{work / name}.db" for name in ("alembic", "converted")], lambda: None
    server = engine_of(url).execution_options(isolation_level="AUTOCOMMIT")
    names = [f"alembic_agrees_{os.getpid()}_{number}" for number in (1, 2)]

    def every(command):
        with server.connect() as connection:
            for name in names:
                connection.execute(sa.text(f"{command} {name}"))

    every("CREATE DATABASE")
    return [url.rsplit("/", 1)[0] + "/" + name for name in names], lambda: every("DROP DATABASE IF EXISTS")


def state(migrate, url, folder):
    """The schema and all rows, without the tables of Alembic and of the runner."""
    engine = engine_of(url)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        tables = sorted(name for name in names if not name.startswith(("_sqlx", "_migrate", "alembic_")))
        rows = {name: sorted(map(repr, connection.execute(sa.text(f"SELECT * FROM {name}")))) for name in tables}
    engine.dispose()
    # White space: Alembic prints to SQLite otherwise than it executes.
    printed = run(migrate, "schema", folder=folder, DATABASE_URL=url).stdout
    # Alembic's sessions have another sql_mode than the runner's, which triggers keep: it is said around them.
    printed = re.sub(r"^SET (@previous_)?sql_mode = .*\n\n?", "", printed, flags=re.MULTILINE).rstrip()
    return " ".join(printed.split()) if url.startswith("sqlite:") else printed, rows


def agree(migrate, url):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (by_alembic, by_migrate), remove = databases(url, work)
        try:
            write_project(work, engine_of(by_alembic).url.render_as_string(hide_password=False), PROJECT)
            convert(work, "out")
            for command, theirs, own in (
                ("upgrade", "m1", "make_m1"), ("downgrade", "base", "base"), ("upgrade", "heads", "heads")
            ):
                run(sys.executable, "-m", "alembic", command, theirs, folder=work)
                run(migrate, command, own, "--dir", "out", folder=work, DATABASE_URL=by_migrate)
                one, other = (state(migrate, database, work) for database in (by_alembic, by_migrate))
                if one != other:
                    sys.exit(f"{url}: after {command} {theirs}, Alembic has\n{one}\nand the files make\n{other}")
            printed = run(migrate, "heads", "--dir", "out", "--output", "json", folder=work).stdout
            names = sorted(head["name"] for head in json.loads(printed)["heads"])
            check(names == ["make_c1", "make_c2"], f"{url}: the heads are {names}")
            notes = one[1]["notes"]
            check(len(notes) == 6 and sum(repr(SPOILED) in row for row in notes) == 2, f"{url}: {notes}")
        finally:
            remove()


def heads_are_right():
    """The directives, by the name of the revision."""
    expected = {
        "a1": "", "a2": "", "b1": "-- revises: base\n-- branch: shop\n",
        "b2": "-- depends-on: {a2}\n",
        "a3": "-- no-transaction\n-- revises: {a2}\n", "m1": "-- revises: {b2}, {a3}\n",
        "c1": "", "c2": "-- revises: {m1}\n",
    }
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        write_project(work, "sqlite:///x.db", PROJECT)
        files = [pathlib.Path(work, line) for line in convert(work, "out").stdout.split()]
        versions = {path.name.split(".")[0][-2:]: path.name.split("_")[0] for path in files}
        for path in files:
            name = path.name.split(".")[0][-2:]
            head = path.read_text().split("/*")[0]
            wanted = expected[name].format(**versions) if ".down." not in path.name else ""
            check(head == wanted, f"{path.name} begins with {head!r} instead of {wanted!r}")
        check(versions["a2"] > versions["a1"], "a parent has a higher version than its child")
        check((work / f"out/{versions['c2']}_make_c2.sql").exists(), "c2 has a way back")
        before = sorted((path.name, path.read_bytes()) for path in files)
        again = convert(work, "out", fails=True)
        check("has migrations already" in again.stderr, again.stderr)
        check(before == sorted((path.name, path.read_bytes()) for path in (work / "out").iterdir()), "overwritten")


def refusals_are_one_line():
    """A revision that cannot be printed is named, and nothing is written."""
    for body in (
        'for row in op.get_bind().execute(sa.text("SELECT 1")): pass',
        'if op.get_bind().execute(sa.text("SELECT 1")).scalar(): pass',
        "sa.inspect(op.get_bind())",
        'with op.batch_alter_table("t") as batch: batch.drop_column("c")',
        'op.execute("DELETE FROM alembic_version; DELETE FROM t")',
        "raise SystemExit(0)",
        "raise NotImplementedError()",
    ):
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            start = ("s1", "2024-01-01 00:00:00", None, "", 'op.execute("SELECT 1")', "pass")
            write_project(work, "sqlite:///x.db", [start, ("s2", "2024-01-02 00:00:00", "s1", "", body, "pass")])
            done = convert(work, "out", fails=True)
            one_line = done.stderr.count("\n") == 1 and "s2" in done.stderr and "--by-hand s2" in done.stderr
            check(done.returncode == 1 and one_line, f"{body}: {done.returncode} {done.stderr}")
            names = sorted(path.name for path in work.iterdir())
            check(names == ["alembic", "alembic.ini"], f"{body}: {names}")
            convert(work, "out", "--by-hand", "s2")
            text = (work / "out/20240102000000_make_s2.up.sql").read_text()
            check("write this revision by hand" in text, text)
    with tempfile.TemporaryDirectory() as work:
        done = convert(work, "out", fails=True)
        check(done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr)


def check(holds, otherwise):
    if not holds:
        sys.exit(otherwise)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    heads_are_right()
    refusals_are_one_line()
    for url in sys.argv[2:]:
        agree(pathlib.Path(sys.argv[1]).resolve(), url)
        print(f"{url.split(':')[0]}: Alembic and the converted files agree, up and down")
