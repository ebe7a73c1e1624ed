//! The images at work, with the environment of the manifests: the migration, the gates, the services, an account over
//! HTTP, and an orderly end.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::TARGETS;
use super::contained::Contained;
use super::unpack::Unpacked;
use crate::deploy_check::{Object, parse};
use crate::engine::Engine;
use crate::failure::{Doing as _, Failure};
use crate::pods::{Container, SIGNING_KEY, Secrets, answered, call, newcomer, sign_in};
use crate::report;
use crate::round_trips::Database;
use crate::servers::{Origin, free_port, provide};
use crate::workspace::root;

/// As many engines as there are drivers for servers.
const ENGINES: [Engine; 2] = [Engine::Postgres, Engine::MariaDb];
const PATIENCE: Duration = Duration::from_mins(1);
const MANIFESTS: [&str; 4] = [
    "base/migrate.yaml",
    "base/user-service.yaml",
    "base/gateway.yaml",
    "overlays/dev/artisan.yaml",
];

/// The unpacked images, the manifests, and room for what they need.
struct Scene {
    folder: tempfile::TempDir,
    images: BTreeMap<&'static str, Unpacked>,
    objects: Vec<Object>,
}

/// Runs them on each engine, and the one that needs no server.
pub(super) fn run(layouts: &Path) -> Result<(), Failure> {
    let scene = Scene::set(layouts)?;
    for engine in ENGINES {
        report::step(format!("the images on {engine}"));
        let server = provide(engine, &Origin::ALL);
        let server =
            server.map_err(|reason| Failure::new(format!("{engine} does not run: {reason}")))?;
        let database = Database::create(engine, Some(&server), scene.folder.path(), "images")?;
        scene.platform(&database.url)?;
        report::line(format!(
            "{engine}: migrated, registered, signed in, read, ended with exit code 0"
        ));
    }
    report::step("the image artisan");
    scene.artisan()?;
    report::line("artisan: registered, signed in, read, ended with exit code 0");
    Ok(())
}

impl Scene {
    fn set(layouts: &Path) -> Result<Self, Failure> {
        let folder = tempfile::tempdir().doing("making a folder for the images")?;
        let mut images = BTreeMap::new();
        for target in &TARGETS {
            let root = folder.path().join(target.name);
            images.insert(target.name, Unpacked::of(&layouts.join(target.name), &root)?);
        }
        let mut objects = Vec::new();
        for name in MANIFESTS {
            let path = root().join("deploy/kustomize").join(name);
            let text = std::fs::read_to_string(&path).doing(format!("reading {name}"))?;
            objects.extend(parse(&text).doing(format!("reading {name}"))?);
        }
        Ok(Self { folder, images, objects })
    }

    /// The four containers of a deployment in the order that their gates make.
    fn platform(&self, url: &str) -> Result<(), Failure> {
        let secrets = Secrets::from([
            (("migration-database", "MIGRATION_DATABASE_URL"), url.to_owned()),
            (("database", "DATABASE_URL"), url.to_owned()),
            (("tokens", "TOKEN_SIGNING_KEY"), SIGNING_KEY.to_owned()),
        ]);
        let upstream = free_address()?;
        let service_url = ("USER_SERVICE_URL", format!("http://{upstream}"));
        let start = |name, image, addresses: &[(&str, String)]| {
            self.start(name, image, addresses, &secrets)
        };
        succeeds(&mut start("migrate", "migrate", &[])?)?;
        succeeds(&mut start("wait-for-schema", "migrate", &[])?)?;
        let admin = ("ADMIN_ADDR", free_address()?);
        let mut service = start("user-service", "user-service", &[("GRPC_ADDR", upstream), admin])?;
        is_confined(&mut service)?;
        let gate = std::slice::from_ref(&service_url);
        let mut gate = start("wait-for-user-service", "gateway", gate)?;
        succeeds(&mut gate)
            .map_err(|failure| Failure::new(format!("{failure}\n{}", service.said())))?;
        let address = free_address()?;
        let here = [("HTTP_ADDR", address.clone()), ("ADMIN_ADDR", free_address()?), service_url];
        let mut gateway = start("gateway", "gateway", &here)?;
        is_confined(&mut gateway)?;
        uses(&address, &mut gateway)?;
        ends(&mut [&mut gateway, &mut service])
    }

    /// All in one, on an empty volume.
    fn artisan(&self) -> Result<(), Failure> {
        let address = free_address()?;
        let others = [("GRPC_ADDR", free_address()?), ("ADMIN_ADDR", free_address()?)];
        let here = [&[("HTTP_ADDR", address.clone())], &others[..]].concat();
        let mut program = self.start("artisan", "artisan", &here, &Secrets::new())?;
        is_confined(&mut program)?;
        uses(&address, &mut program)?;
        ends(&mut [&mut program])
    }

    fn start(
        &self,
        name: &str,
        image: &str,
        addresses: &[(&str, String)],
        secrets: &Secrets,
    ) -> Result<Contained, Failure> {
        let mut container = Container::find(&self.objects, name)?;
        for (variable, address) in addresses {
            container.set(variable, address);
        }
        let own = tempfile::tempdir_in(self.folder.path()).doing("making a folder")?.keep();
        let mounts = container.mounts(secrets, &own)?;
        let image =
            self.images.get(image).ok_or_else(|| Failure::new(format!("no image {image}")))?;
        let given = (container.args.as_slice(), container.env.as_slice());
        Contained::start(image, given, &mounts, &own.join("log"))
    }
}

/// An address that belongs to nobody on this machine.
fn free_address() -> Result<String, Failure> {
    Ok(format!("127.0.0.1:{}", free_port().map_err(Failure::new)?))
}

fn succeeds(program: &mut Contained) -> Result<(), Failure> {
    match program.ended(PATIENCE)? {
        0 => Ok(()),
        code => Err(Failure::new(format!("it ended with {code}:\n{}", program.said()))),
    }
}

/// The manifests' security context: a user without rights, who cannot get any, and files that nobody changes.
fn is_confined(program: &mut Contained) -> Result<(), Failure> {
    const WANTED: [&str; 5] = [
        "Uid: 65532 65532 65532 65532",
        "Gid: 65532 65532 65532 65532",
        "CapEff: 0000000000000000",
        "NoNewPrivs: 1",
        "/ is read-only",
    ];
    let deadline = Instant::now() + PATIENCE;
    loop {
        // What enters the container is another process before, and root for a moment.
        let facts = program.facts().unwrap_or_default();
        if facts == WANTED {
            return Ok(());
        }
        if !program.runs() || Instant::now() > deadline {
            let found = facts.join(", ");
            return Err(Failure::new(format!("not confined: {found}\n{}", program.said())));
        }
        sleep(Duration::from_millis(20));
    }
}

/// An account is made, signed in to, and read, once the address is ready.
fn uses(address: &str, program: &mut Contained) -> Result<(), Failure> {
    let deadline = Instant::now() + PATIENCE;
    while !matches!(call(address, "GET /readyz", None, None), Ok((200, _))) {
        if !program.runs() || Instant::now() > deadline {
            return Err(Failure::new(format!("it does not become ready:\n{}", program.said())));
        }
        sleep(Duration::from_millis(50));
    }
    let email = "joao@example.com";
    let made = answered(call(address, "POST /v1/users", None, Some(&newcomer(email)))?, 201)?;
    let token = sign_in(address, email)?;
    let read = answered(call(address, "GET /v1/users/me", Some(&token), None)?, 200)?;
    if made.get("name").is_some() && made.get("name") == read.get("name") {
        return Ok(());
    }
    Err(Failure::new(format!("{made} was made, and {read} read")))
}

/// All are told to end, as a node that is drained does, and do so in order.
fn ends(programs: &mut [&mut Contained]) -> Result<(), Failure> {
    for program in &mut *programs {
        program.terminate()?;
    }
    programs.iter_mut().try_for_each(|program| succeeds(program))
}
