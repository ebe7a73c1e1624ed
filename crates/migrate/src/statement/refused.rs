use super::cursor::Cursor;
use super::{Class, Statement};
use crate::Engine;
use crate::split::{TokenKind, executed};

/// The first statement that would take the runner's lock, or its transactions, from under it, and
/// what to write instead.
pub(crate) fn refused<'s, 'a>(
    engine: Engine,
    statements: &'s [Statement<'a>],
) -> Option<(&'s Statement<'a>, &'static str)> {
    let own = statements.iter().find_map(|s| reason(engine, s).map(|reason| (s, reason)));
    own.or_else(|| undone_alone(engine, statements))
}

fn reason(engine: Engine, statement: &Statement<'_>) -> Option<&'static str> {
    let cursor = Cursor::new(engine, statement.sql);
    // What is only declared does not run.
    if cursor.peek().is_some_and(|token| token.is_word("CREATE")) {
        return None;
    }
    match engine {
        Engine::Sqlite => None,
        Engine::Postgres => postgres(statement.sql, cursor),
        Engine::MySql | Engine::MariaDb => {
            let in_comment = cursor.tokens().iter().find_map(|token| {
                let is_executed = token.kind == TokenKind::Executable;
                is_executed.then(|| mysql(Cursor::new(engine, executed(token.text)))).flatten()
            });
            in_comment.or_else(|| mysql(cursor))
        }
    }
}

fn postgres(sql: &str, mut cursor: Cursor<'_>) -> Option<&'static str> {
    if cursor.eat("DISCARD") && cursor.eat("ALL") {
        return Some(
            "DISCARD ALL would give back the lock that keeps other runners out: write RESET ALL, and \
             DISCARD PLANS, SEQUENCES or TEMP as needed",
        );
    }
    if cursor.eat("COPY") {
        return (cursor.has("STDIN") || cursor.has("STDOUT")).then_some(
            "COPY from STDIN or to STDOUT speaks with a client's input and output, of which a file has \
             none: write INSERT (`pg_dump --inserts`), or COPY a file of the server's",
        );
    }
    if cursor.eat("LISTEN") {
        return Some("nobody would read what LISTEN waits for: leave it out");
    }
    if cursor.eat("PREPARE") && cursor.eat("TRANSACTION") && !cursor.eat("AS") {
        return Some(
            "PREPARE TRANSACTION would leave the file, and that it is applied, to whoever says COMMIT \
             PREPARED later: leave it out, the runner commits",
        );
    }
    let runs_text = cursor.has("DO") && sql.to_lowercase().contains(UNLOCK_ALL);
    (runs_text || cursor.has(UNLOCK_ALL)).then_some(
        "pg_advisory_unlock_all would give back the lock that keeps other runners out: release your \
         own by pg_advisory_unlock",
    )
}

const UNLOCK_ALL: &str = "pg_advisory_unlock_all";

fn mysql(mut cursor: Cursor<'_>) -> Option<&'static str> {
    if cursor.eat("XA") && (cursor.eat("START") || cursor.eat("BEGIN")) {
        return Some(
            "an XA transaction shuts out the row that tells how far the file came: write START \
             TRANSACTION and COMMIT",
        );
    }
    if cursor.eat("BACKUP") {
        return cursor.eat("STAGE").then_some(
            "BACKUP STAGE would lock out the row that tells how far the file came, and every writer of the \
             server: leave it out",
        );
    }
    if cursor.eat("FLUSH") {
        return locks_on_flush(&mut cursor).then_some(
            "FLUSH TABLES with a lock would lock out the row that tells how far the file came, and without \
             names every writer of the server; leave it out: no UNLOCK TABLES would end it, since LOCK \
             TABLES and UNLOCK TABLES are passed over",
        );
    }
    cursor.has("RELEASE_ALL_LOCKS").then_some(
        "RELEASE_ALL_LOCKS would give back the lock that keeps other runners out: release your own by \
         RELEASE_LOCK",
    )
}

/// `FLUSH LOCAL TABLES a, b WITH READ LOCK`, `FLUSH TABLES a FOR EXPORT`
fn locks_on_flush(cursor: &mut Cursor<'_>) -> bool {
    let _ = cursor.eat("LOCAL") || cursor.eat("NO_WRITE_TO_BINLOG");
    if !(cursor.eat("TABLES") || cursor.eat("TABLE")) {
        return false;
    }
    match cursor.find(&["WITH", "FOR"]).as_deref() {
        Some("WITH") => cursor.eat("READ"),
        Some(_) => cursor.eat("EXPORT"),
        None => false,
    }
}

/// With autocommit off, a ROLLBACK undoes what no BEGIN began; the runner would have committed it.
fn undone_alone<'s, 'a>(
    engine: Engine,
    statements: &'s [Statement<'a>],
) -> Option<(&'s Statement<'a>, &'static str)> {
    let sets = |s: &Statement<'_>| {
        s.class == Class::Skipped && Cursor::new(engine, s.sql).has("AUTOCOMMIT")
    };
    let from = statements.iter().position(sets)?;
    let rest = statements.get(from..)?;
    let begins = rest.iter().any(|s| s.class == Class::Begin);
    let undoes = rest.iter().find(|s| s.class == Class::Rollback).filter(|_| !begins)?;
    Some((
        undoes,
        "it would undo what ran since autocommit was set to 0, which the runner has committed: write \
         START TRANSACTION where that begins",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::statements;

    fn line(engine: Engine, text: &str) -> Option<usize> {
        refused(engine, &statements(engine, text)).map(|(statement, _)| statement.line)
    }

    #[test]
    fn what_gives_the_lock_or_the_transaction_away_is_found() {
        assert_eq!(line(Engine::Postgres, "SELECT 1;\nDISCARD ALL"), Some(2));
        assert_eq!(line(Engine::Postgres, "SELECT pg_advisory_unlock_all()"), Some(1));
        let block = "DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$";
        assert_eq!(line(Engine::Postgres, block), Some(1));
        assert_eq!(line(Engine::Postgres, "copy p from stdin;\n1\n\\.\n"), Some(1));
        assert_eq!(line(Engine::Postgres, "COPY p FROM '/tmp/stdin'"), None);
        assert_eq!(line(Engine::Postgres, "DISCARD TEMP; SELECT 'DISCARD ALL'"), None);
        assert_eq!(line(Engine::Postgres, "SELECT 1;\nprepare transaction 'a'"), Some(2));
        assert_eq!(line(Engine::Postgres, "PREPARE transaction AS SELECT 1"), None);
        assert_eq!(line(Engine::MySql, "SELECT 1;\nxa begin 'a'"), Some(2));
        assert_eq!(line(Engine::MySql, "XA ROLLBACK 'a'"), None);
        let commented =
            "SELECT 1;\n/*!50000 DO RELEASE_ALL_LOCKS() */; DO /*!1 RELEASE_ALL_LOCKS*/ ()";
        assert_eq!(line(Engine::MySql, commented), Some(2));
        assert_eq!(line(Engine::MariaDb, "DO /*!1 RELEASE_ALL_LOCKS*/ ()"), Some(1));
        assert_eq!(line(Engine::MariaDb, "DO RELEASE_ALL_LOCKS()"), Some(1));
        let declared = "CREATE PROCEDURE p() BEGIN DO RELEASE_ALL_LOCKS(); END";
        assert_eq!(line(Engine::MariaDb, declared), None);
    }

    #[test]
    fn locks_on_all_tables_are_found() {
        assert_eq!(line(Engine::MariaDb, "SELECT 1;\nflush tables with read lock"), Some(2));
        assert_eq!(line(Engine::MySql, "FLUSH LOCAL TABLES a, b WITH READ LOCK"), Some(1));
        assert_eq!(line(Engine::MySql, "FLUSH TABLES a FOR EXPORT"), Some(1));
        assert_eq!(
            line(Engine::MySql, "FLUSH TABLES; FLUSH TABLES export, `lock`; FLUSH PRIVILEGES"),
            None
        );
        assert_eq!(line(Engine::MariaDb, "BACKUP STAGE START"), Some(1));
        assert_eq!(line(Engine::MySql, "LOCK INSTANCE FOR BACKUP"), None);
    }

    #[test]
    fn rollback_without_begin_is_found() {
        assert_eq!(
            line(Engine::MySql, "SET autocommit = 0; INSERT INTO a VALUES (1); COMMIT"),
            None
        );
        let undone = "SET autocommit = 0;\nINSERT INTO a VALUES (1);\nROLLBACK";
        assert_eq!(line(Engine::MySql, undone), Some(3));
        let block = "SET autocommit = 0; START TRANSACTION; DELETE FROM a; ROLLBACK";
        assert_eq!(line(Engine::MySql, block), None);
    }
}
