"""Prints the tables of SQLAlchemy models as SQL, for `migrate revision --autogenerate --desired-cmd`.

    python sqlalchemy-ddl.py MODULE:METADATA DIALECT

MODULE:METADATA names a MetaData, such as `app.models:Base.metadata` or, with Flask-SQLAlchemy,
`app:db.metadata`; DIALECT is sqlite, mysql, mariadb or postgresql. Nothing connects to a database.
"""

import importlib
import sys

from sqlalchemy import create_mock_engine


def find_metadata(target):
    """The object that `module:attribute.attribute` names."""
    module, _, path = target.partition(":")
    if not path:
        sys.exit(f"{target}: write MODULE:METADATA, such as app.models:Base.metadata")
    sys.path.insert(0, "")
    found = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    metadata = find_metadata(sys.argv[1])
    if not metadata.tables:
        sys.exit(f"{sys.argv[1]} has no tables: are all modules with models imported?")

    def emit(statement, *_args, **_options):
        print(str(statement.compile(dialect=engine.dialect)).strip() + ";\n")

    # Drivers whose parameters are written with % want every other % twice; a file of SQL does not.
    engine = create_mock_engine(f"{sys.argv[2]}://", emit, paramstyle="named")
    # Types, tables in the order of their references, indexes, comments.
    metadata.create_all(engine, checkfirst=False)


main()
