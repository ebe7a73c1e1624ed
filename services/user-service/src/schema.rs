//! The state of the database's schema, as seen from this binary.

use std::sync::Arc;

use artisan_migrations::{HEAD, SQLITE};
use artisan_proto::artisan::user::v1::schema_service_server::SchemaService;
use artisan_proto::artisan::user::v1::{GetSchemaStatusRequest, SchemaStatus};
use tonic::{Request, Response, Status};

use crate::core::Core;
use crate::error::Error;

/// The handlers of `SchemaService`.
#[derive(Debug)]
pub(crate) struct Schemas(pub(crate) Arc<Core>);

impl Schemas {
    async fn status(&self) -> Result<SchemaStatus, Error> {
        let known = known_versions();
        let pending = self.0.store.missing_versions(&known).await?;
        let applied = known.iter().filter(|version| !pending.contains(version));
        Ok(SchemaStatus {
            head: HEAD.to_string(),
            applied: applied.map(ToString::to_string).collect(),
            pending: pending.iter().map(ToString::to_string).collect(),
        })
    }
}

/// The versions embedded in this binary, the same on every engine, oldest first.
pub(crate) fn known_versions() -> Vec<i64> {
    let ups = SQLITE.iter().filter(|file| !file.name.ends_with(".down.sql"));
    ups.filter_map(|file| file.name.split_once('_')?.0.parse().ok()).collect()
}

#[tonic::async_trait]
impl SchemaService for Schemas {
    async fn get_schema_status(
        &self,
        _: Request<GetSchemaStatusRequest>,
    ) -> Result<Response<SchemaStatus>, Status> {
        Ok(Response::new(self.status().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn head_is_the_last_known_version() {
        let known = known_versions();
        assert!(known.is_sorted());
        assert_eq!(known.last(), Some(&HEAD));
    }
}
