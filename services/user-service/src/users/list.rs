use artisan_proto::artisan::user::v1::{ListUsersRequest, ListUsersResponse};
use artisan_store::ListUsers;

use super::Users;
use crate::convert::user_to_proto;
use crate::error::{Error, Violation};
use crate::page::page_size;

/// The only order there is: new users come last, so that pages never shift.
const ORDER: &str = "create_time";

impl Users {
    /// One page, in the order of registration.
    pub(super) async fn list(&self, request: ListUsersRequest) -> Result<ListUsersResponse, Error> {
        refuse_unbuilt(&request)?;
        let page_size = page_size(request.page_size)?;
        let query = query(&request);
        let after = self.0.pages.read(&query, &request.page_token)?;
        let wanted = ListUsers { page_size, after, show_deleted: request.show_deleted };
        let page = self.0.store.list_users(&wanted).await?;
        let next_page_token = match page.next {
            Some(last) => self.0.pages.write(&query, last)?,
            None => String::new(),
        };
        Ok(ListUsersResponse {
            users: page.users.iter().map(user_to_proto).collect(),
            next_page_token,
        })
    }
}

/// What must stay the same from page to page; the page size may change (AIP-158).
fn query(request: &ListUsersRequest) -> [&'static str; 3] {
    ["ListUsers", ORDER, if request.show_deleted { "with deleted" } else { "" }]
}

fn refuse_unbuilt(request: &ListUsersRequest) -> Result<(), Error> {
    let mut violations = Vec::new();
    if !request.filter.trim().is_empty() {
        violations.push(Violation::new("filter", "is not supported yet: leave it out"));
    }
    let order = request.order_by.split_ascii_whitespace().collect::<Vec<_>>();
    if !matches!(order.as_slice(), [] | [ORDER] | [ORDER, "asc"]) {
        violations.push(Violation::new("order_by", "only create_time is supported yet"));
    }
    if violations.is_empty() { Ok(()) } else { Err(Error::Invalid(violations)) }
}
