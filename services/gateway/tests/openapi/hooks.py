"""Who schemathesis is to the platform, and what of its findings says nothing against the description.

Every exception names what it is about as exactly as an answer can be told from others, and says why. All
else that is found is a failure.
"""

import json
import os

import requests
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.jsonschema import make_validator
from schemathesis.openapi.checks import MissingHeaderNotRejected, RejectedPositiveData, UseAfterFree

URL = os.environ["ARTISAN_URL"]

if "ARTISAN_PASSWORD" in os.environ:

    @schemathesis.auth(refresh_interval=600)
    class Administrator:
        """Signs in, and again when calls have ended the session."""

        def get(self, case, context):
            who = {"email": "admin@artisan.localhost", "password": os.environ["ARTISAN_PASSWORD"]}
            answer = requests.post(f"{URL}/v1/sessions", json=who, timeout=30)
            answer.raise_for_status()
            return answer.json()["tokens"]["accessToken"]

        def set(self, case, token, context):
            set_header(case, "Authorization", f"Bearer {token}")


def set_header(case, name, value):
    if case.headers is None:
        case.headers = {}
    case.headers[name] = value


@schemathesis.hook
def filter_case(context, case):
    # The last administrator cannot be locked, deleted or erased, so the one that runs this stays if no other is made.
    body = case.body
    makes_another = case.operation.path.endswith(":setRoles") and "ADMIN" in json.dumps(body, default=str)
    return not makes_another


@schemathesis.hook
def before_call(context, case, kwargs):
    # A stream ends when its client leaves, which schemathesis does not do.
    if case.operation.path.endswith(":watch"):
        set_header(case, "X-Request-Timeout", "200ms")
    # Two ids that differ are refused before anything is looked at.
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if is_valid and "Idempotency-Key" in (case.headers or {}) and "requestId" in (case.query or {}):
        set_header(case, "Idempotency-Key", case.query["requestId"])


@schemathesis.deserializer("application/x-ndjson")
def first_line(context, response):
    # Each line is of the documented schema; the last one tells that the time is over.
    return json.loads(response.text.split("\n")[0])


# 400 for what a schema calls valid: what it depends on is not in the request.
STATE = {
    "PAGE_TOKEN_INVALID": "the service makes page tokens, each for one list",
    "RESUME_TOKEN_INVALID": "the service makes resume tokens",
    "MAIL_TOKEN_INVALID": "mails bring these tokens",
    "LAST_ADMIN": "the last administrator stays",
    "USER_DELETED": "a deleted user is undeleted before it is changed",
    "PURGE_DUE": "it is too late to undelete",
    "EMAIL_ALREADY_VERIFIED": "there is nothing to be verified",
    "CURRENT_PASSWORD_WRONG": "the password is another one",
    "REQUEST_ID_REUSED": "the id was another request's",
    # The grammar of filters (AIP-160) nests, so that no pattern tells it.
    "FILTER_SYNTAX": "no filter",
    "FILTER_FIELD_UNKNOWN": "no field of a user",
    "FILTER_NOT_INDEXED": "no field to filter by",
    "FILTER_VALUE_INVALID": "no value of the field",
}

# The same for single fields of an answer: the field, and the beginning of what is said of it.
STATE_OF_FIELDS = (
    # The user has another kind of profile.
    ("user.", "the kind of profile cannot be changed"),
    # RFC 9110 has lists of entity tags; a request has one.
    ("user.etag", "must be one entity tag"),
    ("etag", "must be one entity tag"),
    # Header and body, or header and query, say two different things: JSON Schema sees one at a time.
    ("user.etag", "is not the entity tag in If-Match"),
    ("etag", "is not the entity tag in If-Match"),
    ("request_id", "is not the key in Idempotency-Key"),
)

# The same for changes alone: a mask names what the body has not,
STATE_OF_CHANGES = (
    ("user.", "must be set"),
    ("user.artisan.state", "must be ACTIVE, PENDING or SUSPENDED"),
)
# or what the body completes (an address, another kind of profile) is not there.
STATE_OF_MERGES = (
    ("user.address", "must be set"),
    ("user.artisan", "must be set"),
    ("user.buyer", "must be set"),
    ("user.artisan.state", "must be ACTIVE, PENDING or SUSPENDED"),
)

# A pattern that all readers know tells no letters from digits beyond ASCII.
PASSWORDS = tuple((field, "must have") for field in ("user.password", "new_password", "password"))


@schemathesis.hook
def filter_failure(context, failure, case, response):
    if isinstance(failure, RejectedPositiveData):
        return not depends_on_state(case, response)
    if isinstance(failure, MissingHeaderNotRejected):
        return not is_unreadable(response)
    if isinstance(failure, AcceptedNegativeData):
        return not (is_valid_protojson(case) or is_refused_in_its_result(case, response))
    if isinstance(failure, UseAfterFree):
        # AIP-164: a deleted user is read until it is purged, and says when it was deleted.
        return "deleteTime" not in response.json()
    return True


def depends_on_state(case, response):
    # The version in the request is not the resource's.
    if response.status_code == 412:
        return "If-Match" in (case.headers or {}) or "etag" in json.dumps(case.body, default=str)
    if response.status_code != 400:
        return False
    problem = response.json()
    known = STATE_OF_FIELDS
    if case.method == "PATCH":
        known += STATE_OF_CHANGES if "updateMask" in (case.query or {}) else STATE_OF_MERGES
    if has_letters_of_all_scripts(case):
        known += PASSWORDS
    errors = [(error["field"], error["description"]) for error in problem.get("errors", [])]
    return problem["reason"] in STATE or bool(errors) and all(is_one_of(known, *error) for error in errors)


def has_letters_of_all_scripts(case):
    return not json.dumps(case.body, default=str, ensure_ascii=False).isascii()


UNREADABLE = ("must be one entity tag", "is not the entity tag in If-Match", "is not the key in Idempotency-Key")


def is_unreadable(response):
    """Whether a request was refused for what it says by itself: it is read before it is asked whose it is."""
    if response.status_code != 400:
        return False
    problem = response.json()
    texts = [error["description"] for error in problem.get("errors", [])]
    is_token = problem["reason"] in ("PAGE_TOKEN_INVALID", "RESUME_TOKEN_INVALID")
    is_header = bool(texts) and all(text.startswith(UNREADABLE) for text in texts)
    return is_token or is_header or problem["reason"].startswith("FILTER_")


def is_one_of(known, field, text):
    return any(field.startswith(prefix) and text.startswith(beginning) for prefix, beginning in known)


def is_refused_in_its_result(case, response):
    """Whether an item of a batch was refused: each has a result of its own."""
    if not case.operation.path.endswith(":batchCreate") or response.status_code != 200:
        return False
    results = response.json().get("results", [])
    return bool(results) and all(result.get("error", {}).get("code") == 3 for result in results)


def is_valid_protojson(case):
    """Whether a body is wrong only in that it has a `null`, which in ProtoJSON is a field that is not given."""
    body = case.operation.get_body_for_media_type(case.media_type)
    if body is None or any(
        component.mode.is_negative and location.value != "body" for location, component in case.meta.components.items()
    ):
        return False
    validator = make_validator(body.optimized_schema, case.operation.schema.adapter.jsonschema_validator_cls)
    return validator.is_valid(without_nulls(case.body))


def without_nulls(value):
    if value is None:
        return {}
    if isinstance(value, dict):
        return {key: without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value
