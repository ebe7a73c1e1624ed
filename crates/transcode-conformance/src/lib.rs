//! Code generated from a contract with every kind of field and every form of HTTP rule, and an
//! oracle that holds generated JSON against reflection, for any contract.

pub mod kitchen;
pub mod oracle;
