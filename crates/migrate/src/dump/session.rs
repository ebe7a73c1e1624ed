//! What objects keep of the session that made them, on `MySQL` and `MariaDB`.

pub(super) mod modes;

use super::compare::Drift;
use super::{SchemaObject, append, append_delimited};

/// The sessions of a schema's objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sessions {
    pub(super) kept: Vec<Session>,
    /// Of the objects that keep no mode: kinds and names of those that the session's own would not make as they
    /// are, and the mode that does.
    pub(super) fitting: Vec<(&'static str, String, String)>,
}

/// What one object keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) settings: Vec<Setting>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) variable: &'static str,
    pub(super) own: String,
    /// What every session of the runner has.
    pub(super) usual: String,
}

pub(super) const MODE: &str = "sql_mode";
pub(super) const ZONE: &str = "time_zone";
pub(super) const CLIENT: &str = "character_set_client";
pub(super) const COLLATION: &str = "collation_connection";

/// Which settings a text writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// Those that the runner's sessions do not have.
    Unusual,
    /// Where one object has an unusual one, that of all of them: another client may play the text.
    Varied,
    /// Those too that only the runner's sessions have: the engine's own client plays the text.
    ForClient,
}

/// A variable, and the expression that it is set to.
type Assignment = (&'static str, String);

impl Sessions {
    /// The statements of objects, each in the session that it needs.
    pub(super) fn append(&self, text: &mut String, objects: &[SchemaObject], written: Written) {
        let mut open = Vec::new();
        for object in objects {
            let own = self.assignments(object, written);
            if own != open {
                close(text, &open);
                begin(text, &own);
                open = own;
            }
            match written {
                Written::ForClient => append_delimited(text, &object.sql),
                Written::Unusual | Written::Varied => append(text, &object.sql),
            }
        }
        close(text, &open);
    }

    pub(super) fn retain(&mut self, is_left: impl Fn(&str, &str) -> bool) {
        self.kept.retain(|session| is_left(&session.kind, &session.name));
    }

    /// The unusual ones as objects that can be compared.
    pub(super) fn objects(&self) -> impl Iterator<Item = SchemaObject> {
        self.kept.iter().filter_map(|session| {
            let unusual = session.settings.iter().filter(|setting| setting.is_unusual());
            let lines: Vec<String> = unusual.map(Setting::statement).collect();
            let (kind, name) = ("session of", format!("{} {}", session.kind, session.name));
            (!lines.is_empty()).then(|| SchemaObject { kind, name, sql: lines.join(";\n") })
        })
    }

    /// How objects that files made behave otherwise than the same objects of a live schema, by what they keep.
    ///
    /// Character sets and collations are not looked at: newer servers and drivers choose others, and what they
    /// change of a text that was read already is next to nothing.
    pub(super) fn drift(&self, live: &Self, objects: &[SchemaObject]) -> Vec<Drift> {
        let mut drift = Vec::new();
        for session in &self.kept {
            let other = live.kept.iter().find(|one| one.is_of(&session.kind, &session.name));
            let Some(other) = other else { continue };
            let own = objects.iter().find(|object| session.is_of(object.kind, &object.name));
            let text = own.map_or("", |object| &object.sql);
            for (files, live) in session.settings.iter().zip(&other.settings) {
                if files.is_drift(text, live) {
                    let Session { kind, name, .. } = session;
                    let object = format!("{} of {kind} {name}", files.variable);
                    let (sql, found) = (files.statement(), Some(live.statement()));
                    drift.push(Drift { kind: "changed", object, sql, found });
                }
            }
        }
        drift
    }

    fn assignments(&self, object: &SchemaObject, written: Written) -> Vec<Assignment> {
        let mut fitting = self.fitting.iter();
        let fitting = fitting.find(|(kind, name, _)| *kind == object.kind && *name == object.name);
        let fitting = fitting.map(|(_, _, mode)| (MODE, mode.clone()));
        let session = self.kept.iter().find(|session| session.is_of(object.kind, &object.name));
        let settings = session.map_or(&[][..], |session| &session.settings).iter();
        let is_written = |setting: &&Setting| {
            // A text beyond ASCII is sent as what the session says that it is.
            (setting.variable != CLIENT || object.sql.is_ascii())
                && (setting.is_unusual()
                    || setting.is_misread(&object.sql)
                    || written != Written::Unusual && self.is_varied(setting.variable))
        };
        let assigned = settings.filter_map(|setting| {
            let own = is_written(&setting).then(|| format!("'{}'", setting.own));
            let added = || setting.added().filter(|_| written == Written::ForClient);
            Some((setting.variable, own.or_else(added)?))
        });
        fitting.into_iter().chain(assigned).collect()
    }

    fn is_varied(&self, variable: &str) -> bool {
        let mut settings = self.kept.iter().flat_map(|session| &session.settings);
        settings.any(|setting| setting.variable == variable && setting.is_unusual())
    }
}

impl Session {
    fn is_of(&self, kind: &str, name: &str) -> bool {
        (self.kind.as_str(), self.name.as_str()) == (kind, name)
    }

    pub(super) fn has_unusual(&self, variable: &str) -> bool {
        let mut settings = self.settings.iter();
        settings.any(|setting| setting.variable == variable && setting.is_unusual())
    }
}

impl Setting {
    fn is_unusual(&self) -> bool {
        self.own != self.usual
    }

    /// Whether the text is cut otherwise by whoever knows nothing of the server's mode.
    fn is_misread(&self, text: &str) -> bool {
        self.variable == MODE && modes::is_misread(&self.own, text)
    }

    fn statement(&self) -> String {
        format!("SET {} = '{}'", self.variable, self.own)
    }

    /// A client's own mode with what the runner adds to it.
    fn added(&self) -> Option<String> {
        let words = modes::added(&self.own).filter(|_| self.variable == MODE)?;
        Some(format!("CONCAT(@@sql_mode, ',{words}')"))
    }

    /// For an object of this text.
    fn is_drift(&self, text: &str, live: &Self) -> bool {
        match self.variable {
            MODE => modes::differ(text, &self.own, &live.own, &self.usual),
            ZONE => self.own != live.own,
            _ => false,
        }
    }
}

fn begin(text: &mut String, assignments: &[Assignment]) {
    if assignments.is_empty() {
        return;
    }
    append(text, &set(assignments, |name, _| format!("@previous_{name} = @@{name}")));
    append(text, &set(assignments, |name, own| format!("{name} = {own}")));
}

fn close(text: &mut String, assignments: &[Assignment]) {
    if !assignments.is_empty() {
        append(text, &set(assignments, |name, _| format!("{name} = @previous_{name}")));
    }
}

fn set(assignments: &[Assignment], one: impl Fn(&str, &str) -> String) -> String {
    let all: Vec<String> = assignments.iter().map(|(name, own)| one(name, own)).collect();
    format!("SET {}", all.join(", "))
}

#[cfg(test)]
mod tests;
