use crate::{Checker, Invalid, Line};

/// Where a user lives or works; it belongs to one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Street without the number.
    pub street: Line<1, 255>,
    /// House number; empty if there is none.
    pub number: Line<0, 20>,
    /// Flat, floor or block; empty if there is none.
    pub complement: Line<0, 100>,
    /// Neighbourhood.
    pub neighborhood: Line<1, 100>,
    /// City.
    pub city: Line<1, 100>,
    /// State, by its abbreviation.
    pub state: Line<1, 2>,
    /// Postal code, with or without a hyphen.
    pub zip_code: Line<1, 10>,
    /// Country, by its name.
    pub country: Line<1, 100>,
}

/// The texts of an address before they are checked; an empty one is an absent one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of Address")]
pub struct AddressFields<'a> {
    pub street: &'a str,
    pub number: &'a str,
    pub complement: &'a str,
    pub neighborhood: &'a str,
    pub city: &'a str,
    pub state: &'a str,
    pub zip_code: &'a str,
    pub country: &'a str,
}

impl Address {
    /// The country of an address that names none.
    pub const DEFAULT_COUNTRY: &'static str = "Brasil";

    /// Checks every field; the violations name fields such as `zip_code`.
    pub fn parse(fields: &AddressFields<'_>) -> Result<Self, Invalid> {
        let country =
            if fields.country.is_empty() { Self::DEFAULT_COUNTRY } else { fields.country };
        let mut checker = Checker::new();
        let street = checker.take("street", Line::parse(fields.street));
        let number = checker.take("number", Line::parse(fields.number));
        let complement = checker.take("complement", Line::parse(fields.complement));
        let neighborhood = checker.take("neighborhood", Line::parse(fields.neighborhood));
        let city = checker.take("city", Line::parse(fields.city));
        let state = checker.take("state", Line::parse(fields.state));
        let zip_code = checker.take("zip_code", Line::parse(fields.zip_code));
        let country = checker.take("country", Line::parse(country));
        let complete = || {
            Some(Self {
                street: street?,
                number: number?,
                complement: complement?,
                neighborhood: neighborhood?,
                city: city?,
                state: state?,
                zip_code: zip_code?,
                country: country?,
            })
        };
        checker.finish(complete())
    }

    /// The texts, to be changed in part and parsed again.
    #[must_use]
    pub fn fields(&self) -> AddressFields<'_> {
        AddressFields {
            street: self.street.as_str(),
            number: self.number.as_str(),
            complement: self.complement.as_str(),
            neighborhood: self.neighborhood.as_str(),
            city: self.city.as_str(),
            state: self.state.as_str(),
            zip_code: self.zip_code.as_str(),
            country: self.country.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALVADOR: AddressFields<'_> = AddressFields {
        street: "Rua das Flores",
        number: "123",
        complement: "",
        neighborhood: "Centro",
        city: "Salvador",
        state: "BA",
        zip_code: "40000-000",
        country: "",
    };

    #[test]
    fn country_defaults_to_brasil() {
        let address = Address::parse(&SALVADOR).expect("an address");
        assert_eq!(address.country.as_str(), "Brasil");
        assert_eq!(address.fields(), AddressFields { country: "Brasil", ..SALVADOR });
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong =
            AddressFields { state: "BAH", zip_code: "1".repeat(11).leak(), ..Default::default() };
        let invalid = Address::parse(&wrong).expect_err("nothing is set");
        let fields: Vec<_> =
            invalid.violations().iter().map(|found| found.field.as_str()).collect();
        assert_eq!(fields, ["street", "neighborhood", "city", "state", "zip_code"]);
    }
}
