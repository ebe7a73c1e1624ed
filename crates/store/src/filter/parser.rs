//! `filter = [sequence { AND sequence }]`, `sequence = factor { factor }`,
//! `factor = term { OR term }`, `term = [NOT | -] (condition | ( filter ))`
//! (<https://google.aip.dev/assets/misc/ebnf-filtering.txt>).

use super::condition::{Condition, Operator};
use super::expression::Expression;
use super::field::{self, Named};
use super::value::{Given, Letters};
use super::{FilterError, FilterProblem, MAX_CONDITIONS, MAX_DEPTH, MAX_LENGTH};

pub(super) fn parse(text: &str) -> Result<Expression, FilterError> {
    if text.chars().count() > MAX_LENGTH {
        let problem = format!("a filter has at most {MAX_LENGTH} characters");
        return Err(FilterError::syntax(MAX_LENGTH + 1, problem));
    }
    let mut parser = Parser { rest: text, position: 1, depth: 0, conditions: 0 };
    parser.skip_space();
    if parser.rest.is_empty() {
        return Ok(Expression::All(Vec::new()));
    }
    let expression = parser.expression()?;
    match parser.peek() {
        None => Ok(expression),
        Some(')') => Err(parser.syntax("this parenthesis was not opened")),
        Some(_) => Err(parser.syntax("a condition, AND or OR must follow")),
    }
}

struct Parser<'a> {
    rest: &'a str,
    position: usize,
    depth: usize,
    conditions: usize,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.sequence()?];
        while self.take_word("AND") {
            parts.push(self.sequence()?);
        }
        Ok(Expression::all(parts))
    }

    fn sequence(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.factor()?];
        while !matches!(self.peek(), None | Some(')')) && !self.is_word("AND") {
            parts.push(self.factor()?);
        }
        Ok(Expression::all(parts))
    }

    fn factor(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.term()?];
        while self.take_word("OR") {
            parts.push(self.term()?);
        }
        Ok(Expression::any(parts))
    }

    fn term(&mut self) -> Result<Expression, FilterError> {
        if self.take_word("NOT") || self.take('-') {
            self.skip_space();
            return self.nested(Self::term).map(Expression::negated);
        }
        self.simple()
    }

    fn simple(&mut self) -> Result<Expression, FilterError> {
        if !self.take('(') {
            return self.condition();
        }
        self.skip_space();
        let inner = self.nested(Self::expression)?;
        if !self.take(')') {
            return Err(self.syntax("a closing parenthesis is missing"));
        }
        self.skip_space();
        Ok(inner)
    }

    fn nested(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<Expression, FilterError>,
    ) -> Result<Expression, FilterError> {
        if self.depth == MAX_DEPTH {
            return Err(self.syntax(format!("at most {MAX_DEPTH} levels may be nested")));
        }
        self.depth += 1;
        let expression = inner(self)?;
        self.depth -= 1;
        Ok(expression)
    }

    fn condition(&mut self) -> Result<Expression, FilterError> {
        let begin = self.position;
        if self.conditions == MAX_CONDITIONS {
            return Err(self.syntax(format!("a filter has at most {MAX_CONDITIONS} conditions")));
        }
        self.conditions += 1;
        let path = self.path()?;
        self.skip_space();
        if self.peek() == Some('(') {
            return Err(self.syntax("functions are not supported"));
        }
        let operator = self.operator().ok_or_else(|| {
            self.syntax("=, !=, <, <=, >, >= or : must follow the field").about(&path)
        })?;
        self.skip_space();
        let given = self.value().map_err(|error| error.about(&path))?;
        self.skip_space();
        let field = match field::find(&path) {
            Named::Field(name, field) => (name, field),
            Named::NotIndexed(name) => {
                return Err(refused(FilterProblem::NotIndexed, begin, name));
            }
            Named::Unknown => return Err(refused(FilterProblem::UnknownField, begin, &path)),
        };
        let condition = Condition::of(field.1, operator, given);
        condition.map(Expression::Is).map_err(|error| error.about(field.0))
    }

    fn path(&mut self) -> Result<String, FilterError> {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "._".contains(letter);
        let length = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (path, _) = self.rest.split_at(length);
        let path = path.to_owned();
        let begins_well = path.starts_with(|first: char| first.is_ascii_alphabetic());
        let is_word = ["AND", "OR", "NOT"].contains(&path.as_str());
        if !begins_well || is_word {
            let allowed = FilterError::allowed();
            return Err(self.syntax(format!("a condition begins with a field: {allowed}")));
        }
        self.advance(length);
        Ok(path)
    }

    fn operator(&mut self) -> Option<Operator> {
        const OPERATORS: [(&str, Operator); 7] = [
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::Greater),
            (":", Operator::Has),
        ];
        let (text, operator) =
            OPERATORS.into_iter().find(|(text, _)| self.rest.starts_with(text))?;
        self.advance(text.len());
        Some(operator)
    }

    fn value(&mut self) -> Result<Given, FilterError> {
        match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote),
            Some('(') => Err(self.syntax("a value must follow: write out a condition for each")),
            _ => self.bare(),
        }
    }

    /// Up to the same quotation mark; a backslash takes the next letter as it is.
    fn quoted(&mut self, quote: char) -> Result<Given, FilterError> {
        let mut letters = Letters::at(self.position);
        self.take(quote);
        loop {
            let position = self.position;
            match self.next() {
                None => return Err(self.syntax("the closing quotation mark is missing")),
                Some(letter) if letter == quote => return Ok(letters.finish()),
                Some('*') => letters.star(position)?,
                Some('\\') => letters.letter(self.escaped(position)?, position)?,
                Some(letter) => letters.letter(letter, position)?,
            }
        }
    }

    /// The letter behind a backslash, if it needs one.
    fn escaped(&mut self, position: usize) -> Result<char, FilterError> {
        let letter = self.next().filter(|letter| "\"'\\*".contains(*letter));
        letter.ok_or_else(|| {
            FilterError::syntax(position, "after a backslash only \", ', \\ and * are allowed")
        })
    }

    /// Up to white space or a parenthesis.
    fn bare(&mut self) -> Result<Given, FilterError> {
        let mut letters = Letters::at(self.position);
        let begin = self.position;
        while let Some(letter) = self.peek() {
            let position = self.position;
            if letter.is_whitespace() || "()".contains(letter) {
                break;
            }
            if "\"'\\".contains(letter) {
                return Err(self.syntax("a value with this character must stand in quotes"));
            }
            self.next();
            if letter == '*' {
                letters.star(position)?;
            } else {
                letters.letter(letter, position)?;
            }
        }
        if self.position == begin {
            return Err(self.syntax("a value must follow; an empty one is written \"\""));
        }
        Ok(letters.finish())
    }

    /// Whether the word stands here, and is not the beginning of a longer one.
    fn is_word(&self, word: &str) -> bool {
        self.rest.strip_prefix(word).is_some_and(|rest| {
            rest.chars().next().is_none_or(|next| next.is_whitespace() || "()-".contains(next))
        })
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        if is_there {
            self.advance(word.len());
            self.skip_space();
        }
        is_there
    }

    fn take(&mut self, letter: char) -> bool {
        let is_there = self.peek() == Some(letter);
        if is_there {
            self.next();
        }
        is_there
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.advance(letter.len_utf8());
        Some(letter)
    }

    /// Passes over so many bytes, which end at a letter.
    fn advance(&mut self, bytes: usize) {
        if let Some((passed, rest)) = self.rest.split_at_checked(bytes) {
            self.position += passed.chars().count();
            self.rest = rest;
        }
    }

    fn skip_space(&mut self) {
        self.advance(self.rest.len() - self.rest.trim_start().len());
    }

    fn syntax(&self, description: impl Into<String>) -> FilterError {
        FilterError::syntax(self.position, description)
    }
}

fn refused(problem: FilterProblem, position: usize, path: &str) -> FilterError {
    let shown: String = path.chars().take(64).collect();
    let allowed = FilterError::allowed();
    let description = match problem {
        FilterProblem::NotIndexed => {
            format!("{shown} cannot be filtered by, since no index serves it; these can: {allowed}")
        }
        _ => format!("{shown} is not a field of User; to filter by there are {allowed}"),
    };
    FilterError::new(problem, position, description).about(path)
}
