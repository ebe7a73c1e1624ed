use super::text::{in_parentheses, literal, name, names};
use crate::model::{
    Action, Check, Dialect, Direction, ForeignKey, Index, IndexKey, IndexPart, PrimaryKey, Unique,
};

/// The name that both servers give to every primary key.
pub(super) const PRIMARY: &str = "PRIMARY";

pub(super) fn primary_key(key: &PrimaryKey) -> String {
    format!("PRIMARY KEY {}", names(&key.columns))
}

pub(super) fn unique(unique: &Unique) -> String {
    let own = unique.name.as_deref().map(|own| format!("{} ", name(own)));
    format!("UNIQUE KEY {}{}", own.unwrap_or_default(), names(&unique.columns))
}

/// An index; the memory engine's are hashes unless they say otherwise, all others trees.
pub(super) fn index(dialect: Dialect, engine: Option<&str>, index: &Index) -> String {
    let mut words = Vec::new();
    match index.method.as_str() {
        _ if index.name == PRIMARY => words.push("PRIMARY".to_owned()),
        "fulltext" => words.push("FULLTEXT".to_owned()),
        "spatial" => words.push("SPATIAL".to_owned()),
        _ if index.unique => words.push("UNIQUE".to_owned()),
        _ => {}
    }
    words.push("KEY".to_owned());
    words.extend((index.name != PRIMARY).then(|| name(&index.name)));
    let parts: Vec<String> = index.parts.iter().map(part).collect();
    words.push(format!("({})", parts.join(", ")));
    let is_memory = engine.is_some_and(|engine| engine.eq_ignore_ascii_case("memory"));
    if is_memory && index.method == "btree" {
        words.push("USING BTREE".to_owned());
    }
    words.extend(index.parameters.iter().map(|(word, value)| format!("{word} {}", name(value))));
    words.extend(index.comment.as_ref().map(|text| format!("COMMENT {}", literal(text))));
    if !index.usable {
        words.push(unusable(dialect).to_owned());
    }
    words.join(" ")
}

/// The word for an index that the planner passes over.
pub(super) fn unusable(dialect: Dialect) -> &'static str {
    if dialect == Dialect::MariaDb { "IGNORED" } else { "INVISIBLE" }
}

/// The word for an index that the planner takes again.
pub(super) fn usable(dialect: Dialect) -> &'static str {
    if dialect == Dialect::MariaDb { "NOT IGNORED" } else { "VISIBLE" }
}

fn part(part: &IndexPart) -> String {
    let key = match &part.key {
        IndexKey::Column(column) => name(column),
        // Always in parentheses of its own: those of the expression itself do not count.
        IndexKey::Expression(expression) => in_parentheses(expression),
    };
    let prefix = part.prefix.map(|length| format!("({length})")).unwrap_or_default();
    let direction = if part.direction == Direction::Descending { " DESC" } else { "" };
    format!("{key}{prefix}{direction}")
}

pub(super) fn check(check: &Check) -> String {
    let own = check.name.as_deref().map(|own| format!("CONSTRAINT {} ", name(own)));
    let enforced = if check.enforced { "" } else { " NOT ENFORCED" };
    format!("{}CHECK {}{enforced}", own.unwrap_or_default(), in_parentheses(&check.expression))
}

pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let own = key.name.as_deref().map(|own| format!("CONSTRAINT {} ", name(own)));
    let schema = key.referenced_schema.as_deref().map(|schema| format!("{}.", name(schema)));
    format!(
        "{}FOREIGN KEY {} REFERENCES {}{} {}{}{}{}",
        own.unwrap_or_default(),
        names(&key.columns),
        schema.unwrap_or_default(),
        name(&key.referenced_table),
        names(&key.referenced_columns),
        action("DELETE", key.on_delete),
        action("UPDATE", key.on_update),
        key.written.text(),
    )
}

fn action(event: &str, action: Action) -> String {
    let words = match action {
        Action::NoAction => return String::new(),
        Action::Restrict => "RESTRICT",
        Action::Cascade => "CASCADE",
        Action::SetNull => "SET NULL",
        Action::SetDefault => "SET DEFAULT",
    };
    format!(" ON {event} {words}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_says_all_of_its_parts() {
        let title = IndexPart {
            prefix: Some(10),
            direction: Direction::Descending,
            ..IndexPart::of(IndexKey::Column("title".to_owned()))
        };
        let lower = IndexPart::of(IndexKey::Expression("lower(`a`)".to_owned()));
        let made = Index {
            parts: vec![title, lower],
            usable: false,
            comment: Some("c".to_owned()),
            ..Index::new("key", "btree")
        };
        let said = index(Dialect::MySql, Some("InnoDB"), &made);
        assert_eq!(said, "KEY `key` (title(10) DESC, (lower(`a`))) COMMENT 'c' INVISIBLE");
        let said = index(Dialect::MariaDb, Some("MEMORY"), &Index { comment: None, ..made });
        assert!(said.ends_with(" USING BTREE IGNORED"), "{said}");
    }
}
