use super::server::Collation;
use super::{ScratchPlace, name, server};
use crate::backend::connect;
use crate::{Access, DatabaseUrl, Engine, Error, Options, Stop};

impl ScratchPlace<'_> {
    /// Does work in an empty database that is there for it alone; it is gone when this returns, also
    /// after an error or a request to end.
    ///
    /// On `SQLite` it is in memory, and belongs to the one connection that is made to it.
    pub(crate) async fn within<T>(
        &self,
        collation: Collation,
        options: &Options,
        work: impl AsyncFnOnce(&DatabaseUrl) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.target.engine() == Engine::Sqlite {
            return work(&DatabaseUrl::parse("sqlite::memory:")?).await;
        }
        let name = self.create(collation, options).await?;
        let result = match self.server().with_database(&name) {
            Ok(url) => work(&url).await,
            Err(error) => Err(error.into()),
        };
        // A request to end must not keep it from being dropped.
        let unstoppable = Options { stop: Stop::default(), ..options.clone() };
        let dropped = self.remove(&name, &unstoppable).await;
        let done = result?;
        dropped.map(|()| done)
    }

    async fn create(&self, collation: Collation, options: &Options) -> Result<String, Error> {
        let mut target = connect(self.target, Access::Read, options).await?;
        let engine = target.engine();
        let properties = server::properties(target.as_mut(), collation).await;
        target.close().await;
        let properties = properties
            .map_err(|failure| failure.while_doing("the database's properties were read"))?;
        let mut backend = connect(self.server(), Access::Write, options).await?;
        if backend.engine() != engine {
            let other = backend.engine().name();
            backend.close().await;
            let message = format!(
                "the server for scratch databases is one of {other}, and the database one of {}: name a server \
                 of the same engine and version",
                engine.name()
            );
            return Err(Error::usage("OTHER_ENGINE", message));
        }
        server::sweep(backend.as_mut()).await;
        let name = name::new();
        let created = backend.run(&format!("CREATE DATABASE {name}{properties}")).await;
        backend.close().await;
        created.map_err(server::refused)?;
        Ok(name)
    }

    async fn remove(&self, name: &str, options: &Options) -> Result<(), Error> {
        let mut backend = connect(self.server(), Access::Write, options).await?;
        let dropped = backend.run(&format!("DROP DATABASE IF EXISTS {name}")).await;
        backend.close().await;
        dropped.map_err(|failure| failure.while_doing("the scratch database was dropped"))
    }
}
