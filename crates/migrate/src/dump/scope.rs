//! What is looked at of a schema; whatever belongs to a table goes with it.

use artisan_schema::Scope;

use super::{SchemaObject, SchemaReport};
use crate::Engine;
use crate::split::{Token, TokenKind, significant};

impl SchemaReport {
    /// Without what is out of scope. `current` is the schema of `PostgreSQL` whose objects are named without it.
    pub(crate) fn within(mut self, engine: Engine, scope: &Scope, current: &str) -> Self {
        let all = std::mem::take(&mut self.objects);
        let is_in = |object: &&SchemaObject| match owner(engine, object, &all) {
            Owner::Schema(name) => scope.includes_schema(&name),
            Owner::Routine(names, arguments) => {
                let arguments = unqualified(&arguments, current);
                scope.includes_routine(&format!("{}({arguments}", shown(&names, current)))
            }
            Owner::Other(names) => scope.includes(&shown(&names, current)),
        };
        let objects: Vec<SchemaObject> = all.iter().filter(is_in).cloned().collect();
        self.sessions.retain(|kind, name| {
            objects.iter().any(|object| object.kind == kind && object.name == name)
        });
        Self { objects, ..self }
    }
}

/// What an object belongs to, or itself.
#[derive(Debug, PartialEq, Eq)]
enum Owner {
    Schema(String),
    /// Its name in parts, and what stands behind the parenthesis.
    Routine(Vec<String>, String),
    /// A table, a view, a type: its name in parts.
    Other(Vec<String>),
}

/// As patterns have it.
fn shown(names: &[String], current: &str) -> String {
    match names {
        [schema, name] if schema != current => format!("{schema}.{name}"),
        names => names.last().cloned().unwrap_or_default(),
    }
}

/// Types of arguments without the current schema.
fn unqualified(arguments: &str, current: &str) -> String {
    let prefixes = [format!("{current}."), format!("\"{}\".", current.replace('"', "\"\""))];
    let types = arguments.split(", ");
    let types = types.map(|one| prefixes.iter().find_map(|p| one.strip_prefix(p)).unwrap_or(one));
    types.collect::<Vec<_>>().join(", ")
}

fn owner(engine: Engine, object: &SchemaObject, all: &[SchemaObject]) -> Owner {
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
        "schema" => return Owner::Schema(object.name.clone()),
        "function" | "procedure" | "aggregate" if engine == Engine::Postgres => {
            return routine(&object.name);
        }
        "comment" => return of_comment(&object.name, all),
        "index" | "trigger" | "policy" => behind(&["ON"]),
        "rule" => behind(&["TO"]),
        "sequence" | "sequence owner" => of_sequence(&object.name, all),
        "foreign key" | "check" | "storage" | "view column" | "row security"
        | "replica identity" => behind(&["TABLE", "VIEW", "DOMAIN"]),
        "extension" => vec![object.name.clone()],
        _ => own(),
    };
    Owner::Other(if found.is_empty() { own() } else { found })
}

/// `PostgreSQL`: the table whose column a sequence belongs to; nothing where there is none.
fn of_sequence(name: &str, all: &[SchemaObject]) -> Vec<String> {
    let Some(owner) = find("sequence owner", name, all) else { return Vec::new() };
    let sql = significant(Engine::Postgres, &owner.sql);
    let by = sql
        .windows(2)
        .position(|two| matches!(two, [word, by] if word.is_word("OWNED") && by.is_word("BY")));
    let column = by.and_then(|at| sql.get(at + 2..)).unwrap_or_default();
    table_of(parts(column))
}

/// `PostgreSQL`: `COLUMN s.t.c`, `TRIGGER g ON s.t`, `FUNCTION s.f(integer)`.
fn of_comment(name: &str, all: &[SchemaObject]) -> Owner {
    let (kind, name) = name.split_once(' ').unwrap_or(("", name));
    let tokens = significant(Engine::Postgres, name);
    let found = match kind {
        "SCHEMA" => return Owner::Schema(parts(&tokens).concat()),
        "FUNCTION" | "PROCEDURE" | "AGGREGATE" => return routine(name),
        "INDEX" => match find("index", name, all) {
            Some(index) => return owner(Engine::Postgres, index, all),
            None => Vec::new(),
        },
        "SEQUENCE" => of_sequence(name, all),
        "COLUMN" => table_of(parts(&tokens)),
        "CONSTRAINT" | "TRIGGER" | "RULE" => {
            let on = tokens.iter().position(|token| token.is_word("ON"));
            match on.and_then(|at| tokens.get(at + 1..)).unwrap_or_default() {
                [domain, name @ ..]
                    if domain.is_word("DOMAIN") && name.first().is_some_and(is_name) =>
                {
                    parts(name)
                }
                table => parts(table),
            }
        }
        "MATERIALIZED" => parts(tokens.get(1..).unwrap_or_default()),
        _ => Vec::new(),
    };
    Owner::Other(if found.is_empty() { parts(&tokens) } else { found })
}

fn find<'a>(kind: &str, name: &str, all: &'a [SchemaObject]) -> Option<&'a SchemaObject> {
    all.iter().find(|object| object.kind == kind && object.name == name)
}

/// `PostgreSQL`: of `s.f(integer)`.
fn routine(name: &str) -> Owner {
    let tokens = significant(Engine::Postgres, name);
    let open = tokens.iter().find(|token| token.is_sign("("));
    let arguments = open.and_then(|open| name.get(open.end..)).unwrap_or(")");
    Owner::Routine(parts(&tokens), arguments.to_owned())
}

/// Of the parts of a column's name.
fn table_of(mut column: Vec<String>) -> Vec<String> {
    column.pop();
    column
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
        let all = [
            object("index", "audit.i", "CREATE INDEX i ON audit.t USING btree (a)"),
            object("sequence owner", "public.s", "ALTER SEQUENCE public.s OWNED BY public.t.id"),
        ];
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
            (postgres, "comment", "MATERIALIZED VIEW public.v", "", "public v"),
            (postgres, "comment", "CONSTRAINT c ON DOMAIN public.d", "", "public d"),
            (postgres, "comment", "CONSTRAINT c ON domain.t", "", "domain t"),
            (postgres, "comment", "INDEX audit.i", "", "audit t"),
            (postgres, "comment", "SEQUENCE public.s", "", "public t"),
            (postgres, "sequence", "public.s", "CREATE SEQUENCE public.s", "public t"),
            (postgres, "sequence", "public.alone", "CREATE SEQUENCE public.alone", "public alone"),
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
            let names = expected.split(' ').map(str::to_owned).collect();
            let object = object(kind, name, sql);
            assert_eq!(owner(engine, &object, &all), Owner::Other(names), "{kind} {name}");
        }
    }

    #[test]
    fn routines_are_known_by_their_arguments() {
        let mut names = Vec::new();
        for (kind, name) in [
            ("function", "public.f(public.mood, \"x.y\".a)"),
            ("comment", "FUNCTION public.f(public.mood, \"x.y\".a)"),
            ("comment", "AGGREGATE public.f(public.mood, \"x.y\".a)"),
        ] {
            match owner(Engine::Postgres, &object(kind, name, ""), &[]) {
                Owner::Routine(name, arguments) => {
                    names.push(shown(&name, "public") + "(" + &unqualified(&arguments, "public"));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(names, ["f(mood, \"x.y\".a)"; 3]);
        let audit = object("comment", "SCHEMA audit", "");
        assert_eq!(owner(Engine::Postgres, &audit, &[]), Owner::Schema("audit".to_owned()));
    }

    fn object(kind: &'static str, name: &str, sql: &str) -> SchemaObject {
        SchemaObject { kind, name: name.to_owned(), sql: sql.to_owned() }
    }
}
