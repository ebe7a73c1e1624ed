#!/usr/bin/env bash
# cluster-test.sh [STRATEGY]: the chart on the cluster that kubectl points to, which has the images
# localhost/artisan-platform/… of the chart's version. Installs, tests, upgrades and rolls back under load: not one request may fail.
set -euo pipefail
cd "$(dirname "$0")"

strategy=${1:-job}
# shellcheck source=deploy/cluster-setup.sh
. ./cluster-setup.sh
set_up

chart() {
  local verb=$1
  shift
  helm "$verb" accounts helm/artisan-platform --namespace "$namespace" --atomic --timeout 10m \
    --set userService.image.registry=localhost --set gateway.image.registry=localhost \
    --set migrations.image.registry=localhost --set migrations.strategy="$strategy" \
    --set database.existingSecret=accounts-database \
    --set database.migration.existingSecret=accounts-migration-database \
    --set tokens.existingSecret=accounts-tokens \
    --set rollout.terminationGracePeriodSeconds=30 --set rollout.minReadySeconds=2 "$@"
}

# The database may still be starting: the release waits for it by itself.
chart install
helm test accounts --namespace "$namespace"

# What a client sees meanwhile: a new connection for each request, through the service.
"${in[@]}" apply --filename - <<'END'
apiVersion: v1
kind: Pod
metadata:
  name: load
spec:
  restartPolicy: Never
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    seccompProfile: { type: RuntimeDefault }
  containers:
    - name: load
      image: curlimages/curl:8.16.0
      command: [sh, -c]
      args:
        - |
          sent=0 failed=0
          while [ ! -e /tmp/stop ]; do
            sent=$((sent + 1))
            curl --silent --show-error --fail --max-time 10 --output /dev/null \
              http://accounts-artisan-platform-gateway/.well-known/jwks.json || failed=$((failed + 1))
          done
          echo "$sent requests, $failed failed"
          [ "$sent" -gt 100 ] && [ "$failed" = 0 ]
      securityContext:
        allowPrivilegeEscalation: false
        capabilities: { drop: [ALL] }
      volumeMounts:
        - { name: tmp, mountPath: /tmp }
  volumes:
    - { name: tmp, emptyDir: {} }
END
"${in[@]}" wait --for=condition=Ready pod/load --timeout=2m

chart upgrade --set userService.podAnnotations.release=second --set gateway.podAnnotations.release=second
helm rollback accounts 1 --namespace "$namespace" --wait --timeout 10m

"${in[@]}" exec load -- touch /tmp/stop
"${in[@]}" wait --for=jsonpath='{.status.phase}'=Succeeded pod/load --timeout=1m || {
  "${in[@]}" logs load
  exit 1
}
"${in[@]}" logs load --tail=1
