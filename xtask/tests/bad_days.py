"""Bad days of a release: what an operator sees, and what still serves.

usage: bad_days.py HELM MIGRATE CHART [DAY...] [--verbose]

Helm's own upgrade runs against the small API server of helm_order.py; the Job's and the gates' commands run for real, on an SQLite
file. A migration that takes long is one that waits for another runner, or one whose statement has no end.
"""

import concurrent.futures
import contextlib
import fcntl
import signal
import socket
import socketserver
import sqlite3
import struct
import sys
import tempfile
import threading
import time

from helm_order import SHORT, Release, every, named, wait_for
from cluster import tag

PATIENCE = 120
# How often the slow statement counts is in a table, so that it has an end once somebody says so.
ENDLESS = 10**15
SLOW = (
    "INSERT INTO counted SELECT count(*) FROM (WITH RECURSIVE c(x) AS "
    "(VALUES (1) UNION ALL SELECT x + 1 FROM c WHERE x < (SELECT max(n) FROM patience)) SELECT x FROM c);"
)
FIRST = f"CREATE TABLE patience (n INTEGER);\nCREATE TABLE counted (n INTEGER);\nINSERT INTO patience VALUES ({ENDLESS});\n"
FILES = {
    "20260101000000_create_patience": ("1", "2", "slow", "4"),
    "20260102000000_create_b": ("2", "4"),
    "20260103000000_count": ("slow",),
}
TEXTS = {
    "20260101000000_create_patience": FIRST,
    "20260102000000_create_b": "CREATE TABLE b (id INTEGER);\n",
    "20260103000000_count": SLOW + "\n",
}


def write(folder):
    for name, tags in FILES.items():
        for tag in tags:
            (folder / tag).mkdir(parents=True, exist_ok=True)
            (folder / tag / f"{name}.up.sql").write_text(TEXTS[name])


class Refusing(socketserver.BaseRequestHandler):
    """As much of a PostgreSQL server as it takes to refuse a password."""

    def handle(self):
        while True:
            head = self.request.recv(8, socket.MSG_WAITALL)
            if len(head) < 8:
                return
            size, code = struct.unpack("!ii", head)
            self.request.recv(size - 8, socket.MSG_WAITALL)
            if code != 80877103:
                break
            # No TLS.
            self.request.sendall(b"N")
        fields = b"SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user \"serving\"\0\0"
        self.request.sendall(b"E" + struct.pack("!i", len(fields) + 4) + fields)


class Day:
    """A release that serves, and an upgrade that is about to go wrong."""

    def __init__(self, folder):
        self.release = Release("job", folder, write=write)
        self.cluster = self.release.cluster
        self.file = f"{folder}/accounts.db"
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.expect(self.release.deploy("1"), "the first install succeeds")

    def expect(self, holds, what):
        self.release.expect(holds, what)

    def begin(self, tag, *settings, **how):
        """An upgrade that goes on meanwhile."""
        return self.pool.submit(self.release.deploy, tag, *settings, **{"timeout": "120s", **how})

    def until(self, holds, what):
        end = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < end:
            time.sleep(0.1)
        self.expect(holds(), what)

    def count(self, event):
        return self.cluster.events.count(event)

    def serves(self, tag):
        self.release.serves(tag)

    def still_serves(self):
        """The user service's old pods do. New ones of the gateway may: their gate asks for a user service of whatever release."""
        self.expect(self.cluster.serving["user-service"] == "1", "the old pods serve")

    def ends_well(self, upgrade, tag):
        self.expect(upgrade.result(PATIENCE * 3), "the upgrade succeeds")
        self.serves(tag)

    def pod_is_told_to_end(self):
        """With 143, unless that was before it listened for signals, which on a busy machine may take its time."""
        ended = [f"migrate 2 was ended, exit {code}" for code in (143, -signal.SIGTERM)]
        self.until(lambda: any(event in ended for event in self.cluster.events), "the Job's pod is told to end")

    @contextlib.contextmanager
    def another_runner(self):
        """Somebody else holds the runner's lock."""
        with open(f"{self.file}.migrate-lock", "a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def is_written_to(self):
        """Whether somebody's transaction writes to the database now."""
        with contextlib.closing(sqlite3.connect(self.file, timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return False
            except sqlite3.OperationalError:
                return True


def secret_is_missing(day):
    day.cluster.store.delete("secrets", "migrating")
    upgrade = day.begin("2")
    wait_for(day.release, "migrate waits for the secret migrating")
    day.still_serves()
    day.release.write_secrets(day.release.url)
    day.ends_well(upgrade, "2")


def wrong_password(day):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        day.release.write_secrets(f"postgres://serving:guessed@127.0.0.1:{server.server_address[1]}/accounts")
        day.expect(not day.release.deploy("2", timeout=SHORT), "the upgrade does not succeed")
        server.shutdown()
    day.expect(day.count("job migrate 2 exit 2") == 1, "the Job is tried once")
    day.release.left("migrate", "2", "DATABASE_REFUSED", "password authentication failed")
    day.release.left("wait-for-schema", "2", "DATABASE_REFUSED")
    day.expect("guessed" not in str(day.cluster.messages + day.cluster.events), "the password is told nowhere")
    day.serves("1")
    day.release.write_secrets(day.release.url)
    day.expect(day.release.deploy("2"), "with the right one it succeeds")
    day.serves("2")


def database_is_late(day):
    with socket.socket() as nobody:
        # Taken, and not listened on.
        nobody.bind(("127.0.0.1", 0))
        day.release.write_secrets(f"postgres://serving@127.0.0.1:{nobody.getsockname()[1]}/accounts")
        upgrade = day.begin("2", "migrations.connectTimeout=1s")
        day.until(lambda: day.count("job migrate 2 exit 3") >= 2, "the Job is tried again")
        day.until(lambda: day.count("user-service wait-for-schema 2 exit 4") >= 1, "the gate is started again")
        day.release.left("migrate", "2", "DATABASE_UNREACHABLE")
        day.release.left("wait-for-schema", "2", "WAIT_TIMED_OUT", "does not answer")
        day.still_serves()
    day.release.write_secrets(day.release.url)
    day.ends_well(upgrade, "2")


def two_releases_at_once(day):
    with day.another_runner():
        first = day.begin("2")
        day.until(lambda: day.count("job migrate made") == 2, "the first one's Job is there")
        day.expect(not day.release.deploy("2"), "the second one is refused")
        day.expect("another operation" in day.release.said, "helm says why")
        day.still_serves()
    day.ends_well(first, "2")


def node_is_drained(day):
    day.release.more = ["migrations.backoffLimit=0"]
    upgrade = day.begin("slow")
    day.until(day.is_written_to, "the migration is in its statement")
    day.still_serves()
    day.cluster.may_try.clear()
    day.cluster.drain("migrate")
    wait_for(day.release, "job migrate slow exit 143")
    day.release.left("migrate", "slow", "STOPPED")
    with contextlib.closing(sqlite3.connect(day.file)) as connection, connection:
        connection.execute("UPDATE patience SET n = 1")
    day.cluster.may_try.set()
    day.ends_well(upgrade, "slow")


def job_is_deleted(day):
    with day.another_runner():
        upgrade = day.begin("2", timeout="40s")
        day.until(lambda: day.count("job migrate made") == 2, "the Job is there")
        day.until(lambda: day.cluster.running["migrate"].poll() is None, "its pod runs")
        [job] = day.cluster.store.list("jobs", lambda job: tag(job["spec"]["template"]["spec"]["containers"][0]) == "2")[0]
        day.cluster.store.delete("jobs", job["metadata"]["name"])
        day.pod_is_told_to_end()
        wait_for(day.release, "user-service wait-for-schema 2 exit 4")
        day.release.left("wait-for-schema", "2", "WAIT_TIMED_OUT", "create_b is not applied yet")
        day.still_serves()
    day.expect(not upgrade.result(PATIENCE * 3), "helm waits in vain")
    day.serves("1")
    day.expect(day.release.deploy("2"), "the next upgrade makes another Job")
    day.serves("2")


def helm_gives_up_first(day):
    with day.another_runner():
        day.expect(not day.release.deploy("2", timeout=SHORT), "helm gives up")
        day.expect("timed out" in day.release.said or "deadline exceeded" in day.release.said, "and says so")
        # The rollback takes away what the older release did not have.
        day.pod_is_told_to_end()
        day.serves("1")
        day.expect(not day.release.deploy("2", timeout=SHORT, atomic=False), "helm gives up again")
        day.still_serves()
    # Nobody has ended this one.
    wait_for(day.release, "job migrate 2 exit 0")
    wait_for(day.release, "user-service 2 serves")
    day.serves("2")


DAYS = {
    day.__name__: day
    for day in (
        secret_is_missing,
        wrong_password,
        database_is_late,
        two_releases_at_once,
        node_is_drained,
        job_is_deleted,
        helm_gives_up_first,
    )
}


def attempt(name):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        day = Day(folder)
        try:
            DAYS[name](day)
        finally:
            day.cluster.close()
        if "--verbose" in sys.argv:
            print("\n".join(day.cluster.events))
        return f"{name}: as it should be, {len(day.cluster.events)} events"


if __name__ == "__main__":
    every(named() or list(DAYS), attempt)
