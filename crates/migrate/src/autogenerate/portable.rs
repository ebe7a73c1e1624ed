use artisan_schema::ddl::Script;

use crate::{Engine, Event, Observer};

/// Tells of constraints whose names one of `MySQL` and `MariaDB` has made: the other gives others, and takes the
/// same file only if they are named.
pub(super) fn tell(engine: Engine, scripts: &[Script], observer: &Observer) {
    if !matches!(engine, Engine::MySql | Engine::MariaDb) {
        return;
    }
    let mut names: Vec<&str> = Vec::new();
    for script in scripts {
        let statements = script.up.iter().chain(&script.down);
        names.extend(statements.flat_map(|one| made_names(&one.sql)));
    }
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return;
    }
    let message = format!(
        "{} named {} itself, and MySQL and MariaDB do it differently: where one folder serves both, name the check \
         in the files and in the desired schema (CONSTRAINT name CHECK ...)",
        engine.name(),
        names.join(", ")
    );
    observer.tell(&Event::Noticed { message });
}

/// `t_chk_1` as `MySQL` names a check, `CONSTRAINT_1` as `MariaDB` does.
fn made_names(sql: &str) -> impl Iterator<Item = &str> {
    let words = sql.split(|one: char| !one.is_alphanumeric() && one != '_');
    words.filter(|word| {
        let number = word.rsplit_once("_chk_").map(|(_, number)| number);
        let number = number.or_else(|| word.strip_prefix("CONSTRAINT_"));
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_servers_make_are_found() {
        let sql = "ALTER TABLE t DROP CONSTRAINT t_chk_12, ADD CONSTRAINT `CONSTRAINT_1` CHECK (a_chk > 1)";
        assert_eq!(made_names(sql).collect::<Vec<_>>(), ["t_chk_12", "CONSTRAINT_1"]);
        assert_eq!(made_names("ADD CONSTRAINT t_chk CHECK (CONSTRAINT_x > 1)").count(), 0);
    }
}
