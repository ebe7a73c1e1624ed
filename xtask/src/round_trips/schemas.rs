use std::collections::BTreeSet;

use super::projects::{GALAXY, NEUTRON, OSCAR, Project};
use crate::engine::Engine;

/// A schema that other people made and use.
pub(crate) struct PublicSchema {
    pub(crate) name: &'static str,
    pub(crate) source: Source,
}

/// Where it comes from.
pub(crate) enum Source {
    /// SQL of the engine, below `/usr/share` in a package of the distribution.
    Package { package: &'static str, file: &'static str },
    /// Tables that a project in Python makes by itself.
    Project(&'static Project),
}

const SQLITE: [PublicSchema; 5] = [
    packaged("MediaWiki", "mediawiki", "mediawiki/maintenance/sqlite/tables-generated.sql"),
    packaged("Zabbix proxy", "zabbix-proxy-sqlite3", "zabbix-proxy-sqlite3/schema.sql.gz"),
    made_by("django-oscar", &OSCAR),
    made_by("OpenStack Neutron", &NEUTRON),
    made_by("Galaxy", &GALAXY),
];

const MYSQL: [PublicSchema; 6] = [
    packaged("MediaWiki", "mediawiki", "mediawiki/maintenance/tables-generated.sql"),
    packaged("Zabbix", "zabbix-server-mysql", "zabbix-server-mysql/schema.sql.gz"),
    packaged("Icinga IDO", "icinga2-ido-mysql", "icinga2-ido-mysql/schema/mysql.sql"),
    packaged("Kea", "kea-admin", "kea/scripts/mysql/dhcpdb_create.mysql"),
    made_by("django-oscar", &OSCAR),
    made_by("OpenStack Neutron", &NEUTRON),
];

/// Sets an `sql_mode` that `MySQL` has no more.
const CACTI: PublicSchema = packaged("Cacti", "cacti", "cacti/conf_templates/cacti.sql");

const POSTGRES: [PublicSchema; 7] = [
    packaged("MediaWiki", "mediawiki", "mediawiki/maintenance/postgres/tables-generated.sql"),
    packaged("Zabbix", "zabbix-server-pgsql", "zabbix-server-pgsql/schema.sql.gz"),
    packaged("Icinga IDO", "icinga2-ido-pgsql", "icinga2-ido-pgsql/schema/pgsql.sql"),
    packaged("Kea", "kea-admin", "kea/scripts/pgsql/dhcpdb_create.pgsql"),
    made_by("django-oscar", &OSCAR),
    made_by("OpenStack Neutron", &NEUTRON),
    made_by("Galaxy", &GALAXY),
];

/// The schemas that are there for an engine.
pub(crate) fn of(engine: Engine) -> impl Iterator<Item = &'static PublicSchema> {
    let (schemas, further): (&[PublicSchema], &[PublicSchema]) = match engine {
        Engine::Sqlite => (&SQLITE, &[]),
        Engine::MySql => (&MYSQL, &[]),
        Engine::MariaDb => (&MYSQL, &[CACTI]),
        Engine::Postgres => (&POSTGRES, &[]),
    };
    schemas.iter().chain(further)
}

/// All packages that hold one of them.
pub(crate) fn packages() -> BTreeSet<&'static str> {
    let schemas = Engine::ALL.into_iter().flat_map(of);
    let package = |schema: &PublicSchema| match schema.source {
        Source::Package { package, .. } => Some(package),
        Source::Project(_) => None,
    };
    schemas.filter_map(package).collect()
}

const fn packaged(name: &'static str, package: &'static str, file: &'static str) -> PublicSchema {
    PublicSchema { name, source: Source::Package { package, file } }
}

const fn made_by(name: &'static str, project: &'static Project) -> PublicSchema {
    PublicSchema { name, source: Source::Project(project) }
}
