use std::fmt;

use super::{Finding, Outcome, Report, Verified};

/// For people: one thing a line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.counts;
        writeln!(
            f,
            "source     {}: {} users, {} artisans, {} buyers, {} addresses",
            self.engine, counts.users, counts.artisans, counts.buyers, counts.addresses
        )?;
        let (shared, sharing) = (self.shared_addresses, self.users_sharing);
        let unused = self.unused_addresses;
        writeln!(
            f,
            "addresses  {shared} are shared by {sharing} users, each of whom gets one of their own; \
             {unused} belong to nobody and are left behind"
        )?;
        for finding in &self.findings {
            writeln!(f, "found      {finding}")?;
        }
        let Outcome { new, here, gone, skipped, open: _ } = self.planned;
        match self.imported {
            None => writeln!(
                f,
                "planned    {new} users to import; {here} are here already, {skipped} are skipped by \
                 decision, {gone} were erased here"
            )?,
            Some(imported) => writeln!(
                f,
                "imported   {imported} users; {here} were here already, {skipped} are skipped by \
                 decision, {gone} were erased here"
            )?,
        }
        if let Some(verified) = &self.verified {
            write!(f, "{verified}")?;
        }
        let of = format!("{} of {} users", self.undecided(), counts.users);
        match (self.undecided(), self.imported, self.dry_run) {
            (0, None, true) => writeln!(f, "A dry run: nothing was written."),
            (0, _, _) => Ok(()),
            (_, None, _) => writeln!(f, "Undecided: {of}. Nothing was written."),
            (_, Some(_), _) => writeln!(f, "Undecided: {of}. The others are imported."),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, table, id, column, problem, next } = self;
        write!(f, "{table} {id} {column}: {problem}")?;
        if user != id && !user.is_empty() {
            write!(f, " (of user {user})")?;
        }
        match next {
            Some(next) => write!(f, ". Decide: {next}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compared = self.users - self.changed_since;
        writeln!(
            f,
            "verified   {compared} users field by field, {} passwords; {} users and {} passwords were \
             changed here since",
            self.passwords, self.changed_since, self.passwords_changed
        )?;
        for difference in &self.differences {
            let (user, field) = (&difference.user, difference.field);
            writeln!(f, "differs    user {user}: {field}")?;
        }
        if self.counts_agree { Ok(()) } else { writeln!(f, "differs    the number of users") }
    }
}
