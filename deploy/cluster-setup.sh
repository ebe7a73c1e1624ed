# Sourced by the tests on a cluster: a namespace under the strictest Pod Security, a database, and the Secrets.

namespace=accounts
in=(kubectl --namespace "$namespace")

set_up() {
  local url=postgres://accounts:throwaway@postgres:5432/accounts
  kubectl create namespace "$namespace"
  kubectl label namespace "$namespace" pod-security.kubernetes.io/enforce=restricted
  "${in[@]}" apply --filename kustomize/overlays/postgres/postgres.yaml
  "${in[@]}" create secret generic postgres --from-literal=password=throwaway
  "${in[@]}" create secret generic accounts-database --from-literal=DATABASE_URL="$url"
  "${in[@]}" create secret generic accounts-migration-database --from-literal=MIGRATION_DATABASE_URL="$url"
  "${in[@]}" create secret generic accounts-tokens \
    --from-file=TOKEN_SIGNING_KEY=<(openssl genpkey -algorithm ed25519)
  # The database lets in the pods of the kustomization, whose labels are others.
  "${in[@]}" delete networkpolicy postgres
}
