use super::super::SchemaObject;

/// The settings of the session in which an object was made and which it keeps, as far as they are not
/// those of every session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    kind: String,
    name: String,
    before: Vec<String>,
    after: Vec<String>,
}

impl Session {
    /// One that sets nothing.
    pub(super) fn new(kind: &str, name: &str) -> Self {
        let (kind, name) = (kind.to_owned(), name.to_owned());
        Self { kind, name, before: Vec::new(), after: Vec::new() }
    }

    /// Sets a variable before the object is made, and back behind it, if it has to be set.
    pub(super) fn set(&mut self, variable: &str, own: &str, usual: &str) {
        if own != usual {
            self.before.push(format!("SET {variable} = '{own}'"));
            self.after.push(format!("SET {variable} = '{usual}'"));
        }
    }

    pub(super) fn is_usual(&self) -> bool {
        self.before.is_empty()
    }

    pub(super) fn is_of(&self, object: &SchemaObject) -> bool {
        (self.kind.as_str(), &self.name) == (object.kind, &object.name)
    }

    /// The statements that make the object, without a semicolon at their end.
    pub(super) fn around(&self, sql: &str) -> String {
        // A comment at the end would hide the semicolon.
        let is_hidden = sql.lines().last().is_some_and(|last| last.contains("--"));
        let end = if is_hidden { "\n;\n" } else { ";\n" };
        format!("{};\n{sql}{end}{}", self.before.join(";\n"), self.after.join(";\n"))
    }

    /// The same as an object that can be compared.
    pub(super) fn object(&self) -> SchemaObject {
        let (name, sql) = (format!("{} {}", self.kind, self.name), self.before.join(";\n"));
        SchemaObject { kind: "session of", name, sql }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comment_at_the_end_does_not_hide_what_sets_it_back() {
        let mut session = Session::new("view", "a");
        session.set("sql_mode", "", "");
        assert!(session.is_usual());
        session.set("sql_mode", "ANSI", "");
        assert_eq!(
            session.around("SELECT 1 -- one"),
            "SET sql_mode = 'ANSI';\nSELECT 1 -- one\n;\nSET sql_mode = ''"
        );
    }
}
