//! What Kubernetes does with the chart's objects: the Job, then pod after pod, a new one before an old one goes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::pod::Process;
use crate::deploy_check::{Object, parse, template};
use crate::failure::{Doing as _, Failure};
use crate::pods::{Container, SIGNING_KEY, Secrets, call};
use crate::servers::free_port;

/// The release's pods of each service.
const REPLICAS: usize = 2;
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a Service leads to a pod that was told to end: the kubelet and the proxies learn of it at the same time.
const ENDPOINT_LAG: Duration = Duration::from_secs(1);
const HEADLESS: &str = "accounts-artisan-platform-user-service-headless";
/// The least that the chart has to be told, and time and cheap passwords for a busy machine: whether requests are lost is
/// the question, not how long they take.
const VALUES: [&str; 6] = [
    "requestTimeout=25s",
    "userService.hashing.memoryKib=8",
    "userService.hashing.iterations=1",
    "database.existingSecret=database",
    "database.migration.existingSecret=migration-database",
    "tokens.existingSecret=tokens",
];

/// Addresses that a Service leads to.
pub(super) type Endpoints = Arc<Mutex<Vec<String>>>;

/// A pod that serves.
struct Pod {
    address: String,
    process: Process,
}

/// The release on this machine.
pub(super) struct Release {
    objects: Vec<Object>,
    secrets: Secrets,
    programs: PathBuf,
    folder: PathBuf,
    hosts: PathBuf,
    ports: Ports,
    started: u8,
    services: Vec<Pod>,
    gateways: Vec<Pod>,
    endpoints: Endpoints,
}

/// One for all pods: each has an address of its own.
struct Ports {
    grpc: u16,
    http: u16,
    admin: u16,
}

impl Release {
    pub(super) fn new(programs: &Path, folder: &Path, url: &str) -> Result<Self, Failure> {
        let objects = parse(&template(&VALUES, None)?).doing("reading the chart's objects")?;
        let free = || free_port().map_err(Failure::new);
        let secrets = Secrets::from([
            (("migration-database", "MIGRATION_DATABASE_URL"), url.to_owned()),
            (("database", "DATABASE_URL"), url.to_owned()),
            (("tokens", "TOKEN_SIGNING_KEY"), SIGNING_KEY.to_owned()),
        ]);
        let hosts = folder.join("hosts");
        std::fs::write(&hosts, "127.0.0.1 localhost\n").doing("writing hosts")?;
        Ok(Self {
            objects,
            secrets,
            programs: programs.to_owned(),
            folder: folder.to_owned(),
            hosts,
            ports: Ports { grpc: free()?, http: free()?, admin: free()? },
            started: 0,
            services: Vec::new(),
            gateways: Vec::new(),
            endpoints: Endpoints::default(),
        })
    }

    /// Where the gateway's Service leads to, now and later.
    pub(super) fn gateways(&self) -> Endpoints {
        Arc::clone(&self.endpoints)
    }

    /// An install or an upgrade to the release with these migrations.
    pub(super) fn deploy(&mut self, migrations: &Path) -> Result<(), Failure> {
        self.process("migrate", "migrate", "127.0.0.1", migrations)?.succeeds(PATIENCE)?;
        let old = std::mem::take(&mut self.services);
        self.roll(old, |release| release.new_service(migrations), Self::resolve)?;
        let old = std::mem::take(&mut self.gateways);
        let lead = |release: &Self, old: &[Pod]| {
            release.lead(old);
            Ok(())
        };
        self.roll(old, |release| release.new_gateway(migrations), lead)
    }

    /// All pods are told to end, and end in order.
    pub(super) fn end(&mut self) -> Result<(), Failure> {
        for mut pod in self.gateways.drain(..).chain(self.services.drain(..)) {
            pod.process.terminate()?;
            pod.process.succeeds(PATIENCE)?;
        }
        Ok(())
    }

    /// `maxSurge: 1`, `maxUnavailable: 0`: a new pod is ready before an old one is told to end.
    fn roll(
        &mut self,
        old: Vec<Pod>,
        new: impl Fn(&mut Self) -> Result<(), Failure>,
        publish: impl Fn(&Self, &[Pod]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut old = old;
        for _ in 0..REPLICAS {
            new(self)?;
            publish(self, &old)?;
            if old.is_empty() {
                continue;
            }
            let mut ending = old.remove(0);
            ending.process.terminate()?;
            sleep(ENDPOINT_LAG);
            publish(self, &old)?;
            ending.process.succeeds(PATIENCE)?;
        }
        Ok(())
    }

    fn new_service(&mut self, migrations: &Path) -> Result<(), Failure> {
        let address = self.address();
        self.process("wait-for-schema", "migrate", &address, migrations)?.succeeds(PATIENCE)?;
        let process = self.process("user-service", "user-service", &address, migrations)?;
        let admin = format!("{address}:{}", self.ports.admin);
        self.services.push(ready(Pod { address, process }, &admin)?);
        Ok(())
    }

    fn new_gateway(&mut self, migrations: &Path) -> Result<(), Failure> {
        let address = self.address();
        self.process("wait-for-user-service", "gateway", &address, migrations)?
            .succeeds(PATIENCE)?;
        let process = self.process("gateway", "gateway", &address, migrations)?;
        let http = format!("{address}:{}", self.ports.http);
        self.gateways.push(ready(Pod { address: http.clone(), process }, &http)?);
        Ok(())
    }

    /// The headless Service: one name, a line for each pod.
    fn resolve(&self, old: &[Pod]) -> Result<(), Failure> {
        let pods = self.services.iter().rev().chain(old);
        let lines = pods.map(|pod| format!("{} {HEADLESS}\n", pod.address));
        let text = format!("127.0.0.1 localhost\n{}", lines.collect::<String>());
        // In its place: a new file would not be the one that was mounted.
        std::fs::write(&self.hosts, text).doing("writing hosts")
    }

    fn lead(&self, old: &[Pod]) {
        let addresses = self.gateways.iter().chain(old).map(|pod| pod.address.clone());
        *self.endpoints.lock().unwrap_or_else(PoisonError::into_inner) = addresses.collect();
    }

    fn address(&mut self) -> String {
        self.started += 1;
        format!("127.83.0.{}", self.started)
    }

    /// A container's process, its addresses being this pod's and its Secrets files of this machine.
    fn process(
        &self,
        container: &str,
        program: &str,
        address: &str,
        migrations: &Path,
    ) -> Result<Process, Failure> {
        let mut found = Container::find(&self.objects, container)?;
        let Ports { grpc, http, admin } = self.ports;
        for (name, port) in [("GRPC_ADDR", grpc), ("HTTP_ADDR", http), ("ADMIN_ADDR", admin)] {
            found.replace(name, format!("{address}:{port}"));
        }
        found.replace("USER_SERVICE_URL", format!("http://{HEADLESS}:{grpc}"));
        // What tells one release's image from another's.
        if program == "migrate" {
            found.set("MIGRATIONS_DIR", migrations.display().to_string());
        }
        let own = self.folder.join(format!("{address}-{container}"));
        std::fs::create_dir_all(&own).doing("making a pod's folder")?;
        let mounts = found.mounts(&self.secrets, &own)?;
        found.relocate(&mounts);
        Process::start(&self.programs.join(program), &found, &self.hosts, own.join("log"))
    }
}

/// The pod, once its readiness probe passes.
fn ready(mut pod: Pod, address: &str) -> Result<Pod, Failure> {
    let deadline = Instant::now() + PATIENCE;
    while !matches!(call(address, "GET /readyz", None, None), Ok((200, _))) {
        if pod.process.has_ended() || Instant::now() > deadline {
            return Err(pod.process.failed("does not become ready"));
        }
        sleep(Duration::from_millis(50));
    }
    Ok(pod)
}
