use artisan_testkit::Engine;

/// A made-up schema, and the same with a column more in some of its tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables {
    pub(super) engine: Engine,
    /// How many tables.
    pub(super) count: usize,
    /// Each so many tables one has a column more in the wanted schema; none if it is the same.
    pub(super) differing_every: Option<usize>,
}

impl Tables {
    /// How many tables differ.
    pub(super) fn differing(&self) -> usize {
        (0..self.count).filter(|number| self.differs(*number)).count()
    }

    fn differs(&self, number: usize) -> bool {
        self.differing_every.is_some_and(|every| number.is_multiple_of(every))
    }

    /// The statements of the tables in this range, as they are.
    pub(super) fn present(range: std::ops::Range<usize>) -> String {
        range.map(|number| table(number, "")).collect()
    }

    /// The statements of the whole schema as it is wanted.
    pub(super) fn wanted(&self) -> String {
        let more = |number| if self.differs(number) { ",\n    phone VARCHAR(30)" } else { "" };
        (0..self.count).map(|number| table(number, more(number))).collect()
    }
}

/// A table with seven columns, a foreign key to the table before it, and two indexes.
fn table(number: usize, more: &str) -> String {
    let before = number.saturating_sub(1);
    format!(
        "CREATE TABLE t{number:04} (
    id INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    name VARCHAR(50) NOT NULL,
    email VARCHAR(200) NOT NULL,
    amount INTEGER DEFAULT 0 NOT NULL,
    note TEXT,
    seen DATE{more},
    PRIMARY KEY (id),
    CONSTRAINT t{number:04}_owner FOREIGN KEY (owner) REFERENCES t{before:04} (id)
);
CREATE UNIQUE INDEX t{number:04}_email ON t{number:04} (email);
CREATE INDEX t{number:04}_name ON t{number:04} (name, amount);
"
    )
}
