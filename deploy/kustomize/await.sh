#!/usr/bin/env bash
# await.sh NAMESPACE [SECONDS]: until the newest migrate Job and the rollout are over; bad if either is.
set -euo pipefail

namespace=$1
seconds=${2:-1800}
in=(kubectl --namespace "$namespace")

# The contract Job of a release may be younger.
jobs=$("${in[@]}" get jobs --selector app.kubernetes.io/name=migrate --sort-by=.metadata.creationTimestamp --output name)
job=$(sed '/\/contract-/d' <<<"$jobs" | tail -1)
if [ -z "$job" ]; then
  echo "error: no migrate Job in $namespace" >&2
  exit 1
fi

# A Job has two ends, and `kubectl wait` looks for one of them.
end=""
until=$((SECONDS + seconds))
while [ -z "$end" ]; do
  if [ "$SECONDS" -ge "$until" ]; then
    echo "error: $job has not ended after $seconds s" >&2
    exit 1
  fi
  end=$("${in[@]}" get "$job" --output 'jsonpath={.status.conditions[?(@.status=="True")].type}' | grep -oE 'Complete|Failed' | head -1 || true)
  [ -n "$end" ] || sleep 2
done
if [ "$end" = Failed ]; then
  echo "error: $job failed; the pods that serve were left as they are" >&2
  "${in[@]}" logs "$job" --tail=50 >&2 || true
  exit 1
fi

for deployment in user-service gateway; do
  "${in[@]}" rollout status "deployment/$deployment" --timeout="${seconds}s"
done
