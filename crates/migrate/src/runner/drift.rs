use super::{Doing, Runner};
use crate::Error;
use crate::dump::{self, SchemaReport};

impl Runner {
    /// The live schema as SQL that makes it again. Writes nothing.
    pub async fn schema(&mut self) -> Result<SchemaReport, Error> {
        dump::read(self.backend.as_mut()).await.doing("the schema was read")
    }
}
