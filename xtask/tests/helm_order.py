"""The order of install, upgrade and rollback, by helm itself, for each way to migrate.

usage: helm_order.py HELM MIGRATE CHART [STRATEGY...] [--verbose]

Helm talks to a small API server; what the chart's Jobs and init containers say is run for real, on an SQLite file, or, for one
strategy, on the empty database that ORDER_DATABASE_URL names. For each strategy: install, upgrade, an upgrade whose migration fails, another try, rollback to an image that is older than the
schema, contract, and a rollback that the contract made impossible. All with --wait and --atomic, where helm has it. And an
autoscaler that takes over.
"""

import concurrent.futures
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).with_name("helm_order")))
from cluster import Cluster  # noqa: E402

HELM, MIGRATE, CHART = (os.path.abspath(path) for path in sys.argv[1:4])
# Long enough for a busy machine: what succeeds ends before.
LONG = "240s"
# Of upgrades that cannot succeed: the gate fails after 10 s and is started again.
SHORT = "15s"

EXPAND = {
    "20260101000000_create_a": "CREATE TABLE a (id INTEGER);",
    "20260102000000_create_b": "CREATE TABLE b (id INTEGER);",
    "20260103000000_create_c": "CREATE TABLE c (id INTEGER);",
}
CONTRACT = ("20260104000000_drop_a", "-- phase: contract\nDROP TABLE a;")
FAILING = ("20260103000000_create_c", "CREATE TABLE c (id INTEGER);\nINSERT INTO nowhere VALUES (1);")
# The last expand revision of each tag: what its pods need.
HEADS = {"1": 20260101000000, "2": 20260102000000, "broken": 20260103000000, "3": 20260103000000, "4": 20260103000000}


def write_migrations(folder):
    names = sorted(EXPAND)
    tags = {
        "1": {name: EXPAND[name] for name in names[:1]},
        "2": {name: EXPAND[name] for name in names[:2]},
        "broken": {**{name: EXPAND[name] for name in names[:2]}, FAILING[0]: FAILING[1]},
        "3": EXPAND,
        "4": {**EXPAND, CONTRACT[0]: CONTRACT[1]},
    }
    for tag, files in tags.items():
        (folder / tag).mkdir(parents=True)
        for name, text in files.items():
            (folder / tag / f"{name}.up.sql").write_text(text + "\n")


class Release:
    """One installation on a cluster of its own."""

    def __init__(self, strategy, folder, more=(), write=write_migrations):
        self.strategy = strategy
        self.folder = Path(folder)
        self.more = list(more)
        self.migrations = self.folder / "migrations"
        write(self.migrations)
        self.url = os.environ.get("ORDER_DATABASE_URL", f"sqlite:{self.folder}/accounts.db")
        self.cluster = Cluster(MIGRATE, str(self.migrations), self.url)
        self.write_secrets(self.url)

    def write_secrets(self, url):
        for name, key in (("serving", "DATABASE_URL"), ("migrating", "MIGRATION_DATABASE_URL"), ("tokens", "TOKEN_SIGNING_KEY")):
            secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "accounts"}, "stringData": {key: url}}
            self.cluster.store.put("secrets", secret)

    def helm(self, *arguments):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "HELM_DRIVER": "secret"}
        command = [HELM, *arguments, "--namespace", "accounts", "--kube-apiserver", self.cluster.url]
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        self.cluster.tell(f"helm {arguments[0]} ended {'well' if done.returncode == 0 else 'badly'}")
        self.said = done.stdout + done.stderr
        return done.returncode == 0

    def deploy(self, tag, *settings, timeout=LONG, atomic=True):
        self.cluster.tell(f"-- deploy {tag}")
        values = [
            f"migrations.strategy={self.strategy}",
            "database.existingSecret=serving",
            "database.migration.existingSecret=migrating",
            "tokens.existingSecret=tokens",
            "migrations.waitTimeoutSeconds=10",
            *self.more,
            *settings,
        ]
        flags = [flag for value in values for flag in ("--set", value)]
        for part in ("migrations", "userService", "gateway"):
            flags += ["--set-string", f"{part}.image.tag={tag}"]
        return self.helm(
            "upgrade", "--install", "accounts", CHART, "--wait", *(["--atomic"] if atomic else []), "--timeout", timeout,
            "--disable-openapi-validation", *flags,
        )

    def migrate(self, tag):
        """What a pipeline does where the strategy is external."""
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": self.url, "MIGRATIONS_DIR": str(self.migrations / tag)}
        command = [MIGRATE, "upgrade", "head"]
        return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode

    def rollback(self, revision, timeout=LONG):
        self.cluster.tell(f"-- roll back to {revision}")
        return self.helm("rollback", "accounts", str(revision), "--wait", "--timeout", timeout)

    def expect(self, holds, what):
        if not holds:
            story = "\n".join(self.cluster.events)
            raise AssertionError(f"{self.strategy}: not so: {what}\n{story}\n{self.said}")

    def serves(self, tag):
        serving = self.cluster.serving
        self.expect(serving == {"user-service": tag, "gateway": tag}, f"{tag} serves, not {serving}")

    def before(self, first, second):
        events = self.cluster.events
        self.expect(first in events and second in events, f"{first!r} and {second!r} happened")
        self.expect(events.index(first) < events.index(second), f"{first!r} came before {second!r}")

    def left(self, container, tag, reason, *words):
        """A container of that release left such a termination message, with these words in it."""
        told = [message for name, of, message in self.cluster.messages if (name, of) == (container, tag)]
        fits = [note for note in told if note.get("reason") == reason and all(word in note["message"] for word in words)]
        self.expect(fits, f"{container} {tag} says {reason} with {words}, not {told}")

    def never_too_early(self):
        """Whenever pods of the user service began to serve, the database had what their release needs."""
        self.expect(self.cluster.served, "some pod served")
        for tag, version in self.cluster.served:
            self.expect(version >= HEADS[tag], f"{tag} served at {version}, and needs {HEADS[tag]}")


def run(strategy, folder):
    """One strategy through all days."""
    release = Release(strategy, folder)
    is_external = strategy == "external"

    if is_external:
        release.migrate("1")
    release.expect(release.deploy("1"), "the first install succeeds")
    release.serves("1")
    release.before("user-service 1 serves", "gateway 1 serves")

    if is_external:
        release.migrate("2")
    release.expect(release.deploy("2"), "an upgrade succeeds")
    release.serves("2")
    if strategy == "hook":
        release.before("job migrate 2 exit 0", "user-service 2 serves")

    if is_external:
        release.expect(release.migrate("broken") == 6, "the migration fails")
    release.expect(not release.deploy("broken", timeout=SHORT), "an upgrade whose migration fails does not succeed")
    release.serves("2")
    release.expect("user-service broken serves" not in release.cluster.events, "no new pod ever served")
    if not is_external:
        release.left("migrate", "broken", "MIGRATION_FAILED", "create_c.up.sql:2", "nowhere")
    if strategy == "hook":
        touched = [event for event in release.cluster.events if event.startswith("user-service") and "broken" in event]
        release.expect(not touched, "no pod was touched")

    if is_external:
        release.migrate("3")
    release.expect(release.deploy("3"), "the next try succeeds")
    release.serves("3")

    release.expect(release.rollback(2), "an older image is taken back on a newer schema")
    release.serves("2")

    contract = "migrations.contract.enabled=true"
    release.expect(not release.deploy("4", contract, timeout=SHORT), "contract revisions beside a rollout are refused")
    release.expect("user-service has ghcr.io/artisan-platform/user-service:2 so far" in release.said, "and it is said why")
    release.expect("job contract made" not in release.cluster.events, "before anything is done")

    if is_external:
        release.migrate("4")
    release.expect(release.deploy("4"), "a release with a contract revision succeeds")
    release.expect("job contract 4 exit 0" not in release.cluster.events, "and its contract revision waits")
    release.expect(release.deploy("4", contract, "userService.podAnnotations.now=contract"), "it runs when told")
    wait_for(release, "job contract 4 exit 0")
    release.serves("4")

    release.expect(not release.rollback(2, timeout=SHORT), "an older image is not taken back behind a contract")
    # The gateway's gate asks for a user service, of whatever release: it is back already.
    release.expect(release.cluster.serving["user-service"] == "4", "the user service's pods are untouched")
    gate = "migrate" if strategy == "initContainer" else "wait-for-schema"
    release.expect(f"user-service {gate} 2 exit 8" in release.cluster.events, "their gate says why")
    release.left(gate, "2", "DATABASE_TOO_NEW", "20260104000000")
    release.expect(release.deploy("4"), "and the way out is the newer release")
    release.serves("4")
    release.never_too_early()
    release.cluster.close()
    return release


def wait_for(release, event):
    until = time.monotonic() + 120
    while event not in release.cluster.events and time.monotonic() < until:
        time.sleep(0.1)
    release.expect(event in release.cluster.events, f"{event!r} happened")


def deadlock(folder):
    """A check that can fail: the migration behind the rollout, as a post-install hook, never runs under --wait."""
    hook = "migrations.annotations.helm\\.sh/hook=post-install\\,post-upgrade"
    release = Release("job", folder, [hook])
    release.expect(not release.deploy("1", timeout=SHORT), "a post-install hook and --wait deadlock")
    release.expect("job migrate made" not in release.cluster.events, "the job was never made")
    release.cluster.close()


def scaled(folder):
    """An autoscaler that is turned on takes the pods over that there are, and upgrades leave it those that it made."""
    name, on = "accounts-artisan-platform-user-service", "userService.autoscaling.enabled=true"
    release = Release("job", folder)

    def has(number):
        there = release.cluster.store.get("deployments", name)["spec"]["replicas"]
        release.expect(there == number, f"{number} pods, not {there}")

    release.expect(release.deploy("1", "userService.replicas=6"), "an install without an autoscaler succeeds")
    has(6)
    release.expect(release.deploy("1", on), "an autoscaler takes over")
    has(6)
    live = release.cluster.store.get("deployments", name)
    release.cluster.store.put("deployments", {**live, "spec": {**live["spec"], "replicas": 4}})
    for tag in ("2", "3"):
        release.expect(release.deploy(tag, on), "an upgrade beside the autoscaler succeeds")
        has(4)
    release.expect(release.deploy("3", "userService.replicas=5"), "and so does one without it")
    has(5)
    release.expect(release.deploy("3", on), "and one with it again")
    has(5)
    release.cluster.close()


def attempt(strategy):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if strategy == "post-install":
            deadlock(folder)
            return "post-install hook: deadlocks, as it should"
        if strategy == "autoscaler":
            scaled(folder)
            return "autoscaler: keeps the pods that there are"
        release = run(strategy, folder)
        if "--verbose" in sys.argv:
            print("\n".join(release.cluster.events))
        return f"{strategy}: as it should be, {len(release.cluster.events)} events"


def every(wanted, attempt):
    """Makes all attempts at once, and ends the program with what became of them."""
    bad = 0
    # Most of the time is waiting for what must not happen.
    with concurrent.futures.ThreadPoolExecutor(len(wanted)) as pool:
        for future in [pool.submit(attempt, name) for name in wanted]:
            try:
                print(future.result(), flush=True)
            except AssertionError as error:
                bad += 1
                print(error, file=sys.stderr)
    print(f"{len(wanted) - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)


def named():
    """What the command line asks for."""
    return [argument for argument in sys.argv[4:] if not argument.startswith("-")]


if __name__ == "__main__":
    every(named() or ["job", "hook", "initContainer", "external", "post-install", "autoscaler"], attempt)
