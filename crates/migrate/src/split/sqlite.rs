use super::lexer::Token;

/// `CREATE TRIGGER … END`: ends at a semicolon that follows `; END`, as `sqlite3_complete` has it.
#[derive(Default)]
pub(super) struct Trigger {
    head: Head,
    before: Last,
    last: Last,
}

#[derive(Default, PartialEq)]
enum Head {
    #[default]
    Start,
    Create,
    Trigger,
    Other,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Last {
    #[default]
    Other,
    Semicolon,
    End,
}

impl Trigger {
    pub(super) fn see(&mut self, token: &Token<'_>) {
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Start if token.is_word("EXPLAIN") => Head::Start,
            Head::Create if token.is_word("TEMP") || token.is_word("TEMPORARY") => Head::Create,
            Head::Create if token.is_word("TRIGGER") => Head::Trigger,
            Head::Trigger => Head::Trigger,
            Head::Start | Head::Create | Head::Other => Head::Other,
        };
        self.before = self.last;
        self.last = if token.is_sign(";") {
            Last::Semicolon
        } else if token.is_word("END") {
            Last::End
        } else {
            Last::Other
        };
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        self.head == Head::Trigger && !(self.last == Last::End && self.before == Last::Semicolon)
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;
    use crate::split::split;

    #[test]
    fn trigger_with_case_is_one_statement() {
        let text = "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN\n\
                    UPDATE a SET b = CASE WHEN 1 THEN 2 END;\n\
                    DELETE FROM [c;d];\nEND;\nSELECT 1;";
        let pieces = split(Engine::Sqlite, text);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[1].statement, "SELECT 1");
        assert_eq!(pieces[1].line, 5);
    }
}
