"""As much of a Kubernetes API server as helm asks for: a store of objects with lists, watches and patches.

Nothing is validated and nobody is refused; what makes pods of Deployments and Jobs is in cluster.py.
"""

import base64
import copy
import json
import re
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# group/version, kind, plural; all are namespaced here but Namespace.
KINDS = [
    ("v1", "Namespace", "namespaces"),
    ("v1", "Pod", "pods"),
    ("v1", "Secret", "secrets"),
    ("v1", "Service", "services"),
    ("v1", "ServiceAccount", "serviceaccounts"),
    ("v1", "ConfigMap", "configmaps"),
    ("v1", "Event", "events"),
    ("apps/v1", "Deployment", "deployments"),
    ("apps/v1", "ReplicaSet", "replicasets"),
    ("batch/v1", "Job", "jobs"),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
    ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
]

# By what the items of a list are told apart in a strategic merge patch.
MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "imagePullSecrets": "name",
    "topologySpreadConstraints": "topologyKey",
}


def merge(target, patch):
    """Applies a strategic merge patch, which a JSON merge patch is a simple form of."""
    for key, value in patch.items():
        if key.startswith("$"):
            continue
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict):
            if value.get("$patch") == "replace":
                target[key] = {k: v for k, v in value.items() if k != "$patch"}
            else:
                target[key] = merge(target.get(key) or {}, value)
        elif isinstance(value, list) and key in MERGE_KEYS:
            target[key] = merge_list(target.get(key) or [], value, MERGE_KEYS[key])
        else:
            target[key] = value
        order = patch.get(f"$setElementOrder/{key}")
        if order and key in MERGE_KEYS:
            by = MERGE_KEYS[key]
            places = {item[by]: place for place, item in enumerate(order)}
            target[key].sort(key=lambda item: places.get(item[by], len(places)))
    return target


def merge_list(items, patches, key):
    items = list(items)
    for patch in patches:
        place = next((n for n, item in enumerate(items) if item.get(key) == patch.get(key)), None)
        if patch.get("$patch") == "delete":
            if place is not None:
                items.pop(place)
        elif place is None:
            items.append(patch)
        else:
            items[place] = merge(items[place], patch)
    return items


def fields(data):
    """The fields of a protobuf message: number and value, which is a number or bytes."""
    place = 0

    def number():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(data):
        key = number()
        if key & 7 == 0:
            yield key >> 3, number()
        else:
            size = number()
            yield key >> 3, data[place : place + size]
            place += size


def secret_of(data):
    """A Secret as helm's own storage writes it: protobuf, behind four bytes and in an envelope."""
    secret = dict_of(dict_of(data[4:], {2: "raw"})["raw"], {1: "metadata", 3: "type"}, {2: "data"})
    meta = dict_of(secret["metadata"], {1: "name", 3: "namespace"}, {11: "labels"})
    plain = {key: value.decode() for key, value in meta.items() if key != "labels"}
    plain["labels"] = {key: value.decode() for key, value in meta["labels"].items()}
    return {
        "metadata": plain,
        "type": secret.get("type", b"").decode(),
        "data": {key: base64.b64encode(value).decode() for key, value in secret["data"].items()},
    }


def dict_of(data, names, maps=()):
    found = {name: {} for name in dict(maps).values()}
    for number, value in fields(data):
        if number in names:
            found[names[number]] = value
        elif number in maps:
            entry = dict(fields(value))
            found[maps[number]][entry[1].decode()] = entry.get(2, b"")
    return found


class Store:
    """Objects by plural and name, and what happened to them, for those who watch."""

    def __init__(self):
        self.changed = threading.Condition()
        self.version = 0
        self.objects = {}
        self.history = []
        # Told of each change: event, plural, object.
        self.listeners = []

    def put(self, plural, obj):
        if plural == "deployments":
            # A number that nobody says, or not any more, is one.
            obj["spec"].setdefault("replicas", 1)
        with self.changed:
            key = (plural, obj["metadata"]["name"])
            event = "MODIFIED" if key in self.objects else "ADDED"
            meta = obj["metadata"]
            before = self.objects.get(key)
            if before is None:
                meta["uid"] = f"uid-{self.version}"
                meta["creationTimestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                meta["generation"] = 1
            elif before.get("spec") != obj.get("spec"):
                meta["generation"] = before["metadata"].get("generation", 1) + 1
            self.record(event, plural, obj)
            self.objects[key] = obj
        for listener in self.listeners:
            listener(event, plural, copy.deepcopy(obj))
        return obj

    def record(self, event, plural, obj):
        self.version += 1
        obj["metadata"]["resourceVersion"] = str(self.version)
        self.history.append((self.version, event, plural, copy.deepcopy(obj)))
        self.changed.notify_all()

    def status(self, plural, name, status):
        with self.changed:
            obj = self.objects.get((plural, name))
            if obj is not None:
                obj = copy.deepcopy(obj)
                obj["status"] = status
                self.record("MODIFIED", plural, obj)
                self.objects[(plural, name)] = obj

    def get(self, plural, name):
        with self.changed:
            return copy.deepcopy(self.objects.get((plural, name)))

    def delete(self, plural, name):
        with self.changed:
            obj = self.objects.pop((plural, name), None)
            if obj is not None:
                self.record("DELETED", plural, obj)
        return obj

    def list(self, plural, wanted):
        with self.changed:
            found = [copy.deepcopy(obj) for (of, _), obj in self.objects.items() if of == plural and wanted(obj)]
            return found, str(self.version)


def selector(query):
    """What a list's labelSelector and fieldSelector let through."""
    labels = [part for part in query.get("labelSelector", [""])[0].split(",") if part]
    fields = [part for part in query.get("fieldSelector", [""])[0].split(",") if part]

    def wanted(obj):
        has = obj["metadata"].get("labels") or {}
        for part in labels:
            key, equal, value = part.partition("=")
            if equal and has.get(key.rstrip("!")) != value.lstrip("="):
                return False
            if not equal and key not in has:
                return False
        for part in fields:
            key, _, value = part.partition("=")
            if key == "metadata.name" and obj["metadata"]["name"] != value:
                return False
        return True

    return wanted


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = None

    def log_message(self, *_):
        pass

    def answer(self, body, code=200):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, code, reason, message):
        self.answer({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message, "code": code}, code)

    def body(self):
        data = self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}"
        return secret_of(data) if data.startswith(b"k8s\0") else json.loads(data)

    def parse(self):
        url = urllib.parse.urlsplit(self.path)
        self.query = urllib.parse.parse_qs(url.query)
        match = re.fullmatch(
            r"/(?:api/(?P<core>v1)|apis/(?P<group>[^/]+/[^/]+))(?:/namespaces/(?P<ns>[^/]+))?/(?P<plural>[a-z]+)(?:/(?P<name>[^/]+))?(?P<sub>/status|/log)?",
            url.path,
        )
        if match is None:
            return url.path, None
        version = match["core"] or match["group"]
        kind = next((kind for of, kind, plural in KINDS if of == version and plural == match["plural"]), None)
        return url.path, kind and (version, kind, match["plural"], match["name"], match["ns"])

    def do_GET(self):
        path, target = self.parse()
        if path == "/version":
            return self.answer({"major": "1", "minor": "34", "gitVersion": "v1.34.0"})
        if path in ("/api", "/apis") or re.fullmatch(r"/api/v1|/apis/[^/]+/[^/]+", path):
            return self.answer(discovery(path))
        if path.startswith("/openapi/v3"):
            return self.answer(openapi(path))
        if target is None:
            return self.refuse(404, "NotFound", f"no {path}")
        version, kind, plural, name, _ = target
        if name is not None:
            obj = self.store.get(plural, name)
            return self.answer(obj) if obj else self.refuse(404, "NotFound", f'{plural} "{name}" not found')
        wanted = selector(self.query)
        if self.query.get("watch", ["false"])[0] in ("true", "1"):
            return self.watch(plural, kind, version, wanted)
        items, at = self.store.list(plural, wanted)
        return self.answer({"kind": f"{kind}List", "apiVersion": version, "metadata": {"resourceVersion": at}, "items": items})

    def watch(self, plural, kind, version, wanted):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

        def send(event, obj):
            data = json.dumps({"type": event, "object": obj}).encode() + b"\n"
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.wfile.flush()

        since = int(self.query.get("resourceVersion", ["0"])[0] or 0)
        try:
            if self.query.get("sendInitialEvents", ["false"])[0] == "true":
                items, at = self.store.list(plural, wanted)
                for obj in items:
                    send("ADDED", obj)
                mark = {"resourceVersion": at, "annotations": {"k8s.io/initial-events-end": "true"}}
                send("BOOKMARK", {"kind": kind, "apiVersion": version, "metadata": mark})
                since = int(at)
            until = time.monotonic() + 300
            while time.monotonic() < until:
                with self.store.changed:
                    news = [entry for entry in self.store.history if entry[0] > since]
                    if not news:
                        self.store.changed.wait(1)
                        continue
                for number, event, of, obj in news:
                    since = number
                    if of == plural and wanted(obj):
                        send(event, obj)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True

    def do_POST(self):
        _, target = self.parse()
        if target is None:
            return self.refuse(404, "NotFound", self.path)
        version, kind, plural, _, namespace = target
        obj = self.body()
        name = obj["metadata"]["name"]
        if self.store.get(plural, name):
            return self.refuse(409, "AlreadyExists", f'{plural} "{name}" already exists')
        obj.update(apiVersion=version, kind=kind)
        obj["metadata"]["namespace"] = namespace
        if kind == "Service":
            obj["spec"].setdefault("clusterIP", "10.0.0.1")
        return self.answer(self.store.put(plural, obj), 201)

    def do_PUT(self):
        _, (version, kind, plural, _, namespace) = self.parse()
        obj = self.body()
        obj.update(apiVersion=version, kind=kind)
        obj["metadata"]["namespace"] = namespace
        return self.answer(self.store.put(plural, obj))

    def do_PATCH(self):
        _, (_, kind, plural, name, _) = self.parse()
        before = self.store.get(plural, name)
        if before is None:
            return self.refuse(404, "NotFound", f'{plural} "{name}" not found')
        patch = self.body()
        if kind == "Job" and "template" in patch.get("spec", {}):
            return self.refuse(422, "Invalid", f'Job "{name}" is invalid: spec.template: field is immutable')
        return self.answer(self.store.put(plural, merge(before, patch)))

    def do_DELETE(self):
        _, (_, _, plural, name, _) = self.parse()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        obj = self.store.delete(plural, name)
        if obj is None:
            return self.refuse(404, "NotFound", f'{plural} "{name}" not found')
        return self.answer({"kind": "Status", "apiVersion": "v1", "status": "Success"})


def discovery(path):
    groups = sorted({version for version, _, _ in KINDS if "/" in version})
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
    if path == "/apis":
        listed = []
        for version in groups:
            entry = {"groupVersion": version, "version": version.split("/")[1]}
            listed.append({"name": version.split("/")[0], "versions": [entry], "preferredVersion": entry})
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
    version = path.removeprefix("/apis/").removeprefix("/api/")
    verbs = ["create", "delete", "get", "list", "patch", "update", "watch"]
    resources = [
        {"name": plural, "singularName": kind.lower(), "namespaced": kind != "Namespace", "kind": kind, "verbs": verbs}
        for of, kind, plural in KINDS
        if of == version
    ]
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources}


def openapi(path):
    """Says of every kind that the server validates it, so that helm asks no more."""
    versions = sorted({version for version, _, _ in KINDS})
    places = {("apis/" if "/" in version else "api/") + version: version for version in versions}
    place = path.removeprefix("/openapi/v3").strip("/")
    if not place:
        return {"paths": {place: {"serverRelativeURL": f"/openapi/v3/{place}"} for place in places}}
    paths = {}
    for of, kind, plural in KINDS:
        if of == places.get(place):
            group, _, version = of.rpartition("/")
            patch = {
                "parameters": [{"name": "fieldValidation", "in": "query"}],
                "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": kind},
            }
            paths[f"/{place}/namespaces/{{namespace}}/{plural}/{{name}}"] = {"patch": patch}
    return {"openapi": "3.0.0", "info": {"title": "stub", "version": "1"}, "paths": paths}


def serve(store):
    """Serves on a free port of this machine; gives the server, to be shut down."""
    handler = type("StoreHandler", (Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
