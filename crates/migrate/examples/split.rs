//! Cuts texts for `cargo xtask split-corpus`: `split ENGINE FILE`, where the file is a JSON array of
//! texts; prints an array of the statements of each one, with their lines.

use std::error::Error;

use artisan_migrate::Engine;
use artisan_migrate::split::split;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let engine = parse_engine(&arguments.next().unwrap_or_default())?;
    let file = std::fs::read(arguments.next().ok_or("usage: split ENGINE FILE")?)?;
    let texts: Vec<String> = serde_json::from_slice(&file)?;
    let statements: Vec<_> = texts.iter().map(|text| statements(engine, text)).collect();
    serde_json::to_writer(std::io::stdout().lock(), &statements)?;
    Ok(())
}

fn parse_engine(name: &str) -> Result<Engine, String> {
    match name {
        "sqlite" => Ok(Engine::Sqlite),
        "mariadb" => Ok(Engine::MariaDb),
        "mysql" => Ok(Engine::MySql),
        "postgres" => Ok(Engine::Postgres),
        _ => Err(format!("no engine is named {name:?}")),
    }
}

fn statements(engine: Engine, text: &str) -> Vec<(usize, &str)> {
    let pieces = split(engine, text).into_iter();
    let statements = pieces.filter(|piece| !piece.statement.is_empty());
    statements.map(|piece| (piece.line, piece.statement)).collect()
}
