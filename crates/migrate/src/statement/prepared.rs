use super::cursor::Cursor;
use super::variables::inner;
use super::{Class, Effect, Statement, Step, StepKind};
use crate::Engine;
use crate::split::TokenKind;

/// Joins what belongs to a prepared statement into one step: the variables that its text is put
/// together from, `PREPARE`, and each `EXECUTE` behind it. Another session has none of them.
pub(super) fn joined(engine: Engine, steps: Vec<Step<'_>>) -> Vec<Step<'_>> {
    let mut joined: Vec<Step<'_>> = Vec::new();
    for mut step in steps {
        if step.statements.first().is_some_and(|first| verb(engine, first) == "EXECUTE") {
            step.statements.splice(0..0, before(engine, &mut joined));
        }
        joined.push(step);
    }
    joined
}

/// Where the text of a prepared statement comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// It is written out.
    Text(String),
    /// A user variable has it, `@s`.
    Variable(String),
    Unknown,
}

/// The source of what the statement at this place of a step executes.
pub(crate) fn source(engine: Engine, step: &Step<'_>, at: usize) -> Source {
    let Some(statement) = step.statements.get(at) else { return Source::Unknown };
    let mut cursor = Cursor::new(engine, statement.sql);
    if !cursor.eat("EXECUTE") {
        return Source::Unknown;
    }
    if cursor.eat("IMMEDIATE") {
        return read_source(&mut cursor);
    }
    let name = cursor.name();
    let made = step.statements.iter().take(at).rev().find_map(|statement| {
        let mut cursor = Cursor::new(engine, statement.sql);
        (cursor.eat("PREPARE") && cursor.name() == name && cursor.eat("FROM"))
            .then(|| read_source(&mut cursor))
    });
    made.unwrap_or(Source::Unknown)
}

/// A string or a variable, and nothing behind it.
fn read_source(cursor: &mut Cursor<'_>) -> Source {
    match cursor.tokens() {
        [text] if text.kind == TokenKind::Text => Source::Text(inner(text.text).to_owned()),
        [at, name] if at.is_sign("@") => Source::Variable(format!("@{}", name.text)),
        _ => Source::Unknown,
    }
}

/// Takes what stands before an `EXECUTE` and belongs to it.
fn before<'a>(engine: Engine, steps: &mut Vec<Step<'a>>) -> Vec<Statement<'a>> {
    if let Some(other) = steps.pop_if(|last| executes(engine, last)) {
        return other.statements;
    }
    let belongs = |step: &Step<'_>| {
        let first = step.statements.first();
        step.kind == StepKind::Session && first.is_some_and(|s| is_prelude(engine, s))
    };
    let from = steps.iter().rposition(|step| !belongs(step)).map_or(0, |at| at + 1);
    let is_prepare = |step: &Step<'_>| step.statements.iter().any(|s| verb(engine, s) == "PREPARE");
    let Some(prepare) = steps.iter().skip(from).position(is_prepare) else { return Vec::new() };
    let lead: Vec<Statement<'a>> =
        steps.split_off(from + prepare).into_iter().flat_map(|step| step.statements).collect();
    let mut all = computed(engine, steps);
    all.extend(lead);
    all
}

/// Takes the variables that the last step computes at its end.
fn computed<'a>(engine: Engine, steps: &mut Vec<Step<'a>>) -> Vec<Statement<'a>> {
    let is_plain = |step: &&mut Step<'_>| step.kind == StepKind::Transaction(None);
    let Some(last) = steps.last_mut().filter(is_plain) else { return Vec::new() };
    let other = last.statements.iter().rposition(|s| verb(engine, s) != "SET");
    let computed = last.statements.split_off(other.map_or(0, |at| at + 1));
    if last.statements.is_empty() {
        steps.pop();
    }
    computed
}

fn executes(engine: Engine, step: &Step<'_>) -> bool {
    step.kind == StepKind::Autonomous(Effect::Routine(Vec::new()))
        && step.statements.last().is_some_and(|last| verb(engine, last) == "EXECUTE")
}

fn is_prelude(engine: Engine, statement: &Statement<'_>) -> bool {
    let sets_variable = || super::variables(engine, statement.sql).iter().any(|v| v.is_set);
    match verb(engine, statement).as_str() {
        "PREPARE" => true,
        "SET" => sets_variable(),
        _ => false,
    }
}

fn verb(engine: Engine, statement: &Statement<'_>) -> String {
    let is_known = !matches!(statement.class, Class::Begin | Class::Commit | Class::Rollback);
    if is_known { Cursor::new(engine, statement.sql).word() } else { String::new() }
}
