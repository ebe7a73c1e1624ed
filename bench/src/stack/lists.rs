use artisan_testkit::Engine;

use super::{Stack, own_role, subject};
use crate::admin::Admin;
use crate::failure::Failure;
use crate::load::list::ListLoad;
use crate::run::{BARE_LIST, BARE_PAGE, LIST};
use crate::subject::{Load, Subject};

/// A page costs as much as so many users.
pub(crate) const ONE_IN: u64 = 20;

impl Stack {
    /// Starts what is bare, and prepares the calls that list users.
    pub(crate) async fn list_subjects(
        &mut self,
        engine: Engine,
        url: &str,
        admin: &Admin,
        folder: &std::path::Path,
    ) -> Result<[Subject; 3], Failure> {
        let session = admin.signed_in.session.to_string();
        let page = ["--engine", engine.name(), "--url", url];
        let both = [page.as_slice(), &["--session", &session]].concat();
        let (sqlx_page, mut page_orders) = own_role(folder, "bare-sqlx", &page)?;
        let (sqlx_both, mut both_orders) = own_role(folder, "bare-sqlx", &both)?;
        page_orders.hear().await?;
        both_orders.hear().await?;
        let load = ListLoad::new(self.user_service.port, &admin.signed_in.token).await?;
        let subjects = [
            subject(BARE_PAGE, vec![sqlx_page.pid()], Load::Itself(page_orders)),
            subject(BARE_LIST, vec![sqlx_both.pid()], Load::Itself(both_orders)),
            subject(LIST, vec![self.user_service.process.pid()], Load::List(load)),
        ];
        self.bare.extend([sqlx_page, sqlx_both]);
        Ok(subjects.map(|subject| Subject { one_in: ONE_IN, ..subject }))
    }
}
