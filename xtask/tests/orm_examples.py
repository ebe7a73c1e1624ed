#!/usr/bin/env python3
"""The examples of docs/autogenerate.md with the models of an ORM, as its readers run them.

    python orm_examples.py MIGRATE DRIZZLE URL      with the Python of an environment that has SQLAlchemy

MIGRATE is the program, DRIZZLE the folder into which npm installed drizzle-kit and drizzle-orm; the URL names an
engine's server, whose database is not touched, or is sqlite:. The first models have to become one revision, and
changed ones a second, which has the change alone; nothing may be left to generate after either.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import sqlalchemy as sa

PRINTER = pathlib.Path(__file__).resolve().parents[2] / "docs/sqlalchemy-ddl.py"

SQLALCHEMY = """
import enum
from sqlalchemy import CheckConstraint, Column, Enum, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase

class Base(DeclarativeBase):
    pass

class Kind(enum.Enum):
    novel = 1
    poem = 2

class Author(Base):
    __tablename__ = "authors"
    id = Column(Integer, primary_key=True)
    email = Column(String(200), nullable=False, unique=True, comment="50% of them: %s")

class Book(Base):
    __tablename__ = "books"
    id = Column(Integer, primary_key=True)
    title = Column(String(200), nullable=False, server_default="100%")
    kind = Column(Enum(Kind, name="kind"), nullable=False)
    author_id = Column(ForeignKey("authors.id", name="books_author"), nullable=False)
    #MORE
    __table_args__ = (Index("books_title", "title"), CheckConstraint("title <> '%'", name="books_named"))
"""
SQLALCHEMY_MORE = "pages = Column(Integer)"

DRIZZLE = """
import { index, integer as integer_, TABLE, text } from "drizzle-orm/CORE";

export const authors = TABLE("authors", {
  id: integer_("id").primaryKey(),
  name: text("name").notNull(),
});

export const books = TABLE("books", {
  id: integer_("id").primaryKey(),
  title: text("title").notNull().default("100%"),
  authorId: integer_("author_id").notNull().references(() => authors.id),
  //MORE
}, (table) => [index("books_author").on(table.authorId)]);
"""
DRIZZLE_MORE = 'pages: integer_("pages"),'
# By the engine's scheme: the dialect, the module, the function that declares a table, the one of a whole number.
DIALECTS = {
    "sqlite": ("sqlite", "sqlite-core", "sqliteTable", "integer"),
    "mysql": ("mysql", "mysql-core", "mysqlTable", "int"),
    "postgres": ("postgresql", "pg-core", "pgTable", "integer"),
}


def sqlalchemy_example(scheme, _drizzle, folder):
    """The file of the models, both states of it, and the command that prints them."""
    dialect = {"postgres": "postgresql"}.get(scheme, scheme)
    states = [SQLALCHEMY.replace("#MORE", more) for more in ("", SQLALCHEMY_MORE)]
    return folder / "models.py", states, f"'{sys.executable}' '{PRINTER}' models:Base.metadata {dialect}"


def drizzle_example(scheme, drizzle, folder):
    """The same of drizzle, which looks for its packages from the folder of the models on."""
    (folder / "node_modules").symlink_to(drizzle / "node_modules")
    dialect, module, table, integer = DIALECTS[scheme]
    models = DRIZZLE.replace("integer as integer_", f"{integer} as integer_").replace("TABLE", table)
    states = [models.replace("CORE", module).replace("//MORE", more) for more in ("", DRIZZLE_MORE)]
    command = f"npx drizzle-kit export --dialect {dialect} --schema schema.ts | sed '/^Reading schema/,/^$/d'"
    return folder / "schema.ts", states, command


def follow(migrate, url, folder, example):
    models, (first, second), printer = example
    models.write_text(first)

    def run(*words, code=0):
        command = [migrate, *words, "--dir", "migrations"]
        done = subprocess.run(command, cwd=folder, env={**os.environ, "DATABASE_URL": url},
                              text=True, capture_output=True)
        if done.returncode != code:
            sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def up_files():
        return sorted(folder.glob("migrations/*.up.sql"))

    def revise(message, version):
        run("revision", "--autogenerate", "-m", message, "--rev-id", version, "--desired-cmd", printer)
        run("upgrade", "head")
        run("check", "--desired-cmd", printer)
        before = up_files()
        run("revision", "--autogenerate", "-m", "nothing", "--desired-cmd", printer)
        check(up_files() == before, f"{url}: a revision was made of nothing")
        return before

    run("init")
    files = revise("first tables", "20270101120000")
    check(len(files) == 1 and "100%'" in files[0].read_text(), f"{url}: {files}")
    models.write_text(second)
    run("check", "--desired-cmd", printer, code=9)
    files = revise("count pages", "20270101130000")
    check(len(files) == 2, f"{url}: {files}")
    change = files[1].read_text()
    alone = "pages" in change and not any(other in change for other in ("CREATE TABLE", "authors", "title", "INDEX"))
    check(alone, f"{url}: the second revision is\n{change}")


def check(holds, otherwise):
    if not holds:
        sys.exit(otherwise)


def with_database(url, folder, use):
    """Calls with the URL of a new database, and removes it."""
    if url.startswith("sqlite:"):
        return use(f"sqlite:{folder / 'app.db'}")
    driver = {"mysql": "mysql+pymysql", "postgres": "postgresql+psycopg2"}[url.partition(":")[0]]
    server = sa.create_engine(driver + ":" + url.partition(":")[2]).execution_options(isolation_level="AUTOCOMMIT")
    name = f"orm_examples_{os.getpid()}"

    def execute(sql):
        with server.connect() as connection:
            connection.execute(sa.text(sql))

    execute(f"CREATE DATABASE {name}")
    try:
        return use(url.rsplit("/", 1)[0] + "/" + name)
    finally:
        execute(f"DROP DATABASE {name}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    migrate, drizzle = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    scheme = sys.argv[3].partition(":")[0]
    for name, example in (("SQLAlchemy", sqlalchemy_example), ("drizzle", drizzle_example)):
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            made = example(scheme, drizzle, work)
            with_database(sys.argv[3], work, lambda url: follow(migrate, url, work, made))
        print(f"{scheme}: the models of {name} become two revisions, and nothing is left to generate")
