#!/usr/bin/env python3
"""Writes Alembic's revisions as sqlx files, by Alembic's own offline mode.

Run it where alembic.ini lies:  python3 alembic-to-sqlx.py DIR [--by-hand REVISION …]
Either all files are written, or none and one line says why. Versions are the times of the revisions
in UTC, moved where needed so that parents and dependencies come first. A revision that reads from the
database cannot be printed: `--by-hand REVISION` writes files for it that fail until you fill them.
"""

import argparse
import contextlib
import datetime
import heapq
import io
import pathlib
import re
import sys
import tempfile

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import HeadMaintainer, MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.schema import DDLElement
from sqlalchemy.sql.dml import Insert

CREATED = re.compile(r"^Create Date: (\S+ \S+)", re.MULTILINE)
TARGETS = r"""(?:\s|--[^\n]*\n|/\*.*?\*/)*
    (?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|(?:CREATE|ALTER|DROP|TRUNCATE)\s+TABLE|TRUNCATE)
    (?:\s+IF\s+EXISTS|\s+IF\s+NOT\s+EXISTS|\s+ONLY)*\s+
    (?:["`]?\w+["`]?\.)?["`]?{}(?!\w)"""
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")

# Which revisions are applied is the runner's to record.
HeadMaintainer.update_to_step = lambda self, step: None


class Unprintable(Exception):
    """What has no place in an SQL file."""


class NoResult:
    """What a statement gives that is printed instead of executed: nothing that can be used."""

    def _refuse(self, *_):
        raise Unprintable("it reads from the database")

    __getattr__ = __iter__ = __bool__ = __len__ = __getitem__ = _refuse


class Printer:
    """Runs one way of one revision offline, and keeps each statement where Alembic would execute it."""

    def __init__(self, config, script, revision, is_upgrade):
        self.revision, self.is_upgrade = revision, is_upgrade
        self.statements, self.context = [], None
        self.autocommit, self.outside, self.within = False, False, False
        start = revision._all_down_revisions if is_upgrade else (revision.revision,)
        self.environment = EnvironmentContext(config, script, fn=self._steps, as_sql=True, starting_rev=start)
        self._configure = self.environment.configure
        self.environment.configure = self.configure

    def _steps(self, heads, context):
        way = MigrationStep.upgrade_from_script if self.is_upgrade else MigrationStep.downgrade_from_script
        return [way(context.script.revision_map, self.revision)]

    def configure(self, connection=None, **options):
        """`context.configure` of env.py."""
        if self.context is not None:
            raise Unprintable("env.py configures several databases: convert them one at a time")
        # Without these two, Alembic prints placeholders for values, and doubles percent signs.
        options["literal_binds"] = True
        options["dialect_opts"] = {**(options.get("dialect_opts") or {}), "paramstyle": "named"}
        options["output_buffer"] = io.StringIO()
        if connection is not None:  # an env.py that knows no offline mode
            options["dialect_name"] = connection.dialect.name
        self._configure(None, **options)
        self.context = context = self.environment.get_context()
        if context.dialect.name == "postgresql":
            context.dialect._backslash_escapes = False  # as every server since 9.1 has it
        self.version_table = re.compile(
            TARGETS.format(re.escape(context.version_table)), re.IGNORECASE | re.VERBOSE | re.DOTALL
        )
        context.impl._exec = self._keep
        context.connection._execute_impl = self._execute
        block = context.autocommit_block

        @contextlib.contextmanager
        def autocommit_block():
            self.autocommit = self.within = True
            with block():
                yield
            self.within = False

        context.autocommit_block = autocommit_block

    def _execute(self, construct, parameters=None, *_, **__):
        """`op.get_bind().execute(…)`, of which Alembic would lose the parameters."""
        rows = parameters if isinstance(parameters, (list, tuple)) else [parameters]
        for row in rows:
            if not row:
                self._keep(construct)
            elif isinstance(construct, Insert):
                self._keep(construct.values(**row))
            elif hasattr(construct, "bindparams"):
                self._keep(construct.bindparams(**row))
            else:
                raise Unprintable("it executes a statement with parameters")
        return NoResult()

    def _keep(self, construct, execution_options=None, multiparams=None, params=None):
        if multiparams or params:
            raise Unprintable("it executes a statement with parameters")
        if isinstance(construct, str):
            construct = text(construct)
        options = {} if isinstance(construct, DDLElement) else {"compile_kwargs": {"literal_binds": True}}
        # Not Alembic's own rendering, which makes four spaces of a tab.
        statement = str(construct.compile(dialect=self.context.dialect, **options)).strip()
        if self.version_table.match(statement):
            if ";" in statement.rstrip("; \n"):
                raise Unprintable("it changes Alembic's table among other statements")
            return NoResult()
        self.outside |= not self.within
        self.statements.append(statement)
        return NoResult()

    def text(self):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            with self.environment:
                self.environment.script.run_env()
        return "".join(map(ended, self.statements))


def ended(statement):
    """The statement and its semicolon, which must not fall into a comment."""
    last = QUOTED.sub("", statement.rsplit("\n", 1)[-1])
    if "--" in last or "#" in last:
        return statement + "\n;\n"
    return statement + ("\n" if statement.endswith(";") else ";\n")


def created(revision):
    """When the revision was made, in UTC."""
    source = pathlib.Path(revision.path).read_text(encoding="utf-8")
    found = CREATED.search(revision.longdoc or "") or CREATED.search(source)
    try:
        when = datetime.datetime.fromisoformat(found.group(1))
    except (AttributeError, ValueError):
        return datetime.datetime(2000, 1, 1)
    if when.tzinfo:
        when = when.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return when.replace(microsecond=0)


def in_order(revisions):
    """Each revision with its version, behind all that it builds upon, else by time."""
    waiting = {revision.revision: set(revision._all_down_revisions) for revision in revisions}
    ready = [(created(revision), revision.revision, revision) for revision in revisions]
    free = [entry for entry in ready if not waiting[entry[1]]]
    heapq.heapify(free)
    last = datetime.datetime.min
    while free:
        when, name, revision = heapq.heappop(free)
        last = max(when, last + datetime.timedelta(seconds=1))
        yield int(last.strftime("%Y%m%d%H%M%S")), revision
        for entry in ready:
            if name in waiting[entry[1]]:
                waiting[entry[1]].remove(name)
                if not waiting[entry[1]]:
                    heapq.heappush(free, entry)


def head(revision, versions, ancestors, newest):
    """The directives of the up file; `versions` has what comes before it."""

    def numbers(names):
        # One that is part of another adds nothing, and the runner refuses it as a parent.
        kept = [name for name in names if not any(name in ancestors[other] for other in names)]
        return sorted(versions[name] for name in kept)

    parents = numbers(revision._versioned_down_revisions)
    depends_on = sorted(versions[name] for name in revision._resolved_dependencies)
    lines = []
    if parents != ([newest] if newest else []):
        lines.append(f"-- revises: {', '.join(map(str, parents)) or 'base'}\n")
    if depends_on:
        lines.append(f"-- depends-on: {', '.join(map(str, depends_on))}\n")
    return "".join(lines + [f"-- branch: {label}\n" for label in revision._orig_branch_labels])


def scripts(config, script, revision, directives, by_hand):
    """The texts of the up file and of the down file, which is None where there is no way back."""
    # This line also ends the head, so that no comment of a statement is read as a directive.
    origin = f"/* Alembic's revision {revision.revision} */\n"
    if by_hand:
        todo = f"write this revision by hand: {pathlib.Path(revision.path).name};\n"
        return directives + origin + todo, origin + todo
    texts = []
    for is_upgrade, first in ((True, directives), (False, "")):
        if not is_upgrade and not hasattr(revision.module, "downgrade"):
            return texts[0], None
        printer = Printer(config, script, revision, is_upgrade)
        try:
            body = printer.text()
        except NotImplementedError:
            if is_upgrade:
                raise
            print(f"{revision.revision}: it cannot be undone, its downgrade() says", file=sys.stderr)
            return texts[0], None
        if printer.autocommit:
            first = "-- no-transaction\n" + first
            if printer.outside:
                print(f"{revision.revision}: nothing of it is in a transaction, as it has an "
                      "autocommit_block(): split it if that matters", file=sys.stderr)
        texts.append(first + origin + body)
    return texts


def main(folder, by_hand):
    config = Config("alembic.ini")
    script = ScriptDirectory.from_config(config)
    if any(re.match(r"\d+_.*\.sql$", path.name) for path in folder.glob("*.sql")):
        sys.exit(f"{folder} has migrations already: name a new folder; nothing was written")
    by_hand = {script.get_revision(name).revision for name in by_hand}
    files, versions, ancestors, newest = {}, {}, {}, None
    for number, revision in in_order(list(script.walk_revisions())):
        name = revision.revision
        parents = revision._versioned_down_revisions
        ancestors[name] = set(parents).union(*(ancestors[parent] for parent in parents))
        if len(revision._orig_branch_labels) > 1:
            sys.exit(f"{revision.path}: a revision has one label: leave one; nothing was written")
        directives = head(revision, versions, ancestors, newest)
        try:
            up, down = scripts(config, script, revision, directives, name in by_hand)
        except (Exception, SystemExit) as error:
            why = " ".join(f"{type(error).__name__}: {error}".split())
            sys.exit(f"revision {name} ({revision.path}) cannot be printed as SQL ({why}): "
                     f"add `--by-hand {name}` and write its files yourself; nothing was written")
        slug = re.sub(r"\W+", "_", (revision.doc or "").lower()).strip("_")[:40] or "revision"
        stem = f"{number}_{slug}"
        files.update({f"{stem}.sql": up} if down is None else {f"{stem}.up.sql": up, f"{stem}.down.sql": down})
        versions[name] = newest = number
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".alembic-to-sqlx-") as temporary:
        for name, content in files.items():
            pathlib.Path(temporary, name).write_bytes(content.encode())
        folder.mkdir(exist_ok=True)
        for name in files:
            print(pathlib.Path(temporary, name).rename(folder / name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR", type=pathlib.Path)
    parser.add_argument("--by-hand", metavar="REVISION", action="append", default=[])
    arguments = parser.parse_args()
    try:
        main(arguments.folder, arguments.by_hand)
    except Exception as error:  # what alembic.ini or a script lacks, or a folder that cannot be written
        sys.exit(f"{type(error).__name__}: {' '.join(str(error).split())}; nothing was written")
