"""What makes pods of Deployments and Jobs: the chart's own commands, run for real on a real database.

An image's tag stands for the migrations that it carries. The services themselves are not run: a pod is ready once its
init containers are through.
"""

import base64
import copy
import hashlib
import json
import os
import subprocess
import tempfile
import threading
import time

from api import Store, serve

PAUSE = 0.05
# Before what failed is started again.
BACKOFF = 1


class Cluster:
    def __init__(self, migrate, migrations, database):
        self.migrate = migrate
        # Folder of folders, one for each tag.
        self.migrations = migrations
        self.url_of_database = database
        self.store = Store()
        self.store.listeners.append(self.on_change)
        self.server = serve(self.store)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        # What happened, in order, as text.
        self.events = []
        # The tag whose pods serve, by component.
        self.serving = {}
        # Each time that pods of the user service began to serve: their tag, and the schema's version then.
        self.served = []
        # What each container left as its termination message: its name, its tag, and the message.
        self.messages = []
        # Cleared while no Job may try again.
        self.may_try = threading.Event()
        self.may_try.set()
        self.running = {}
        self.drained = set()
        self.hashes = {}
        self.is_over = False

    def close(self):
        self.is_over = True
        self.server.shutdown()

    def tell(self, text):
        self.events.append(text)

    def drain(self, container):
        """Ends the pod of a Job as an eviction does, which Kubernetes notes as a disruption."""
        self.drained.add(container)
        self.running[container].terminate()

    def on_change(self, event, plural, obj):
        if plural == "jobs" and event == "ADDED":
            self.tell(f"job {component(obj)} made")
            threading.Thread(target=self.run_job, args=(obj,), daemon=True).start()
        if plural == "deployments":
            digest = hash_of(obj["spec"]["template"])
            name = obj["metadata"]["name"]
            if self.hashes.get(name) != digest:
                self.hashes[name] = digest
                threading.Thread(target=self.roll_out, args=(obj, digest), daemon=True).start()
            else:
                self.publish(obj, digest)

    # Jobs

    def run_job(self, job):
        spec = job["spec"]
        name, uid = job["metadata"]["name"], job["metadata"]["uid"]

        def is_gone():
            now = self.store.get("jobs", name)
            return self.is_over or now is None or now["metadata"]["uid"] != uid

        code, tries = 0, 0
        while tries <= spec["backoffLimit"]:
            self.may_try.wait()
            [container] = spec["template"]["spec"]["containers"]
            code = self.run(container, spec["template"]["spec"], is_gone)
            if is_gone():
                return
            self.tell(f"job {component(job)} {tag(container)} exit {code}")
            if code == 0:
                done = {"type": "Complete", "status": "True"}
                return self.store.status("jobs", name, {"succeeded": 1, "conditions": [done]})
            is_disrupted = container["name"] in self.drained
            self.drained.discard(container["name"])
            action = action_of(spec["podFailurePolicy"]["rules"], code, is_disrupted)
            if action == "FailJob":
                break
            if action != "Ignore":
                tries += 1
            self.store.status("jobs", name, {"failed": tries, "active": 1})
            time.sleep(BACKOFF)
        failed = {"type": "Failed", "status": "True", "reason": "PodFailurePolicy", "message": f"exit code {code}"}
        self.store.status("jobs", name, {"failed": 1, "conditions": [failed]})

    # Deployments

    def roll_out(self, deployment, digest):
        name = deployment["metadata"]["name"]
        pod = deployment["spec"]["template"]["spec"]

        def is_gone():
            return self.is_over or self.hashes.get(name) != digest or self.store.get("deployments", name) is None

        self.publish(deployment, digest)
        for container in pod.get("initContainers", []):
            while True:
                code = self.gate(container, pod, is_gone)
                if is_gone():
                    return
                if code == 0:
                    break
                self.tell(f"{component(deployment)} {container['name']} {tag(container)} exit {code}")
                time.sleep(BACKOFF)
        if component(deployment) == "user-service":
            self.served.append((tag(pod["containers"][0]), self.schema()))
        self.serving[component(deployment)] = tag(pod["containers"][0])
        self.tell(f"{component(deployment)} {tag(pod['containers'][0])} serves")
        self.publish(self.store.get("deployments", name), digest)

    def schema(self):
        """The newest revision that is applied."""
        command = [self.migrate, "current", "--output", "json"]
        env = {"PATH": os.environ["PATH"], "DATABASE_URL": self.url_of_database, "MIGRATIONS_DIR": self.migrations + "/4"}
        said = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout
        return max((int(revision["version"]) for revision in json.loads(said)["current"]), default=0)

    def gate(self, container, pod, is_gone):
        if container["name"] != "wait-for-user-service":
            return self.run(container, pod, is_gone)
        # It asks the user service's health; here that one serves, or does not.
        while not self.serving.get("user-service"):
            if is_gone():
                return 1
            time.sleep(PAUSE)
        return 0

    def publish(self, deployment, digest):
        """Tells the state of a Deployment, with the ReplicaSet that helm looks at."""
        if deployment is None:
            return
        name = deployment["metadata"]["name"]
        replicas = deployment["spec"]["replicas"]
        template = copy.deepcopy(deployment["spec"]["template"])
        is_ready = self.serving.get(component(deployment)) == tag(template["spec"]["containers"][0])
        ready = replicas if is_ready else 0
        template["metadata"]["labels"]["pod-template-hash"] = digest
        owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "controller": True}
        owner["uid"] = deployment["metadata"]["uid"]
        counts = {"replicas": replicas, "readyReplicas": ready, "availableReplicas": ready}
        if self.store.get("replicasets", f"{name}-{digest}") is None:
            meta = {"name": f"{name}-{digest}", "namespace": deployment["metadata"]["namespace"]}
            meta.update(labels=template["metadata"]["labels"], ownerReferences=[owner])
            spec = {"replicas": replicas, "selector": deployment["spec"]["selector"], "template": template}
            self.store.put("replicasets", {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta, "spec": spec})
        self.store.status("replicasets", f"{name}-{digest}", {**counts, "observedGeneration": 1})
        generation = deployment["metadata"]["generation"]
        self.store.status("deployments", name, {**counts, "updatedReplicas": ready, "observedGeneration": generation})

    # Containers

    def run(self, container, pod, is_gone):
        """Runs one container of `migrate` as the manifest says; its exit code, or -1 if it is not wanted any more."""
        with tempfile.TemporaryDirectory() as root:
            if not self.mount(container, pod, root, is_gone):
                return -1
            env = {"PATH": os.environ["PATH"], "MIGRATIONS_DIR": os.path.join(self.migrations, tag(container))}
            for variable in container.get("env", []):
                value = variable.get("value", "")
                env[variable["name"]] = root + value if value.startswith("/var/run/") else value
            note = os.path.join(root, "termination-log")
            open(note, "w", encoding="utf-8").close()
            env["TERMINATION_LOG"] = note
            process = subprocess.Popen(
                [self.migrate, *container.get("args", [])], env=env, cwd=root,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )
            self.running[container["name"]] = process
            while process.poll() is None:
                if is_gone():
                    process.terminate()
                    self.tell(f"{container['name']} {tag(container)} was ended, exit {process.wait()}")
                    return -1
                time.sleep(PAUSE)
            with open(note, encoding="utf-8") as file:
                self.messages.append((container["name"], tag(container), json.loads(file.read() or "{}")))
            said = process.stderr.read()
            if process.returncode != 0:
                self.events.append(f"    {said.strip().splitlines()[-1][:300] if said.strip() else ''}")
            return process.returncode

    def mount(self, container, pod, root, is_gone):
        """Puts a pod's secrets where the container looks for them; waits for those that are not there, as a kubelet does."""
        volumes = {volume["name"]: volume for volume in pod.get("volumes", [])}
        for place in container.get("volumeMounts", []):
            source = volumes[place["name"]]["secret"]
            secret = self.store.get("secrets", source["secretName"])
            if secret is None:
                self.tell(f"{container['name']} waits for the secret {source['secretName']}")
            while secret is None:
                if is_gone():
                    return False
                time.sleep(PAUSE)
                secret = self.store.get("secrets", source["secretName"])
            folder = root + place["mountPath"]
            os.makedirs(folder)
            for item in source["items"]:
                with open(os.path.join(folder, item["path"]), "w", encoding="utf-8") as file:
                    file.write(value_of(secret, item["key"]))
        return True


def action_of(rules, code, is_disrupted):
    """What a podFailurePolicy says to a pod that failed: the first rule that fits."""
    for rule in rules:
        exits = rule.get("onExitCodes", {"values": []})["values"]
        disruptions = [at for at in rule.get("onPodConditions", []) if at["type"] == "DisruptionTarget"]
        if code in exits or (is_disrupted and disruptions):
            return rule["action"]
    return "Count"


def value_of(secret, key):
    if key in secret.get("stringData", {}):
        return secret["stringData"][key]
    return base64.b64decode(secret["data"][key]).decode()


def component(obj):
    meta = obj["metadata"]
    if obj["kind"] == "Job":
        return "contract" if "-contract" in meta["name"] else "migrate"
    return meta["labels"]["app.kubernetes.io/component"]


def tag(container):
    return container["image"].rsplit(":", 1)[1]


def hash_of(template):
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]
