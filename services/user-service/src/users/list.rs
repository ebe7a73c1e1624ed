use artisan_proto::artisan::user::v1::{ListUsersRequest, ListUsersResponse};
use artisan_store::{Filter, Invalid, ListUsers, Order};
use tonic::Request;

use super::Users;
use crate::auth::Admission;
use crate::convert::user_to_proto;
use crate::error::Error;
use crate::page::page_size;

impl Users {
    /// One page of those whom the filter lets through.
    pub(super) async fn list(
        &self,
        request: Request<ListUsersRequest>,
    ) -> Result<ListUsersResponse, Error> {
        let admission = Admission::in_force(request.extensions())?;
        let request = request.into_inner();
        let page_size = page_size(request.page_size)?;
        let order = Order::parse(&request.order_by).map_err(wrong_order)?;
        let filter = Filter::parse(&request.filter).map_err(Error::Filter)?;
        let filter = (!request.filter.trim().is_empty()).then_some(filter);
        let query = query(&request, order);
        let after = self.0.pages.read_place(&query, &request.page_token)?;
        let show_deleted = request.show_deleted;
        let wanted = ListUsers { page_size, after, show_deleted, filter, order };
        let page = self.0.store_for_reading(admission).list_users(&wanted).await?;
        let next_page_token = match &page.next {
            Some(last) => self.0.pages.write_place(&query, last)?,
            None => String::new(),
        };
        Ok(ListUsersResponse {
            users: page.users.iter().map(user_to_proto).collect(),
            next_page_token,
        })
    }
}

/// What must stay the same from page to page; the page size may change (AIP-158).
fn query(request: &ListUsersRequest, order: Order) -> [&str; 4] {
    let deleted = if request.show_deleted { "with deleted" } else { "" };
    ["ListUsers", order.as_str(), deleted, request.filter.trim()]
}

fn wrong_order(invalid: Invalid) -> Error {
    invalid.at("order_by").into()
}
