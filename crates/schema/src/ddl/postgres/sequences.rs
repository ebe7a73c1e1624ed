//! Sequences: on their own, and behind columns that count.

use super::columns::counting_sequence;
use super::counts::{Counter, catch_up, furthest, within};
use super::ownership::{existing, is_relation_coming, is_wanted, joined};
use super::sides::Sides;
use crate::catalog::postgres::names::{
    SEQUENCE_NAME, last_part, literal, qualified, quoted, sequence_name, suffixed,
};
use crate::model::{Column, Identity, Name, Sequence};

/// The sequence that the server makes for a type if nothing more is said.
pub(super) fn plain(data_type: &str) -> Sequence {
    let maximum = match data_type {
        "smallint" => i64::from(i16::MAX),
        "integer" => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    Sequence {
        data_type: data_type.to_owned(),
        start: 1,
        increment: 1,
        minimum: 1,
        maximum,
        cache: 1,
        cycle: false,
        comment: None,
    }
}

/// What the server takes for a sequence of this type and direction.
fn defaults(sequence: &Sequence) -> Sequence {
    let plain = plain(&sequence.data_type);
    if sequence.increment > 0 {
        return Sequence { start: sequence.minimum, ..plain };
    }
    let (minimum, maximum) = (-plain.maximum - 1, -1);
    Sequence { minimum, maximum, start: sequence.maximum, ..plain }
}

/// The options of a sequence that are not what the server takes anyway, each with its word.
fn options(sequence: &Sequence) -> Vec<String> {
    let usual = defaults(sequence);
    let mut options = Vec::new();
    let mut add = |is_unusual: bool, text: String| {
        if is_unusual {
            options.push(text);
        }
    };
    add(sequence.increment != 1, format!("INCREMENT BY {}", sequence.increment));
    add(sequence.minimum != usual.minimum, format!("MINVALUE {}", sequence.minimum));
    add(sequence.maximum != usual.maximum, format!("MAXVALUE {}", sequence.maximum));
    add(sequence.start != usual.start, format!("START WITH {}", sequence.start));
    add(sequence.cache != 1, format!("CACHE {}", sequence.cache));
    add(sequence.cycle, "CYCLE".to_owned());
    options
}

/// The statement that makes a sequence.
pub(super) fn create(name: &str, sequence: &Sequence) -> String {
    let mut sql = format!("CREATE SEQUENCE {name}");
    if sequence.data_type != "bigint" {
        sql = format!("{sql} AS {}", sequence.data_type);
    }
    for option in options(sequence) {
        sql = format!("{sql} {option}");
    }
    sql
}

/// The options that make another sequence of one, whose type may have been changed with its column's.
fn option_changes(old: &Sequence, new: &Sequence) -> Vec<String> {
    let mut changes = Vec::new();
    let mut add = |is_changed: bool, text: String| {
        if is_changed {
            changes.push(text);
        }
    };
    let (minimum, maximum) = bounds(old, &new.data_type);
    add(old.increment != new.increment, format!("INCREMENT BY {}", new.increment));
    add(minimum != new.minimum, format!("MINVALUE {}", new.minimum));
    add(maximum != new.maximum, format!("MAXVALUE {}", new.maximum));
    add(old.start != new.start, format!("START WITH {}", new.start));
    add(old.cache != new.cache, format!("CACHE {}", new.cache));
    add(old.cycle != new.cycle, if new.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
    changes
}

/// The bounds that a sequence has once its type is another: the server changes those that are the type's, and no
/// others (`init_params` in sequence.c).
fn bounds(sequence: &Sequence, data_type: &str) -> (i64, i64) {
    let (was, is) = (plain(&sequence.data_type).maximum, plain(data_type).maximum);
    let follows_down = sequence.minimum == -was - 1;
    let follows_up = sequence.maximum == was;
    (
        if follows_down { -is - 1 } else { sequence.minimum },
        if follows_up { is } else { sequence.maximum },
    )
}

/// Whether the counter may stand where the other sequence does not reach.
const fn is_narrowed(old: &Sequence, new: &Sequence) -> bool {
    old.minimum < new.minimum || old.maximum > new.maximum
}

/// The statements that change the options of a sequence. The server refuses bounds that its counter is beyond, and
/// only the database knows where that is.
fn altered(
    name: &str,
    (old, new): (&Sequence, &Sequence),
    alter: impl Fn(&Sequence, &Sequence) -> Option<String>,
) -> Vec<String> {
    if !is_narrowed(old, new) {
        return alter(old, new).into_iter().collect();
    }
    let widest = |one: &&Sequence| plain(&one.data_type).maximum;
    let wide = Sequence {
        data_type: [old, new].into_iter().max_by_key(widest).unwrap_or(old).data_type.clone(),
        minimum: old.minimum.min(new.minimum),
        maximum: old.maximum.max(new.maximum),
        ..old.clone()
    };
    let widened = alter(old, &wide).into_iter();
    widened.chain([within(name, old, new)]).chain(alter(&wide, new)).collect()
}

/// The statements that change a sequence, its name apart.
pub(super) fn alter(name: &str, old: &Sequence, new: &Sequence) -> Vec<String> {
    let mut statements = altered(name, (old, new), |old, new| {
        let mut changes = option_changes(old, new);
        if old.data_type != new.data_type {
            changes.insert(0, format!("AS {}", new.data_type));
        }
        (!changes.is_empty()).then(|| format!("ALTER SEQUENCE {name} {}", changes.join(" ")))
    });
    statements.extend(comment(name, old.comment.as_ref(), new.comment.as_ref()));
    statements
}

/// The statement about the comment of a sequence, if it changes.
pub(super) fn comment(name: &str, old: Option<&String>, new: Option<&String>) -> Option<String> {
    let text = new.map_or_else(|| "NULL".to_owned(), |text| literal(text));
    (old != new).then(|| format!("COMMENT ON SEQUENCE {name} IS {text}"))
}

/// `serial` and its like, where it makes the very column.
pub(super) fn serial_type(column: &Column) -> Option<&'static str> {
    let sequence = column.sequence.as_ref()?;
    let is_plain = column.identity == Some(Identity::Serial)
        && !column.attributes.contains_key(SEQUENCE_NAME)
        && sequence.data_type == column.data_type
        && Sequence { comment: None, ..sequence.clone() } == plain(&column.data_type);
    match column.data_type.as_str() {
        "smallint" if is_plain => Some("smallserial"),
        "integer" if is_plain => Some("serial"),
        "bigint" if is_plain => Some("bigserial"),
        _ => None,
    }
}

/// The default of a serial column.
pub(super) fn next_value(table: &Name, column: &Column) -> String {
    next_of(&counting_sequence(table, column).unwrap_or_default())
}

/// The options of an identity column, in parentheses; none if all are as usual.
pub(super) fn identity_options(column: &Column) -> String {
    let mut all = Vec::new();
    if let Some(name) = column.attributes.get(SEQUENCE_NAME) {
        all.push(format!("SEQUENCE NAME {name}"));
    }
    all.extend(column.sequence.iter().flat_map(options));
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(" ")) }
}

/// What stands before and behind the statement that makes a column which counts with a sequence of its own.
pub(super) fn around(table: &Name, column: &Column) -> (Option<String>, Vec<String>) {
    let Some(sequence) = &column.sequence else { return (None, Vec::new()) };
    let name = counting_sequence(table, column).unwrap_or_default();
    let mut behind = Vec::new();
    let mut before = None;
    if column.identity == Some(Identity::Serial) && serial_type(column).is_none() {
        before = Some(create(&name, sequence));
        behind.push(owned_by(&name, table, &column.name));
    }
    behind.extend(comment(&name, None, sequence.comment.as_ref()));
    (before, behind)
}

/// The statement that gives a sequence to a column.
pub(super) fn owned_by(sequence: &str, table: &Name, column: &str) -> String {
    format!("ALTER SEQUENCE {sequence} OWNED BY {}.{}", qualified(table), quoted(column))
}

/// How a column that counts, or is to count, changes.
#[derive(Debug, Default)]
pub(super) struct Counting {
    /// Statements before the column changes.
    pub(super) before: Vec<String>,
    /// Statements behind.
    pub(super) behind: Vec<String>,
}

/// The statements that change how a column counts; what it has counted to is kept.
pub(super) fn changes(sides: &Sides<'_>, table: &Name, old: &Column, new: &Column) -> Counting {
    let mut counting = Counting::default();
    if (old.identity, &old.sequence) == (new.identity, &new.sequence)
        && old.attributes.get(SEQUENCE_NAME) == new.attributes.get(SEQUENCE_NAME)
    {
        return counting;
    }
    let is_identity =
        |column: &Column| matches!(column.identity, Some(Identity::Always | Identity::ByDefault));
    match (old.identity, new.identity) {
        (Some(_), Some(_)) if is_identity(old) == is_identity(new) => {
            same_kind(&mut counting, table, old, new);
        }
        (Some(_), Some(_)) => other_kind(&mut counting, sides, table, (old, new)),
        (None, Some(_)) => begins(&mut counting, sides, table, new),
        (Some(_), None) => ends(&mut counting, sides, table, (old, new)),
        (None, None) => {}
    }
    counting
}

/// The sequence that a column's own takes the place of, and that goes: one of another kind, or one that stands alone.
pub(super) fn replaced(
    sides: &Sides<'_>,
    table: &Name,
    old: &Column,
    new: &Column,
) -> Option<Name> {
    let is_serial = |column: &Column| column.identity.map(|one| one == Identity::Serial);
    let is = is_serial(new)?;
    let name = |column: &Column| {
        let named = column.attributes.get(SEQUENCE_NAME);
        let named = named.map(|name| table.sibling(last_part(name).trim_matches('"')));
        named.unwrap_or_else(|| sequence_name(table, &column.name))
    };
    let gone = match is_serial(old) {
        Some(was) => (was != is).then(|| name(old)),
        None => {
            Some(name(new)).filter(|name| !is && sides.difference.from.sequences.contains_key(name))
        }
    };
    gone.filter(|name| !is_wanted(sides, &qualified(name)) || is)
}

fn alter_column(table: &Name, column: &Column, what: &str) -> String {
    format!("ALTER TABLE {} ALTER COLUMN {} {what}", qualified(table), quoted(&column.name))
}

const fn always_or_not(column: &Column) -> &'static str {
    if matches!(column.identity, Some(Identity::Always)) { "ALWAYS" } else { "BY DEFAULT" }
}

fn same_kind(counting: &mut Counting, table: &Name, old: &Column, new: &Column) {
    let was = counting_sequence(table, old).unwrap_or_default();
    let name = counting_sequence(table, new).unwrap_or_default();
    if was != name {
        counting.before.push(format!("ALTER SEQUENCE {was} RENAME TO {}", last_part(&name)));
    }
    if old.identity != new.identity {
        let what = format!("SET GENERATED {}", always_or_not(new));
        counting.behind.push(alter_column(table, new, &what));
    }
    let (Some(was), Some(is)) = (&old.sequence, &new.sequence) else { return };
    if new.identity == Some(Identity::Serial) {
        counting.behind.extend(alter(&name, was, is));
    } else {
        // Its type follows the column's, and the server refuses one that the counter is beyond.
        let is_shorter = plain(&is.data_type).maximum < plain(&was.data_type).maximum;
        let in_old_type = Sequence { data_type: was.data_type.clone(), ..is.clone() };
        let target = if is_shorter { &in_old_type } else { is };
        let changes = altered(&name, (was, target), |old, new_options| {
            let changes = option_changes(old, new_options);
            let words: Vec<String> = changes.iter().map(|one| format!("SET {one}")).collect();
            (!words.is_empty()).then(|| alter_column(table, new, &words.join(" ")))
        });
        let place = if is_shorter { &mut counting.before } else { &mut counting.behind };
        place.extend(changes);
        counting.behind.extend(comment(&name, was.comment.as_ref(), is.comment.as_ref()));
    }
    if is_narrowed(was, is) {
        counting.behind.push(furthest((&name, is), &[(&name, is)], table, new));
    }
}

/// The statement that names a sequence away, and the name which that has then.
pub(super) fn away(table: &Name, sequence: &str) -> [String; 2] {
    let away = suffixed(&Name::local(last_part(sequence).trim_matches('"')), "old");
    let moved = qualified(&table.sibling(away.local.clone()));
    [format!("ALTER SEQUENCE {sequence} RENAME TO {}", quoted(&away.local)), moved]
}

/// Between a serial and an identity column: the one's sequence is named away until the other has its count.
fn other_kind(
    counting: &mut Counting,
    sides: &Sides<'_>,
    table: &Name,
    (old, new): (&Column, &Column),
) {
    let was = counting_sequence(table, old).unwrap_or_default();
    let name = counting_sequence(table, new).unwrap_or_default();
    let (Some(own), Some(sequence)) = (&old.sequence, &new.sequence) else { return };
    let is_serial = new.identity == Some(Identity::Serial);
    let to = &sides.difference.to.sequences;
    let alone = to.iter().find(|(key, _)| qualified(key) == was).filter(|_| !is_serial);
    if let Some((_, alone)) = alone {
        counting.behind.push(alter_column(table, new, "DROP DEFAULT"));
        counting.behind.push(add_identity(table, new));
        counting.behind.push(furthest((&name, sequence), &[(&was, own)], table, new));
        counting.behind.extend(comment(&name, None, sequence.comment.as_ref()));
        counting.behind.extend(alter(&was, own, alone));
        return;
    }
    let [rename, moved] = away(table, &was);
    counting.before.push(rename);
    if is_serial {
        match existing(sides, &name) {
            Some(is_there) => {
                let is_there = Sequence { comment: None, ..is_there.clone() };
                let sequence = Sequence { comment: None, ..sequence.clone() };
                counting.behind.extend(alter(&name, &is_there, &sequence));
            }
            None => counting.behind.push(create(&name, sequence)),
        }
        let is_there = existing(sides, &name).map(|_| (name.as_str(), sequence));
        let counts: Vec<Counter<'_>> = is_there.into_iter().chain([(&*moved, own)]).collect();
        counting.behind.push(furthest((&name, sequence), &counts, table, new));
        // With the identity goes its sequence.
        counting.behind.push(alter_column(table, new, "DROP IDENTITY"));
        let default = format!("SET DEFAULT {}", next_value(table, new));
        counting.behind.push(alter_column(table, new, &default));
        counting.behind.push(owned_by(&name, table, &new.name));
    } else {
        counting.behind.push(alter_column(table, new, "DROP DEFAULT"));
        counting.behind.push(add_identity(table, new));
        counting.behind.push(furthest((&name, sequence), &[(&moved, own)], table, new));
        counting.behind.push(format!("DROP SEQUENCE {moved}"));
    }
    counting.behind.extend(comment(&name, None, sequence.comment.as_ref()));
}

fn add_identity(table: &Name, column: &Column) -> String {
    let options = identity_options(column);
    let what = format!("ADD GENERATED {} AS IDENTITY{options}", always_or_not(column));
    alter_column(table, column, &what)
}

/// The sequence standing alone that a column takes its values from, before it counts with its own.
pub(super) fn succeeded<'a>(
    sides: &'a Sides<'_>,
    table: &Name,
    new: &Column,
) -> Option<(&'a Name, &'a Sequence)> {
    let default = sides.old_table(table)?.column(&new.name)?.default.as_ref()?;
    let mut alone = sides.difference.from.sequences.iter();
    alone
        .find(|(name, _)| next_of(&qualified(name)) == *default && !is_relation_coming(sides, name))
}

/// The default that takes its values from a sequence.
pub(super) fn next_of(sequence: &str) -> String {
    format!("nextval({}::regclass)", literal(sequence))
}

/// The count begins behind the rows that are there, and behind what the sequence gave out that the column's takes the
/// place of.
fn begins(counting: &mut Counting, sides: &Sides<'_>, table: &Name, new: &Column) {
    let name = counting_sequence(table, new).unwrap_or_default();
    let Some(sequence) = &new.sequence else { return };
    let is_there = existing(sides, &name);
    let succeeded = succeeded(sides, table, new).map(|(name, of)| (qualified(name), of));
    let succeeded = succeeded.as_ref().filter(|(other, _)| *other != name);
    let succeeded = succeeded.map(|(name, of)| (name.as_str(), *of));
    if let Some(was) = is_there.filter(|_| new.identity != Some(Identity::Serial)) {
        let [rename, moved] = away(table, &name);
        counting.before.push(rename);
        counting.behind.push(add_identity(table, new));
        let counts: Vec<Counter<'_>> = [(&*moved, was)].into_iter().chain(succeeded).collect();
        counting.behind.push(furthest((&name, sequence), &counts, table, new));
        counting.behind.push(format!("DROP SEQUENCE {moved}"));
        counting.behind.extend(comment(&name, None, sequence.comment.as_ref()));
        return;
    }
    if new.identity == Some(Identity::Serial) {
        match is_there {
            Some(was) => counting.behind.extend(alter(&name, was, sequence)),
            None => counting.behind.push(create(&name, sequence)),
        }
        let default = format!("SET DEFAULT {}", next_value(table, new));
        counting.behind.push(alter_column(table, new, &default));
        counting.behind.push(owned_by(&name, table, &new.name));
    } else {
        counting.behind.push(add_identity(table, new));
    }
    let counts: Vec<Counter<'_>> = [(&*name, sequence)].into_iter().chain(succeeded).collect();
    counting.behind.push(furthest((&name, sequence), &counts, table, new));
    if is_there.is_none() {
        counting.behind.extend(comment(&name, None, sequence.comment.as_ref()));
    }
}

fn ends(counting: &mut Counting, sides: &Sides<'_>, table: &Name, (old, new): (&Column, &Column)) {
    let name = counting_sequence(table, old).unwrap_or_default();
    if let (Some(own), Some((shared, sequence))) = (&old.sequence, joined(sides, &name, new)) {
        counting.before.push(catch_up((&shared, sequence), (&name, own)));
    }
    if old.identity != Some(Identity::Serial) {
        counting.before.push(alter_column(table, old, "DROP IDENTITY"));
        return;
    }
    let to = &sides.difference.to.sequences;
    let stays = to.iter().find(|(key, _)| qualified(key) == name).map(|(_, is)| is);
    let is_wanted = is_wanted(sides, &name);
    if !is_wanted || new.default.is_none() {
        counting.before.push(alter_column(table, old, "DROP DEFAULT"));
    }
    if let (Some(is), Some(was)) = (stays, &old.sequence) {
        counting.before.extend(alter(&name, was, is));
    } else if !is_wanted {
        counting.before.push(format!("DROP SEQUENCE {name}"));
    }
}
