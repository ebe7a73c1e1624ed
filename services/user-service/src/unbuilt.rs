//! Methods that the contract names and this version does not have yet.

use tonic::{Request, Status};

use crate::auth::Admission;
use crate::error::Error;

/// The answer to such a method: who may not call it, hears that first.
///
/// `target` gives the field that names the user, and the name, for methods whose rule depends on it.
pub(crate) fn not_built<'a, T>(
    request: &'a Request<T>,
    target: impl FnOnce(&'a T) -> Option<(&'static str, &'a str)>,
) -> Status {
    let admitted = Admission::in_force(request.extensions()).and_then(|admission| {
        match target(request.get_ref()) {
            Some((field, name)) => admission.reach(name, field).map(|_| ()),
            None => Ok(()),
        }
    });
    admitted.err().unwrap_or(Error::NotBuilt).into()
}
