use artisan_schema::Scope;

use super::{SchemaObject, SchemaReport};
use crate::Engine;
use crate::split::{Token, TokenKind, significant};

impl SchemaReport {
    /// Without what is out of scope: whatever belongs to a table goes with it. `current` is the schema of `PostgreSQL`
    /// whose objects are named without it.
    pub(crate) fn within(mut self, engine: Engine, scope: &Scope, current: &str) -> Self {
        self.objects.retain(|object| {
            let names = owner(engine, object);
            match names.as_slice() {
                [schema] if object.kind == "schema" => {
                    scope.includes(schema) && scope.includes(&format!("{schema}."))
                }
                [schema, name] if schema != current => scope.includes(&format!("{schema}.{name}")),
                names => names.last().is_none_or(|name| scope.includes(name)),
            }
        });
        let objects = &self.objects;
        self.sessions.retain(|kind, name| {
            objects.iter().any(|object| object.kind == kind && object.name == name)
        });
        self
    }
}

/// The name of what an object belongs to, or its own, in its parts.
fn owner(engine: Engine, object: &SchemaObject) -> Vec<String> {
    let sql = significant(engine, &object.sql);
    let behind = |words: &[&str]| {
        let at = sql.iter().position(|token| words.iter().any(|word| token.is_word(word)));
        let rest = at.and_then(|at| sql.get(at + 1..)).unwrap_or_default();
        match rest {
            [only, table @ ..] if only.is_word("ONLY") => parts(table),
            rest => parts(rest),
        }
    };
    let own = || {
        let name = significant(engine, &object.name);
        if engine == Engine::Postgres { parts(&name) } else { vec![object.name.clone()] }
    };
    let found = match object.kind {
        "index" | "trigger" | "policy" => behind(&["ON"]),
        "rule" => behind(&["TO"]),
        "foreign key" | "check" | "storage" | "view column" | "row security"
        | "replica identity" => behind(&["TABLE", "VIEW", "DOMAIN"]),
        "comment" => of_comment(&significant(engine, &object.name)),
        _ => own(),
    };
    if found.is_empty() { own() } else { found }
}

/// `COLUMN s.t.c`, `TRIGGER g ON s.t`, `FUNCTION s.f(integer)`.
fn of_comment(name: &[Token<'_>]) -> Vec<String> {
    if let Some(at) = name.iter().position(|token| token.is_word("ON")) {
        return parts(name.get(at + 1..).unwrap_or_default());
    }
    let is_kind = |token: &&Token<'_>| {
        let words =
            ["COLUMN", "TABLE", "VIEW", "MATERIALIZED", "SEQUENCE", "INDEX", "TYPE", "DOMAIN"];
        let others = ["FUNCTION", "PROCEDURE", "SCHEMA", "EXTENSION", "COLLATION"];
        words.iter().chain(&others).any(|word| token.is_word(word))
    };
    let is_column = name.first().is_some_and(|token| token.is_word("COLUMN"));
    let kinds = name.iter().take_while(is_kind).count();
    let mut found = parts(name.get(kinds..).unwrap_or_default());
    if is_column {
        found.pop();
    }
    found
}

/// Names with dots between them, at the beginning.
fn parts(tokens: &[Token<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    for pair in tokens.chunks(2) {
        let Some(name) = pair.first().filter(|token| is_name(token)) else { break };
        found.push(unquoted(name.text));
        if pair.get(1).is_none_or(|dot| dot.text != ".") {
            break;
        }
    }
    found
}

fn is_name(token: &Token<'_>) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::Name)
}

fn unquoted(name: &str) -> String {
    let Some(quote) = name.chars().next().filter(|first| matches!(first, '"' | '`' | '[')) else {
        return name.to_owned();
    };
    let end = if quote == '[' { ']' } else { quote };
    let inner = name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(end)).unwrap_or(name);
    inner.replace(&format!("{end}{end}"), &end.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_belong_to_their_tables() {
        let postgres = Engine::Postgres;
        for (engine, kind, name, sql, expected) in [
            (postgres, "table", "public.\"a.b\"", "CREATE TABLE public.\"a.b\" ()", "public a.b"),
            (postgres, "index", "audit.i", "CREATE INDEX i ON audit.t USING btree (a)", "audit t"),
            (
                postgres,
                "comment",
                "COLUMN public.t.a",
                "COMMENT ON COLUMN public.t.a IS 'x'",
                "public t",
            ),
            (postgres, "comment", "TRIGGER g ON public.t", "", "public t"),
            (postgres, "comment", "VIEW public.v", "", "public v"),
            (postgres, "function", "public.f(a integer)", "", "public f"),
            (
                postgres,
                "rule",
                "public.t.r",
                "CREATE RULE r AS\n ON INSERT TO public.t DO NOTHING",
                "public t",
            ),
            (
                postgres,
                "foreign key",
                "public.t.k",
                "ALTER TABLE public.t ADD CONSTRAINT k",
                "public t",
            ),
            (Engine::MySql, "foreign key", "t.k", "ALTER TABLE `t` ADD CONSTRAINT `k`", "t"),
            (
                Engine::MariaDb,
                "trigger",
                "g",
                "CREATE TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW SET @a = 1",
                "t",
            ),
            (Engine::MySql, "table", "a.b", "CREATE TABLE `a.b` (", "a.b"),
            (Engine::Sqlite, "index", "i", "CREATE INDEX i ON [t] (a)", "t"),
        ] {
            let object = SchemaObject { kind, name: name.to_owned(), sql: sql.to_owned() };
            assert_eq!(owner(engine, &object).join(" "), expected, "{kind} {name}");
        }
    }
}
