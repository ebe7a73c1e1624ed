//! A program as in a container: in namespaces of its own, from its image's files alone, which it cannot
//! change, as a user without rights.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::unpack::Unpacked;
use crate::cleanup::Guard;
use crate::command::{capture, find_program};
use crate::failure::{Doing as _, Failure};
use crate::pods::Mount;

/// What a kubelet does with mounts: the image read-only, volumes read-only, `/proc` of the new processes, and the
/// devices that every program may open. Arguments: root, user, number of mounts, for each `ro` or `rw`, what and where,
/// `--`, the program.
const ENTER: &str = r#"
root=$1 user=$2 mounts=$3
shift 3
mount --bind "$root" "$root"
while [ "$mounts" -gt 0 ]; do
  mkdir -p "$root$3"
  mount --bind "$2" "$root$3"
  mount -o "remount,bind,$1" "$root$3"
  shift 3
  mounts=$((mounts - 1))
done
mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -o remount,ro "$root/dev"
mount -o remount,bind,ro "$root"
shift
exec setpriv --no-new-privs -- "$CHROOT" --userspec="$user" --groups= "$root" "$@"
"#;

/// Fails, with the reason, where namespaces and mounts cannot be made.
pub(super) fn may_run() -> Result<(), Failure> {
    let mut probe = unshare();
    probe.args([
        "sh",
        "-ec",
        "mount --bind / / && mount -t proc proc /proc && setpriv --no-new-privs true",
    ]);
    capture(&mut probe).map(drop).map_err(|failure| {
        let hint = "--check puts each image's program into namespaces of its own, which is not permitted here; it needs \
            root with CAP_SYS_ADMIN (in a container: --privileged)";
        Failure::new(format!("{hint}: {failure}"))
    })
}

fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation=private", "--pid", "--uts", "--ipc"]);
    command.args(["--fork", "--kill-child=SIGKILL", "--"]);
    command
}

/// A program that runs in its container.
#[derive(Debug)]
pub(super) struct Contained {
    name: String,
    child: Child,
    guard: Option<Guard>,
    log: PathBuf,
}

impl Contained {
    /// Starts the image's program with these arguments, in the place of its own ones if there are any.
    pub(super) fn start(
        image: &Unpacked,
        (args, env): (&[String], &[(String, String)]),
        mounts: &[Mount],
        log: &Path,
    ) -> Result<Self, Failure> {
        let chroot = find_program("chroot", &["/usr/sbin".into(), "/sbin".into()])
            .ok_or_else(|| Failure::new("no chroot in PATH"))?;
        let args = if args.is_empty() { &image.command } else { args };
        let mut command = unshare();
        command.args(["sh", "-ec", ENTER, "sh"]).arg(&image.root).arg(&image.user);
        command.arg(mounts.len().to_string());
        for Mount { from, to, writable } in mounts {
            command.arg(if *writable { "rw" } else { "ro" }).arg(from).arg(to);
        }
        command.arg("--");
        command.args(&image.entrypoint).args(args);
        // What an image's program finds in its environment by itself.
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        command.env_clear().env("PATH", path).env("CHROOT", chroot);
        command.envs(env.iter().map(|(name, value)| (name, value)));
        let file = File::create(log).doing(format!("making {}", log.display()))?;
        let errors = file.try_clone().doing("making a log")?;
        command.stdin(Stdio::null()).stdout(file).stderr(errors);
        let (guard, child) = Guard::spawn_group(&mut command).doing("starting unshare")?;
        let name = image.entrypoint.concat();
        Ok(Self { name, child, guard: Some(guard), log: log.to_owned() })
    }

    /// What it said until now.
    pub(super) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Whether it still runs.
    pub(super) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The exit code, once it has ended by itself.
    pub(super) fn ended(&mut self, within: Duration) -> Result<i32, Failure> {
        let deadline = Instant::now() + within;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().doing("waiting for its end")? {
                let code = status.code();
                return code.ok_or_else(|| Failure::new(format!("{}: {status}", self.name)));
            }
            sleep(Duration::from_millis(20));
        }
        Err(Failure::new(format!("{} did not end:\n{}", self.name, self.said())))
    }

    /// Sends SIGTERM to the program, which is the first process of its namespace, as in a pod.
    pub(super) fn terminate(&self) -> Result<(), Failure> {
        capture(Command::new("kill").args(["-s", "TERM", &self.pid()?])).map(drop)
    }

    /// Whose process it is, which rights it has and may get, and whether it can change its files, as the kernel says.
    pub(super) fn facts(&self) -> Result<Vec<String>, Failure> {
        let pid = self.pid()?;
        let read = |file: &str| {
            std::fs::read_to_string(format!("/proc/{pid}/{file}"))
                .doing(format!("looking at {}", self.name))
        };
        let (status, mounts) = (read("status")?, read("mountinfo")?);
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let mut facts: Vec<String> = ["Uid:", "Gid:", "CapEff:", "NoNewPrivs:"].map(of).into();
        // The fifth word is the place as the process sees it, the sixth its options.
        let mut places = mounts.lines().map(|line| line.split(' ').skip(4));
        let is_fixed = places.any(|mut words| {
            words.next() == Some("/")
                && words.next().is_some_and(|o| o.split(',').any(|o| o == "ro"))
        });
        facts.push(format!("/ is {}", if is_fixed { "read-only" } else { "writable" }));
        Ok(facts)
    }

    /// The program, as the machine numbers it.
    fn pid(&self) -> Result<String, Failure> {
        let parent = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        let children = children.doing(format!("looking for {}", self.name))?;
        let pid = children.split_whitespace().next().map(str::to_owned);
        pid.ok_or_else(|| Failure::new(format!("{} has ended:\n{}", self.name, self.said())))
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        // The whole group: what became another user in there is not told of its parent's death.
        drop(self.guard.take());
        let _ = self.child.wait();
    }
}
