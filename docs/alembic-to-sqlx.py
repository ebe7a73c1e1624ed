#!/usr/bin/env python3
"""Writes Alembic's revisions as sqlx files, by Alembic's own offline mode.

Run it where alembic.ini lies:  python3 alembic-to-sqlx.py DIR
Versions are the times of the revisions in UTC; parents become `-- revises:` where the graph
branches. Revisions that read from the database cannot be printed: Alembic says so.
"""

import datetime
import io
import pathlib
import re
import sys
from contextlib import redirect_stderr

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

BOOKKEEPING = re.compile(r"\balembic_version\b", re.IGNORECASE)
COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)


def printed(config, run, step):
    """What Alembic prints for one step, without its own table, BEGIN and COMMIT."""
    config.output_buffer = io.StringIO()
    with redirect_stderr(io.StringIO()):
        run(config, step, sql=True)
    # A statement ends with a semicolon at a line's end, followed by an empty line.
    statements = re.split(r";\n\n", config.output_buffer.getvalue() + "\n\n")
    kept = []
    for statement in statements:
        text = COMMENT.sub("", statement).strip()
        if text and text.upper() not in ("BEGIN", "COMMIT") and not BOOKKEEPING.search(text):
            kept.append(text.rstrip(";") + ";\n")
    return "".join(kept)


def version(revision, taken):
    """YYYYMMDDHHMMSS of the revision's `Create Date`, one second later than its parents at least."""
    found = re.search(r"Create Date: (\S+ \S+)", revision.longdoc or "") or re.search(
        r"Create Date: (\S+ \S+)", pathlib.Path(revision.path).read_text(encoding="utf-8")
    )
    when = datetime.datetime.fromisoformat(found.group(1)) if found else datetime.datetime(2000, 1, 1)
    number = int(when.strftime("%Y%m%d%H%M%S"))
    return max([number] + [other + 1 for other in taken.values()])


def main(folder):
    config = Config("alembic.ini")
    script = ScriptDirectory.from_config(config)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    versions, newest = {}, None
    for revision in reversed(list(script.walk_revisions())):
        parents = revision._all_down_revisions
        number = version(revision, versions)
        versions[revision.revision] = number
        before = revision.down_revision
        before = before[0] if isinstance(before, tuple) else before or "base"
        slug = re.sub(r"[^a-z0-9]+", "_", (revision.doc or "revision").lower()).strip("_")[:40]
        numbers = sorted(versions[parent] for parent in parents)
        is_linear = numbers == ([newest] if newest else [])
        head = "" if is_linear or not numbers else f"-- revises: {', '.join(map(str, numbers))}\n"
        merge = len(parents) > 1
        up = "" if merge else printed(config, command.upgrade, f"{before}:{revision.revision}")
        down = "" if merge else printed(config, command.downgrade, f"{revision.revision}:{before}")
        for kind, text in (("up", head + up), ("down", down)):
            path = folder / f"{number}_{slug}.{kind}.sql"
            path.write_text(text or "-- nothing\n", encoding="utf-8", newline="\n")
            print(path)
        newest = number


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
