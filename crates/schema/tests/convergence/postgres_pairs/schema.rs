use super::random::Random;

/// Types with defaults for each, and what kind of expressions they take.
const TYPES: [(&str, &[&str], Kind); 18] = [
    ("integer", &["1", "-5", "calc(2)"], Kind::Number),
    ("bigint", &["7", "calc(3)"], Kind::Number),
    ("smallint", &["0"], Kind::Number),
    ("numeric(10,2)", &["0", "1.5"], Kind::Number),
    ("numeric", &["2"], Kind::Number),
    ("double precision", &["0.5"], Kind::Number),
    ("text", &["'x'", "'it''s'", "'a' || 'b'"], Kind::Text),
    ("varchar(10)", &["'x'", "E'a\\\\b'"], Kind::Text),
    ("varchar(20)", &["'x'"], Kind::Text),
    ("char(3)", &["'x'"], Kind::Text),
    ("boolean", &["true", "'f'"], Kind::Other),
    ("date", &["CURRENT_DATE", "'2020-01-01'"], Kind::Other),
    ("timestamptz", &["now()"], Kind::Other),
    ("timestamp(3)", &["now()"], Kind::Other),
    ("uuid", &["gen_random_uuid()"], Kind::Other),
    ("jsonb", &["'{}'", "'[1]'"], Kind::Other),
    ("mood", &["'ok'"], Kind::Mood),
    ("short", &["'x'"], Kind::Text),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Mood,
    Other,
}

/// Each part of a schema has a seed of its own, so that another schema can share it.
const SEEDS: usize = 64;
const TABLES: usize = 4;
const COLUMNS: usize = 5;
const NAMES: [&str; TABLES] = ["users", "\"Or der\"", "items", "größe"];
const COLUMN_NAMES: [&str; COLUMNS] = ["a", "\"B c\"", "\"user\"", "d", "e"];

/// Two schemas that share most of what they have.
pub(super) fn pair(random: &mut Random) -> (String, String) {
    let seeds: Vec<u64> = (0..SEEDS).map(|_| random.next()).collect();
    let percent = [5, 15, 40, 100][random.below(4)];
    let others: Vec<u64> = seeds
        .iter()
        .map(|seed| if random.happens(percent) { random.next() } else { *seed })
        .collect();
    (Schema { seeds: &seeds }.sql(), Schema { seeds: &others }.sql())
}

struct Schema<'a> {
    seeds: &'a [u64],
}

struct Column {
    name: &'static str,
    kind: Kind,
    sql: String,
    is_generated: bool,
}

impl Schema<'_> {
    fn part(&self, number: usize) -> Random {
        Random::new(self.seeds[number])
    }

    fn sql(&self) -> String {
        let touch =
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
        let mut sql = vec![self.mood(), self.short(), self.calc(), touch.to_owned()];
        for table in 0..TABLES {
            if self.has(table) {
                self.table(table, &mut sql);
            }
        }
        for table in (0..TABLES).filter(|table| self.has(*table)) {
            self.reference(table, &mut sql);
            self.view(table, &mut sql);
        }
        sql.join(";\n")
    }

    fn mood(&self) -> String {
        let mut random = self.part(60);
        let values = ["bad", "so so", "ok", "it's", "Great"];
        let mut kept: Vec<String> = values
            .iter()
            .filter(|value| **value == "ok" || random.happens(60))
            .map(|value| format!("'{}'", value.replace('\'', "''")))
            .collect();
        if random.happens(20) {
            kept.reverse();
        }
        format!("CREATE TYPE mood AS ENUM ({})", kept.join(", "))
    }

    fn short(&self) -> String {
        let mut random = self.part(61);
        let base = random.one(&["text", "varchar(9)", "varchar(12)"]);
        let check = random.one(&["", " CHECK (length(VALUE) < 8)", " CHECK (VALUE IN ('x', 'y'))"]);
        let default = random.one(&["", " DEFAULT 'x'"]);
        format!("CREATE DOMAIN short AS {base}{default}{check}")
    }

    fn calc(&self) -> String {
        let mut random = self.part(62);
        let result = random.one(&["integer", "integer", "bigint"]);
        let argument = random.one(&["x", "x", "y"]);
        let body = random.one(&["+ 1", "* 2"]);
        format!(
            "CREATE FUNCTION calc({argument} integer) RETURNS {result} IMMUTABLE LANGUAGE sql AS 'SELECT ({argument} {body})::{result}'"
        )
    }

    fn has(&self, table: usize) -> bool {
        table == 0 || self.part(table).happens(75)
    }

    fn id_type(&self, table: usize) -> &'static str {
        self.part(4 + table).one(&["integer", "bigint"])
    }

    fn columns(&self, table: usize) -> Vec<Column> {
        let mut columns: Vec<Column> = Vec::new();
        for (number, name) in COLUMN_NAMES.into_iter().enumerate() {
            let mut random = self.part(8 + table * COLUMNS + number);
            if random.happens(25) {
                continue;
            }
            let base = columns.iter().find(|one| !one.is_generated && one.kind == Kind::Number);
            if let Some(base) = base.filter(|_| random.happens(15)) {
                let factor = random.below(3) + 2;
                let sql =
                    format!("{name} numeric GENERATED ALWAYS AS ({} * {factor}) STORED", base.name);
                columns.push(Column { name, kind: Kind::Number, sql, is_generated: true });
                continue;
            }
            let (data_type, defaults, kind) = TYPES[random.below(TYPES.len())];
            let mut sql = format!("{name} {data_type}");
            if kind == Kind::Text && data_type == "text" && random.happens(20) {
                sql += " COLLATE \"C\"";
            }
            if random.happens(40) {
                sql = format!("{sql} DEFAULT {}", random.one(defaults));
            }
            if random.happens(30) {
                sql += " NOT NULL";
            }
            columns.push(Column { name, kind, sql, is_generated: false });
        }
        columns
    }

    fn table(&self, table: usize, sql: &mut Vec<String>) {
        let mut random = self.part(28 + table);
        let (name, columns) = (NAMES[table], self.columns(table));
        let id_type = self.id_type(table);
        let serial = if id_type == "integer" { "serial" } else { "bigserial" };
        let id = match random.below(4) {
            0 => format!("id {serial}"),
            1 => format!("id {id_type} GENERATED ALWAYS AS IDENTITY"),
            2 => format!("id {id_type} GENERATED BY DEFAULT AS IDENTITY (START 10 INCREMENT 2)"),
            _ => format!("id {id_type}"),
        };
        let mut lines = vec![id];
        lines.extend(columns.iter().map(|column| column.sql.clone()));
        if random.happens(30) {
            lines.reverse();
        }
        lines.push(
            random
                .one(&["PRIMARY KEY (id)", "CONSTRAINT k PRIMARY KEY (id)", "UNIQUE (id)"])
                .replace(" k ", &format!(" k{table} ")),
        );
        for (number, column) in columns.iter().enumerate() {
            let mut random = self.part(32 + table * 2 + number % 2);
            if random.happens(35) {
                lines.push(format!("CHECK ({})", condition(&mut random, column)));
            }
            if random.happens(15) && column.kind != Kind::Other {
                lines.push(format!("UNIQUE ({}{})", column.name, random.one(&["", ", id"])));
            }
        }
        sql.push(format!("CREATE TABLE {name} (\n    {}\n)", lines.join(",\n    ")));
        self.indexes(table, &columns, sql);
        if random.happens(30) {
            sql.push(format!("COMMENT ON TABLE {name} IS 'about {}'", random.below(3)));
        }
        if let Some(column) = columns.first().filter(|_| random.happens(30)) {
            sql.push(format!("CREATE TRIGGER touching BEFORE UPDATE OF {} ON {name} FOR EACH ROW EXECUTE FUNCTION touch()", column.name));
            sql.push(format!(
                "COMMENT ON COLUMN {name}.{} IS 'it''s {}'",
                column.name,
                random.below(2)
            ));
        }
    }

    fn indexes(&self, table: usize, columns: &[Column], sql: &mut Vec<String>) {
        let usable: Vec<&Column> =
            columns.iter().filter(|column| column.kind != Kind::Other).collect();
        for number in 0..2 {
            let mut random = self.part(40 + table * 2 + number);
            if usable.is_empty() || random.happens(40) {
                continue;
            }
            let first = usable[random.below(usable.len())];
            let key = match (first.kind, random.below(3)) {
                (Kind::Text, 0) => format!("lower({}::text)", first.name),
                (Kind::Number, 0) => format!("({} + 1)", first.name),
                (_, 1) => format!("{} DESC NULLS LAST", first.name),
                _ => first.name.to_owned(),
            };
            let second = if random.happens(30) { ", id" } else { "" };
            let predicate = if random.happens(30) {
                format!(" WHERE {}", condition(&mut random, first))
            } else {
                String::new()
            };
            let unique = random.one(&["", "", "UNIQUE "]);
            let name = NAMES[table];
            sql.push(format!(
                "CREATE {unique}INDEX ix_{table}_{number} ON {name} ({key}{second}){predicate}"
            ));
        }
    }

    fn reference(&self, table: usize, sql: &mut Vec<String>) {
        let mut random = self.part(48 + table);
        let target = random.below(TABLES);
        if !self.has(target) || random.happens(40) {
            return;
        }
        let action = random.one(&[
            "",
            " ON DELETE CASCADE",
            " ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED",
        ]);
        sql.push(format!(
            "ALTER TABLE {} ADD COLUMN other {} REFERENCES {} (id){action}",
            NAMES[table],
            self.id_type(target),
            NAMES[target]
        ));
    }

    fn view(&self, table: usize, sql: &mut Vec<String>) {
        let mut random = self.part(52 + table);
        let columns = self.columns(table);
        if random.happens(50) || columns.is_empty() {
            return;
        }
        let names: Vec<&str> =
            columns.iter().filter(|_| random.happens(60)).map(|column| column.name).collect();
        let mut list = vec!["id"];
        list.extend(names);
        let kind = random.one(&["VIEW", "VIEW", "MATERIALIZED VIEW"]);
        let filter = &columns[random.below(columns.len())];
        let condition = condition(&mut random, filter);
        sql.push(format!(
            "CREATE {kind} seen_{table} AS SELECT {} FROM {} WHERE {condition}",
            list.join(", "),
            NAMES[table]
        ));
        if random.happens(30) {
            sql.push(format!(
                "CREATE VIEW twice_{table} AS SELECT calc(3) AS n, id FROM seen_{table}"
            ));
        }
    }
}

fn condition(random: &mut Random, column: &Column) -> String {
    let name = column.name;
    match (column.kind, random.below(5)) {
        (Kind::Number, 0) => format!("{name} > 0"),
        (Kind::Number, 1) => format!("{name} BETWEEN 1 AND 9 AND {name} <> 5"),
        (Kind::Number, 2) => format!("{name} IN (1, 2)"),
        (Kind::Number, 3) => format!("calc({name}::integer) > 1"),
        (Kind::Number, _) => {
            format!("({name} < 1 OR {name} > 2) OR ({name} = 7 AND {name} IS NOT NULL)")
        }
        (Kind::Text, 0) => format!("{name} IN ('x', 'y')"),
        (Kind::Text, 1) => format!("length({name}::text) < 9 AND {name} <> 'q'"),
        (Kind::Text, 2) => format!("{name} LIKE '%x_' OR {name} IS NULL"),
        (Kind::Text, _) => format!("{name} NOT IN ('it''s', 'b') AND {name} > 'a'"),
        (Kind::Mood, 0) => format!("{name} = 'ok'"),
        (Kind::Mood, _) => format!("{name} IN ('ok') OR {name} IS NULL"),
        (Kind::Other, 0) => format!("{name} IS NULL"),
        (Kind::Other, _) => format!("{name} IS NOT DISTINCT FROM {name}"),
    }
}
