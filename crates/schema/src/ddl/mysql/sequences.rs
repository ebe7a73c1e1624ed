use super::text::name;
use crate::ddl::Statement;
use crate::model::{Kind, Name, Sequence};

pub(super) fn create(own: &Name, sequence: &Sequence) -> Statement {
    let comment = sequence.comment.as_deref().map(super::options::comment);
    let comment = comment.map(|comment| format!(" {comment}")).unwrap_or_default();
    let sql = format!("CREATE SEQUENCE {} {}{comment}", name(&own.local), counting(sequence));
    Statement {
        sql,
        change: "create sequence",
        kind: Kind::Sequence,
        object: own.clone(),
        loses: None,
    }
}

pub(super) fn drop(own: &Name) -> Statement {
    let sql = format!("DROP SEQUENCE {}", name(&own.local));
    let loses = Some(format!("what sequence {own} has counted to"));
    Statement { sql, change: "drop sequence", kind: Kind::Sequence, object: own.clone(), loses }
}

/// A comment belongs to the table that keeps the sequence.
pub(super) fn alter(own: &Name, from: &Sequence, to: &Sequence) -> Vec<Statement> {
    let statement = |sql| Statement {
        sql,
        change: "alter sequence",
        kind: Kind::Sequence,
        object: own.clone(),
        loses: None,
    };
    let mut statements = Vec::new();
    if counting(from) != counting(to) {
        let sql = format!("ALTER SEQUENCE {} {}", name(&own.local), counting(to));
        statements.push(statement(sql));
    }
    if from.comment != to.comment {
        let comment = super::options::comment(to.comment.as_deref().unwrap_or_default());
        statements.push(statement(format!("ALTER TABLE {} {comment}", name(&own.local))));
    }
    statements
}

fn counting(sequence: &Sequence) -> String {
    let Sequence { start, increment, minimum, maximum, cache, cycle, .. } = sequence;
    let cycle = if *cycle { "CYCLE" } else { "NOCYCLE" };
    format!(
        "START WITH {start} INCREMENT BY {increment} MINVALUE {minimum} MAXVALUE {maximum} \
         CACHE {cache} {cycle}"
    )
}
