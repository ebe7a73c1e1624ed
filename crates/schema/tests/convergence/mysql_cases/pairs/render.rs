use super::grammar::{Column, Index, Schema, Table, What};

/// The statements that make a schema, foreign keys last: they may go round in circles.
pub(super) fn sql(schema: &Schema) -> String {
    let tables = schema.tables.iter().map(|one| table(schema, one));
    let keys = schema.tables.iter().flat_map(|one| foreign_keys(schema, one));
    let views = schema.views.iter().filter_map(|(name, number)| {
        let table = schema.tables.iter().find(|table| table.number == *number)?;
        Some(format!("CREATE VIEW {name} AS SELECT * FROM {}", quoted(&table.name)))
    });
    let triggers = schema.tables.iter().filter(|table| table.has_trigger).map(|table| {
        let (number, name) = (table.number, quoted(&table.name));
        format!("CREATE TRIGGER g{number} BEFORE INSERT ON {name} FOR EACH ROW SET @x = 'it''s'")
    });
    let all: Vec<String> = tables.chain(keys).chain(views).chain(triggers).collect();
    all.join(";\n")
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn table(schema: &Schema, table: &Table) -> String {
    let renamed = table.old.as_ref().map(|old| format!("-- @renamed from={}\n", quoted(old)));
    let mut lines = vec![(format!("id {} NOT NULL PRIMARY KEY", table.key), String::new())];
    lines.extend(table.columns.iter().map(|one| {
        let renamed = one.old.as_ref().map(|old| format!(" -- @renamed from={}", quoted(old)));
        (column(schema, table, one), renamed.unwrap_or_default())
    }));
    lines.extend(table.indexes.iter().map(|one| (index(table, one), String::new())));
    lines.extend(table.checks.iter().map(|(name, column, number)| {
        let name = name.as_ref().map(|name| format!("CONSTRAINT {name} ")).unwrap_or_default();
        (format!("{name}CHECK ({} <> {number})", column_name(table, *column)), String::new())
    }));
    let last = lines.len() - 1;
    let lines = lines.iter().enumerate().map(|(at, (text, comment))| {
        format!("    {text}{}{comment}\n", if at < last { "," } else { "" })
    });
    let lines: String = lines.collect();
    let collation = table.collation.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    let comment = table.comment.map(said).unwrap_or_default();
    let renamed = renamed.unwrap_or_default();
    format!("{renamed}CREATE TABLE {} (\n{lines}){collation}{comment}", quoted(&table.name))
}

fn said(comment: &str) -> String {
    format!(" COMMENT '{}'", comment.replace('\'', "''"))
}

fn column_name(table: &Table, number: usize) -> String {
    let column = table.columns.iter().find(|column| column.number == number);
    quoted(&column.expect("the column").name)
}

fn column(schema: &Schema, table: &Table, column: &Column) -> String {
    let comment = column.comment.map(said).unwrap_or_default();
    let name = quoted(&column.name);
    match &column.what {
        What::Plain(data_type, default) => {
            let null = if column.is_nullable { " NULL" } else { " NOT NULL" };
            let default = default.map(|text| format!(" DEFAULT {text}")).unwrap_or_default();
            format!("{name} {data_type}{null}{default}{comment}")
        }
        What::Computed(source, added, is_stored) => {
            let source = column_name(table, *source);
            let kept = if *is_stored { "STORED" } else { "VIRTUAL" };
            format!("{name} BIGINT GENERATED ALWAYS AS ({source} + {added}) {kept}{comment}")
        }
        What::Points(_, target, _) => {
            let target = schema.tables.iter().find(|table| table.number == *target);
            let target = target.expect("the table");
            format!("{name} {}{comment}", target.key)
        }
    }
}

fn index(table: &Table, index: &Index) -> String {
    let unique = if index.is_unique { "UNIQUE " } else { "" };
    let name = index.name.as_deref().map(|name| format!("{name} ")).unwrap_or_default();
    let last = index.parts.len() - 1;
    let parts = index.parts.iter().enumerate().map(|(at, (column, is_descending))| {
        let column = column_name(table, *column);
        let direction = if *is_descending { " DESC" } else { "" };
        let is_expression = index.is_expression && at == last;
        if is_expression {
            format!("({column} * 2){direction}")
        } else {
            format!("{column}{direction}")
        }
    });
    let parts: Vec<String> = parts.collect();
    format!("{unique}KEY {name}({})", parts.join(", "))
}

fn foreign_keys(schema: &Schema, table: &Table) -> Vec<String> {
    let mut keys = Vec::new();
    for column in &table.columns {
        let What::Points(name, target, action) = &column.what else { continue };
        let target = schema.tables.iter().find(|table| table.number == *target);
        let name = name.as_ref().map(|name| format!("CONSTRAINT {name} ")).unwrap_or_default();
        keys.push(format!(
            "ALTER TABLE {} ADD {name}FOREIGN KEY ({}) REFERENCES {} (id){action}",
            quoted(&table.name),
            quoted(&column.name),
            quoted(&target.expect("the table").name),
        ));
    }
    keys
}
