use super::server::{Likeness, SearchPath};
use super::{ScratchPlace, another, name, server};
use crate::backend::connect;
use crate::{Access, DatabaseUrl, Engine, Error, Options, Stop};

const IN_MEMORY: &str = "sqlite::memory:";

impl ScratchPlace<'_> {
    /// Does work in an empty database that is there for it alone; it is gone when this returns, also
    /// after an error or a request to end.
    ///
    /// On `SQLite` it is in memory, and belongs to the one connection that is made to it.
    pub(crate) async fn within<T>(
        &self,
        likeness: Likeness,
        options: &Options,
        work: impl AsyncFnOnce(&DatabaseUrl) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check()?;
        if self.target.engine() == Engine::Sqlite {
            return work(&DatabaseUrl::parse(IN_MEMORY)?).await;
        }
        let name = self.create(likeness, options).await?;
        let result = match self.server().with_database(&name) {
            Ok(url) => work(&url).await,
            Err(error) => Err(error.into()),
        };
        let dropped = self.remove(&name, options).await;
        let done = result?;
        dropped.map(|()| done)
    }

    /// The same in two databases, which are made and dropped side by side.
    pub(crate) async fn within_two<T>(
        &self,
        likeness: Likeness,
        options: &Options,
        work: impl AsyncFnOnce(&DatabaseUrl, &DatabaseUrl) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check()?;
        if self.target.engine() == Engine::Sqlite {
            let url = DatabaseUrl::parse(IN_MEMORY)?;
            return work(&url, &url).await;
        }
        let made = tokio::join!(self.create(likeness, options), self.create(likeness, options));
        let (here, there) = match made {
            (Ok(here), Ok(there)) => (here, there),
            (Ok(made), Err(error)) | (Err(error), Ok(made)) => {
                return Err(self.after(error, &made, options).await);
            }
            (Err(error), Err(_)) => return Err(error),
        };
        let server = self.server();
        let result = match (server.with_database(&here), server.with_database(&there)) {
            (Ok(here), Ok(there)) => work(&here, &there).await,
            (Err(error), _) | (_, Err(error)) => Err(error.into()),
        };
        let dropped = tokio::join!(self.remove(&here, options), self.remove(&there, options));
        let done = result?;
        dropped.0.and(dropped.1).map(|()| done)
    }

    async fn create(&self, likeness: Likeness, options: &Options) -> Result<String, Error> {
        let mut target = connect(self.target, Access::Read, options).await?;
        let engine = target.engine();
        let properties = server::properties(target.as_mut(), likeness.collation).await;
        let path = if likeness.has_search_path {
            server::search_path(target.as_mut()).await
        } else {
            Ok(None)
        };
        target.close().await;
        let doing = "the database's properties were read";
        let properties = properties.map_err(|failure| failure.while_doing(doing))?;
        let path = path.map_err(|failure| failure.while_doing(doing))?;
        let mut backend = connect(self.server(), Access::Write, options).await?;
        if backend.engine() != engine {
            let other = backend.engine();
            backend.close().await;
            return Err(another(other, engine));
        }
        server::sweep(backend.as_mut()).await;
        let name = name::new();
        let created = backend.run(&format!("CREATE DATABASE {name}{properties}")).await;
        if created.is_ok() && engine == Engine::Postgres {
            // What is thrown away need not survive a crash; where this is refused, it is only slower.
            let hurried = format!("ALTER DATABASE {name} SET synchronous_commit = off");
            drop(backend.run(&hurried).await);
        }
        backend.close().await;
        created.map_err(server::refused)?;
        if let Some(path) = path
            && let Err(error) = self.set_search_path(&name, &path, options).await
        {
            return Err(self.after(error, &name, options).await);
        }
        Ok(name)
    }

    /// Names without a schema are to mean in the scratch what they mean in the target, whatever makes them do so
    /// there: an option of the URL, the database's settings, or the role's.
    async fn set_search_path(
        &self,
        name: &str,
        path: &SearchPath,
        options: &Options,
    ) -> Result<(), Error> {
        let url = self.server().with_database(name)?;
        let mut backend = connect(&url, Access::Write, options).await?;
        let mut result = Ok(());
        for statement in path.statements(name) {
            result = backend.run(&statement).await;
            if result.is_err() {
                break;
            }
        }
        backend.close().await;
        result.map_err(|failure| failure.while_doing("the scratch database's search path was set"))
    }

    /// The error that keeps a scratch from being used, once that is dropped.
    async fn after(&self, error: Error, name: &str, options: &Options) -> Error {
        if let Err(error) = self.remove(name, options).await {
            tracing::warn!(%error, database = name, "a scratch database is left behind");
        }
        error
    }

    async fn remove(&self, name: &str, options: &Options) -> Result<(), Error> {
        // A request to end must not keep it from being dropped.
        let options = Options { stop: Stop::default(), ..options.clone() };
        let mut backend = connect(self.server(), Access::Write, &options).await?;
        let dropped = backend.run(&format!("DROP DATABASE IF EXISTS {name}")).await;
        backend.close().await;
        dropped.map_err(|failure| failure.while_doing("the scratch database was dropped"))
    }
}
