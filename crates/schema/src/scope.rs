/// Which tables of a database are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    bookkeeping: bool,
}

impl Scope {
    /// Table names that begin so are a migration runner's own: sqlx's and `migrate`'s.
    pub const BOOKKEEPING: [&str; 2] = ["_sqlx_migrations", "_migrate_"];

    /// Alembic's table, which stays behind where `migrate` took over from it.
    const ALEMBIC: &str = "alembic_version";

    /// Every table but the migration runners' own.
    #[must_use]
    pub const fn application() -> Self {
        Self { bookkeeping: false }
    }

    /// Every table.
    #[must_use]
    pub const fn everything() -> Self {
        Self { bookkeeping: true }
    }

    /// Whether a table of this name is looked at.
    #[must_use]
    pub fn includes(&self, table: &str) -> bool {
        let is_own = |prefix: &&str| table.starts_with(*prefix);
        self.bookkeeping || table != Self::ALEMBIC && !Self::BOOKKEEPING.iter().any(is_own)
    }
}

impl Default for Scope {
    fn default() -> Self {
        Self::application()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bookkeeping_is_left_out_unless_asked_for() {
        let application = Scope::default();
        assert!(!application.includes("_sqlx_migrations"));
        assert!(!application.includes("_migrate_steps"));
        assert!(!application.includes("alembic_version"));
        assert!(application.includes("users"));
        assert!(application.includes("_migrated"));
        assert!(Scope::everything().includes("_migrate_steps"));
    }
}
