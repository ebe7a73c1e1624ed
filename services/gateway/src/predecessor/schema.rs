//! The fields of the predecessor's forms, as its two layers of checks had them.

use super::Role;

/// What was asked of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) min: usize,
    /// The longest that the first layer took, in code points.
    pub(super) max: Option<usize>,
    /// The longest that the second layer took, where the first had no limit.
    pub(super) late_max: Option<usize>,
}

const fn required(name: &'static str) -> Field {
    Field { name, is_required: true, min: 0, max: None, late_max: None }
}

const fn optional(name: &'static str) -> Field {
    Field { is_required: false, ..required(name) }
}

impl Field {
    const fn up_to(self, max: usize) -> Self {
        Self { max: Some(max), ..self }
    }

    const fn late_up_to(self, max: usize) -> Self {
        Self { late_max: Some(max), ..self }
    }
}

const EMAIL: Field = required("email");
const PASSWORD: Field = Field { min: 8, ..required("password") }.late_up_to(64);
const PHONE: Field = optional("phone").late_up_to(20);

const ARTISAN: [Field; 5] =
    [EMAIL, PASSWORD, required("store_name").up_to(255), PHONE, optional("bio").late_up_to(1000)];
const BUYER: [Field; 4] = [EMAIL, PASSWORD, required("full_name").up_to(255), PHONE];

pub(super) const ADDRESS: [Field; 8] = [
    required("street").up_to(255),
    optional("number").up_to(20),
    optional("complement").up_to(100),
    required("neighborhood").up_to(100),
    required("city").up_to(100),
    required("state").up_to(2),
    required("zip_code").up_to(10),
    optional("country").up_to(100),
];

/// The fields beside the address.
pub(super) const fn fields(role: Role) -> &'static [Field] {
    match role {
        Role::Artisan => &ARTISAN,
        Role::Buyer => &BUYER,
    }
}
