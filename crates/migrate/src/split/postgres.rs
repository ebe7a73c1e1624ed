use super::lexer::Token;

/// Parentheses (`CREATE RULE … DO (a; b)`) and SQL bodies (`BEGIN ATOMIC … END`), as psql has them.
#[derive(Default)]
pub(super) struct Nesting {
    parentheses: usize,
    head: Head,
    was_begin: bool,
    depth: usize,
}

#[derive(Default, PartialEq)]
enum Head {
    #[default]
    Start,
    Create,
    Routine,
    Other,
}

impl Nesting {
    pub(super) fn see(&mut self, token: &Token<'_>) {
        self.see_head(token);
        if token.is_sign("(") {
            self.parentheses += 1;
        } else if token.is_sign(")") {
            self.parentheses = self.parentheses.saturating_sub(1);
        }
        if self.head == Head::Routine {
            self.see_body(token);
        }
    }

    fn see_head(&mut self, token: &Token<'_>) {
        self.head = match self.head {
            Head::Start if token.is_word("CREATE") => Head::Create,
            Head::Create if token.is_word("OR") || token.is_word("REPLACE") => Head::Create,
            Head::Create if token.is_word("FUNCTION") || token.is_word("PROCEDURE") => {
                Head::Routine
            }
            Head::Routine => Head::Routine,
            Head::Start | Head::Create | Head::Other => Head::Other,
        };
    }

    fn see_body(&mut self, token: &Token<'_>) {
        let opens = (self.was_begin && token.is_word("ATOMIC"))
            || (self.depth > 0 && token.is_word("CASE"));
        if opens {
            self.depth += 1;
        } else if token.is_word("END") {
            self.depth = self.depth.saturating_sub(1);
        }
        self.was_begin = token.is_word("BEGIN");
    }

    pub(super) fn is_open_at_semicolon(&self) -> bool {
        self.parentheses > 0 || self.depth > 0
    }
}

#[cfg(test)]
mod tests {
    use crate::Engine;
    use crate::split::split;

    fn statements(text: &str) -> Vec<&str> {
        split(Engine::Postgres, text)
            .iter()
            .map(|piece| piece.statement)
            .filter(|statement| !statement.is_empty())
            .collect()
    }

    #[test]
    fn quotes_of_every_kind_hide_semicolons() {
        let text = "SELECT $$;$$, $a$;$$;$a$, E'\\';', ';', \";\" /* ; /* ; */ ; */; SELECT a$b$c;";
        assert_eq!(statements(text).len(), 2);
        assert_eq!(statements("SELECT $1; SELECT 2"), ["SELECT $1", "SELECT 2"]);
        assert_eq!(statements("SELECT '\\'; SELECT 2").len(), 2);
    }

    #[test]
    fn bodies_and_rules_are_one_statement() {
        let function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC \
                        SELECT CASE WHEN true THEN 1 END; SELECT 2; END";
        let rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)";
        let text = format!("{function};\n{rule};\nBEGIN; COMMIT;");
        assert_eq!(statements(&text), [function, rule, "BEGIN", "COMMIT"]);
    }
}
