//! From a row of the predecessor to a user of ours, or to what stands against it.

use artisan_store::{
    Address, AddressFields, Artisan, ArtisanState, Buyer, Checker, Email, Invalid, LegacyColumn,
    LegacyUser, NewUser, Profile, Roles, UserId, UserState,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::decisions::{Change, ProfileIs};
use super::{password, stamp};

/// A user as it will be written; the hash is still empty.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) user: NewUser,
    pub(super) password: password::Taken,
}

/// Something about a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) column: LegacyColumn,
    pub(super) text: String,
    /// What may be decided; nothing has to be where it is absent.
    pub(super) next: Option<String>,
}

/// Reads a row with what was decided about it. There is a user if no problem asks for a decision.
pub(super) fn convert(
    row: &LegacyUser,
    change: &Change,
    now: OffsetDateTime,
) -> (Option<Prepared>, Vec<Problem>) {
    let mut reader = Reader { row, change, problems: Vec::new() };
    let id = reader.id();
    let email = reader.email();
    let create_time = reader.create_time(now);
    let state = reader.state();
    let address = reader.address();
    let profile = reader.profile();
    let password = reader.password();
    let problems = reader.problems;
    if problems.iter().any(|problem| problem.next.is_some()) {
        return (None, problems);
    }
    let prepared = || {
        let user = NewUser {
            id: id?,
            has_given_id: true,
            email: email?,
            email_verified: false,
            state: state?,
            profile,
            address,
            roles: Roles::none(),
            password_hash: String::new(),
            create_time: create_time?,
        };
        Some(Prepared { user, password: password? })
    };
    (prepared(), problems)
}

struct Reader<'a> {
    row: &'a LegacyUser,
    change: &'a Change,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn id(&mut self) -> Option<UserId> {
        let id = Uuid::parse_str(self.row.text(LegacyColumn::UserId)).ok();
        self.need(LegacyColumn::UserId, id.map(UserId), "must be a UUID")
    }

    fn email(&mut self) -> Option<Email> {
        self.take(LegacyColumn::Email, Email::parse(self.row.text(LegacyColumn::Email)))
    }

    fn create_time(&mut self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let column = LegacyColumn::RegistrationDate;
        let time = stamp::parse(self.row.text(column));
        let time = self.need(column, time, "must be a time, such as 2025-06-12T15:17:19Z")?;
        let is_past = (OffsetDateTime::UNIX_EPOCH..=now).contains(&time);
        self.need(column, is_past.then_some(time), "must lie between 1970 and today")
    }

    fn state(&mut self) -> Option<UserState> {
        let column = LegacyColumn::Status;
        let state = match self.row.text(column) {
            "active" => Some(UserState::Active),
            "inactive" => Some(UserState::Inactive),
            "pending" => Some(UserState::Pending),
            _ => None,
        };
        self.need(column, state, "must be active, inactive or pending")
    }

    fn address(&mut self) -> Option<Address> {
        use LegacyColumn::{
            AddressId, AddressRow, City, Complement, Country, Neighborhood, Number, State, Street,
            ZipCode,
        };
        let row = self.row;
        if self.change.without_address || row.get(AddressId).is_none() {
            return None;
        }
        if row.get(AddressRow).is_none() {
            self.ask(AddressId, "names no address", "\"address\": \"none\"");
            return None;
        }
        let fields = AddressFields {
            street: row.text(Street),
            number: row.text(Number),
            complement: row.text(Complement),
            neighborhood: row.text(Neighborhood),
            city: row.text(City),
            state: row.text(State),
            zip_code: row.text(ZipCode),
            country: row.text(Country),
        };
        let country = (!fields.country.is_empty()).then_some(());
        self.need(Country, country, "must be set");
        if is_brazil(fields.country) && !is_cep(fields.zip_code) && !fields.zip_code.is_empty() {
            self.note(ZipCode, "does not look like 40020-000; it is taken as it is");
        }
        self.take_fields("addresses", Address::parse(&fields))
    }

    fn profile(&mut self) -> Option<Profile> {
        use LegacyColumn::{ArtisanId, BuyerId, FullName, StoreName, UserId};
        let row = self.row;
        let is_artisan = row.get(ArtisanId).or(row.get(StoreName)).is_some();
        let is_buyer = row.get(BuyerId).or(row.get(FullName)).is_some();
        match (self.change.profile, is_artisan, is_buyer) {
            (Some(ProfileIs::None), _, _) => None,
            (Some(ProfileIs::Artisan), _, _) | (None, true, false) => self.artisan(),
            (Some(ProfileIs::Buyer), _, _) | (None, false, true) => self.buyer(),
            (None, true, true) => {
                let next = "\"profile\": \"artisan\" or \"profile\": \"buyer\"";
                self.ask(UserId, "is an artisan and a buyer", next);
                None
            }
            (None, false, false) => {
                let next = "\"profile\": \"none\", or set artisans.store_name or buyers.full_name";
                self.ask(UserId, "is neither an artisan nor a buyer", next);
                None
            }
        }
    }

    fn artisan(&mut self) -> Option<Profile> {
        use LegacyColumn::{ArtisanPhone, ArtisanStatus, Bio, StoreName};
        let row = self.row;
        let state = match row.get(ArtisanStatus).unwrap_or("active") {
            "active" => Some(ArtisanState::Active),
            "pending" => Some(ArtisanState::Pending),
            "suspended" => Some(ArtisanState::Suspended),
            _ => None,
        };
        let state = self.need(ArtisanStatus, state, "must be active, pending or suspended");
        let (name, bio, phone) = (row.text(StoreName), row.text(Bio), row.text(ArtisanPhone));
        let parsed = Artisan::parse(name, bio, phone, state.unwrap_or(ArtisanState::Active));
        self.take_fields("artisans", parsed).map(Profile::Artisan)
    }

    fn buyer(&mut self) -> Option<Profile> {
        let (name, phone) = (LegacyColumn::FullName, LegacyColumn::BuyerPhone);
        let parsed = Buyer::parse(self.row.text(name), self.row.text(phone));
        self.take_fields("buyers", parsed).map(Profile::Buyer)
    }

    fn password(&mut self) -> Option<password::Taken> {
        let column = LegacyColumn::Password;
        match password::read(self.row.text(column), self.change.password) {
            Ok(taken) => Some(taken),
            Err(problem) => {
                let next = "\"password\": \"plain\", \"hash\" or \"none\"";
                self.ask(column, problem, next);
                None
            }
        }
    }

    /// A value that must be there.
    fn need<T>(&mut self, column: LegacyColumn, value: Option<T>, problem: &str) -> Option<T> {
        if value.is_none() {
            self.ask(column, problem, format!("set {}", column.path()));
        }
        value
    }

    fn take<T>(&mut self, column: LegacyColumn, parsed: Result<T, Invalid>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(invalid) => {
                for violation in invalid.into_violations() {
                    self.need(column, None::<()>, &violation.description);
                }
                None
            }
        }
    }

    /// A value of several columns, of which each violation names one.
    fn take_fields<T>(&mut self, table: &str, parsed: Result<T, Invalid>) -> Option<T> {
        let mut checker = Checker::new();
        let value = checker.take(table, parsed);
        let Err(invalid) = checker.finish(value.as_ref()) else { return value };
        for violation in invalid.into_violations() {
            let column = LegacyColumn::from_path(&violation.field).unwrap_or(LegacyColumn::UserId);
            self.need(column, None::<()>, &violation.description);
        }
        None
    }

    fn ask(&mut self, column: LegacyColumn, text: impl Into<String>, next: impl Into<String>) {
        self.problems.push(Problem { column, text: text.into(), next: Some(next.into()) });
    }

    fn note(&mut self, column: LegacyColumn, text: &str) {
        self.problems.push(Problem { column, text: text.to_owned(), next: None });
    }
}

fn is_brazil(country: &str) -> bool {
    ["brasil", "brazil"].contains(&country.trim().to_lowercase().as_str())
}

/// Whether a postal code looks like one of Brazil: eight digits, with or without a hyphen.
fn is_cep(text: &str) -> bool {
    let digits = match text.split_once('-') {
        Some((region, place)) if region.len() == 5 => [region, place].concat(),
        Some(_) => return false,
        None => text.to_owned(),
    };
    digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
