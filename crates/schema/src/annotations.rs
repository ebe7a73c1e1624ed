use crate::difference::Renames;
use crate::model::{Dialect, Name};
use crate::scan::{Kind, Token, scan};

/// The word that begins an annotation, behind the two dashes of a comment.
const WORD: &str = "@renamed";

/// What `-- @renamed from=old` says in a desired schema.
///
/// It stands at the end of the line that declares a table, a column or, on `PostgreSQL`, a sequence, or alone on the
/// line above. A name that needs quotes has them: `from="Old Name"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// The renames, as far as one text can tell: old tables are taken to stand in the new one's schema, unless
    /// they name theirs.
    pub renames: Renames,
}

/// An annotation that says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnnotationError {
    /// It has another form.
    #[error(
        "line {line}: an annotation is written `-- @renamed from=old_name`, with quotes around a name that needs \
         them; of a table from another schema `-- @renamed from=schema.old_name`"
    )]
    Form {
        /// The line, from 1.
        line: usize,
    },
    /// Another one claims the same.
    #[error("line {line}: `@renamed from={old}` stands twice: only one of them can be what it was")]
    Twice {
        /// The line of the second, from 1.
        line: usize,
        /// The old name.
        old: String,
    },
    /// No declaration stands where it points.
    #[error(
        "line {line}: `@renamed` names neither a table, nor a column, nor a sequence of PostgreSQL: it belongs at the end of the line that declares one, or alone on the line above"
    )]
    Nothing {
        /// The line, from 1.
        line: usize,
    },
}

/// A table, column or sequence that a text declares.
#[derive(Clone, Debug)]
struct Declaration {
    /// Where its name begins.
    at: usize,
    table: Name,
    /// Where the statement ends.
    end: usize,
    /// None for the table itself.
    column: Option<String>,
    /// Whether it is no table, but a sequence.
    is_sequence: bool,
}

impl Annotations {
    /// Reads the annotations of a desired schema.
    ///
    /// # Errors
    /// The first annotation that says nothing. A text that is no SQL has no annotations: the server says
    /// what is wrong with it.
    pub fn parse(dialect: Dialect, sql: &str) -> Result<Self, AnnotationError> {
        let sql = sql.trim_start_matches('\u{feff}');
        let Ok(tokens) = scan(dialect, sql) else { return Ok(Self::default()) };
        let declarations = declarations(dialect, &tokens);
        let mut renames = Renames::default();
        for (start, comment) in comments(&tokens, sql) {
            let Some(rest) = comment.trim_start_matches('-').trim_start().strip_prefix(WORD) else {
                continue;
            };
            let line = sql.get(..start).unwrap_or_default().matches('\n').count() + 1;
            let names = parse_old(dialect, rest).ok_or(AnnotationError::Form { line })?;
            let old = names.last().cloned().ok_or(AnnotationError::Form { line })?;
            let target = target(&declarations, sql, start);
            let Declaration { table, column, is_sequence, .. } =
                target.ok_or(AnnotationError::Nothing { line })?.clone();
            let twice = AnnotationError::Twice { line, old: old.clone() };
            let before = match (column, names.as_slice()) {
                (Some(column), [_]) => renames.columns.insert((table, old), column).map(drop),
                (Some(_), _) => return Err(AnnotationError::Form { line }),
                (None, [_]) if is_sequence => {
                    renames.sequences.insert(table.sibling(old), table).map(drop)
                }
                (None, _) if is_sequence => return Err(AnnotationError::Form { line }),
                (None, [schema, _]) => {
                    renames.tables.insert(in_schema(schema, &old), table).map(drop)
                }
                (None, _) => renames.tables.insert(table.sibling(old), table).map(drop),
            };
            if before.is_some() {
                return Err(twice);
            }
        }
        Ok(Self { renames })
    }
}

/// What `from=` gives: bare names or quoted ones; a table's may have its schema before it.
fn parse_old(dialect: Dialect, rest: &str) -> Option<Vec<String>> {
    let rest = rest.strip_prefix(char::is_whitespace)?.trim();
    let mut value = rest.strip_prefix("from")?.trim_start().strip_prefix('=')?.trim();
    let mut names = Vec::new();
    loop {
        let (name, behind) = first_name(dialect, value)?;
        names.push(name);
        match behind.strip_prefix('.') {
            Some(next) if names.len() < 2 => value = next,
            _ if behind.is_empty() => return Some(names),
            _ => return None,
        }
    }
}

/// The name at the beginning of a text, and what stands behind it.
fn first_name(dialect: Dialect, text: &str) -> Option<(String, &str)> {
    for quote in ['"', '`'] {
        let Some(inner) = text.strip_prefix(quote) else { continue };
        let mut characters = inner.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
                let name = inner.get(..at)?;
                let name = name.replace(&format!("{quote}{quote}"), &quote.to_string());
                return (!name.is_empty()).then_some((name, inner.get(at + 1..)?));
            }
        }
        return None;
    }
    let is_bare = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    let end = text.find(|character| !is_bare(character)).unwrap_or(text.len());
    (end > 0).then_some((bare(dialect, text.get(..end)?), text.get(end..)?))
}

/// A table of a schema; these two are those that are meant where none is named.
fn in_schema(schema: &str, table: &str) -> Name {
    match schema {
        "main" | "public" => Name::local(table),
        _ => Name::in_schema(schema, table),
    }
}

/// A name without quotes, as the engine reads it.
fn bare(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Postgres => name.to_ascii_lowercase(),
        Dialect::Sqlite | Dialect::MySql | Dialect::MariaDb => name.to_owned(),
    }
}

/// The name that a token is.
fn name(dialect: Dialect, token: &Token<'_>) -> String {
    let name = token.name();
    if token.kind == Kind::Word { bare(dialect, &name) } else { name }
}

/// The line comments: where each begins, and its text without the line's end.
fn comments<'a>(tokens: &[Token<'_>], sql: &'a str) -> Vec<(usize, &'a str)> {
    let mut gaps = Vec::new();
    let mut end = 0;
    for token in tokens {
        gaps.push((end, token.start));
        end = token.end();
    }
    gaps.push((end, sql.len()));
    let mut comments = Vec::new();
    for (mut from, to) in gaps {
        while let Some(gap) = sql.get(from..to) {
            let dashes = gap.find("--");
            let block = gap.find("/*").filter(|at| dashes.is_none_or(|dashes| *at < dashes));
            if let Some(at) = block {
                let rest = gap.get(at..).unwrap_or_default();
                from += at + rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else if let Some(at) = dashes {
                let rest = gap.get(at..).unwrap_or_default();
                let text = rest.split(['\n', '\r']).next().unwrap_or_default();
                comments.push((from + at, text));
                from += at + text.len();
            } else {
                break;
            }
        }
    }
    comments
}

/// The last declaration of the annotation's own line, or the table if all of its statement stands before;
/// where the annotation stands alone, the first declaration of the next line. A sequence, where it declares nothing else.
fn target<'a>(all: &'a [Declaration], sql: &str, comment: usize) -> Option<&'a Declaration> {
    let line_start = sql.get(..comment)?.rfind('\n').map_or(0, |at| at + 1);
    if !sql.get(line_start..comment)?.trim().is_empty() {
        let mut of_line = meant(all, line_start..comment);
        // Behind a whole statement, it is the table that is meant.
        let table = of_line.clone().rfind(|one| one.column.is_none() && one.end < comment);
        return table.or_else(|| of_line.next_back());
    }
    let next = comment + sql.get(comment..)?.find('\n')? + 1;
    let after = sql.get(next..)?.find('\n').map_or(sql.len(), |length| next + length);
    meant(all, next..after).next()
}

fn meant(
    all: &[Declaration],
    line: std::ops::Range<usize>,
) -> impl DoubleEndedIterator<Item = &Declaration> + Clone {
    let of_line = all.iter().filter(move |one| line.contains(&one.at));
    let has_others = of_line.clone().any(|one| !one.is_sequence);
    of_line.filter(move |one| !(has_others && one.is_sequence))
}

fn declarations(dialect: Dialect, tokens: &[Token<'_>]) -> Vec<Declaration> {
    let mut found = Vec::new();
    let mut rest = tokens;
    while let Some((first, following)) = rest.split_first() {
        rest = following;
        if !first.is("CREATE") {
            continue;
        }
        let until_end = following.iter().take_while(|token| !token.is_sign(";"));
        let statement = following.get(..until_end.count()).unwrap_or_default();
        let end = statement.last().map_or(first.end(), Token::end);
        let Some((at, is_sequence)) = declaring_word(dialect, statement) else { continue };
        let mut head = statement.get(at + 1..).unwrap_or_default();
        if let [a, b, c, others @ ..] = head
            && a.is("IF")
            && b.is("NOT")
            && c.is("EXISTS")
        {
            head = others;
        }
        let Some((name, start, body)) = table_name(dialect, head) else { continue };
        found.push(Declaration { at: start, table: name.clone(), end, column: None, is_sequence });
        if !is_sequence {
            found.extend(columns(dialect, &name, body, end));
        }
    }
    found
}

/// Where the word stands that says what a statement makes, behind modifiers (`TEMPORARY`, `UNLOGGED`), and whether that
/// is a sequence. `SEQUENCE` is a name, too: `CREATE INDEX sequence ON …`.
fn declaring_word(dialect: Dialect, statement: &[Token<'_>]) -> Option<(usize, bool)> {
    const MODIFIERS: [&str; 3] = ["TEMP", "TEMPORARY", "UNLOGGED"];
    let is_modifier = |token: &Token<'_>| MODIFIERS.iter().any(|word| token.is(word));
    let first = statement.iter().position(|token| !is_modifier(token))?;
    if dialect == Dialect::Postgres && statement.get(first)?.is("SEQUENCE") {
        return Some((first, true));
    }
    statement.iter().take(3).position(|token| token.is("TABLE")).map(|at| (at, false))
}

/// The name, where it begins, and what follows it.
fn table_name<'a, 't>(
    dialect: Dialect,
    head: &'a [Token<'t>],
) -> Option<(Name, usize, &'a [Token<'t>])> {
    let start = head.first()?.start;
    // Bare words hold their dots, quoted names have one before or behind them: `"a"."b"`, `a."b"`.
    let (mut names, mut is_joined, mut taken) = (Vec::new(), true, 0);
    for token in head {
        let begins_with_dot = token.kind == Kind::Word && token.text.starts_with('.');
        if !is_joined && !begins_with_dot || token.kind == Kind::Sign {
            break;
        }
        match token.kind {
            Kind::Word => names.extend(token.text.split('.').map(|part| bare(dialect, part))),
            Kind::QuotedName | Kind::Text | Kind::Sign => names.push(token.name()),
        }
        names.retain(|name| !name.is_empty());
        is_joined = token.kind == Kind::Word && token.text.ends_with('.');
        taken += 1;
    }
    let local = names.pop()?;
    let name = match names.pop() {
        Some(schema) => in_schema(&schema, &local),
        None => Name::local(local),
    };
    Some((name, start, head.get(taken..)?))
}

/// The columns that the parentheses behind a table's name declare.
fn columns(dialect: Dialect, table: &Name, body: &[Token<'_>], end: usize) -> Vec<Declaration> {
    const NO_COLUMN: [&str; 7] =
        ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE"];
    // Elsewhere these are names like any other.
    const NO_COLUMN_OF_MYSQL: [&str; 6] =
        ["KEY", "INDEX", "FULLTEXT", "SPATIAL", "PERIOD", "VECTOR"];
    let is_mysql = matches!(dialect, Dialect::MySql | Dialect::MariaDb);
    let further: &[&str] = if is_mysql { &NO_COLUMN_OF_MYSQL } else { &[] };
    let mut found = Vec::new();
    let (mut depth, mut is_start) = (0_usize, false);
    for token in body {
        if token.is_sign("(") {
            depth += 1;
            is_start = depth == 1;
        } else if token.is_sign(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                break;
            }
        } else if token.is_sign(",") {
            is_start = depth == 1;
        } else if is_start {
            is_start = false;
            if !NO_COLUMN.iter().chain(further).any(|word| token.is(word)) {
                let column = Some(name(dialect, token));
                let (at, table) = (token.start, table.clone());
                found.push(Declaration { at, table, end, column, is_sequence: false });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
