use std::path::Path;

use super::revisions::{python, write};
use crate::failure::Failure;

/// Alembic's environment, as `alembic init` makes it but for the place of the URL.
const ENVIRONMENT: &str = "\
import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ['ALEMBIC_URL'], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
";

/// Writes the revisions, which are `(up, down)`, as Alembic's scripts.
pub(super) fn write_all(folder: &Path, all: &[[String; 2]]) -> Result<(), Failure> {
    let versions = folder.join("versions");
    std::fs::create_dir_all(&versions).map_err(Failure::system("making a folder"))?;
    write(&folder.join("env.py"), ENVIRONMENT)?;
    write(&folder.join("alembic.ini"), "[alembic]\nscript_location = %(here)s\n")?;
    for (number, [up, down]) in all.iter().enumerate() {
        let (id, before) = (name(number), number.checked_sub(1).map(name));
        let before = before.map_or_else(|| "None".to_owned(), |before| python(&before));
        let script = format!(
            "from alembic import op\n\nrevision = {}\ndown_revision = {before}\n\n\n\
             def upgrade():\n    op.execute({})\n\n\ndef downgrade():\n    op.execute({})\n",
            python(&id),
            python(up),
            python(down),
        );
        write(&versions.join(format!("{id}.py")), &script)?;
    }
    Ok(())
}

fn name(number: usize) -> String {
    format!("r{number:05}")
}

/// The URL as `SQLAlchemy` wants it, with the driver's name.
pub(crate) fn url(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or((url, ""));
    match scheme {
        "mysql" => format!("mysql+pymysql://{rest}"),
        "postgres" => format!("postgresql+psycopg2://{rest}"),
        // An absolute path has a slash of its own.
        _ => format!("{scheme}:///{rest}"),
    }
}
