#!/usr/bin/env bash
# gitops-test.sh argocd|flux [--print]: the example of that deployer on the cluster that kubectl points to, which has the images
# localhost/artisan-platform/… of the chart's version. Installs the deployer, has it take the chart from SOURCE_URL at the commit
# SOURCE_REVISION, which the cluster has to be able to read, and then change the release. With --print only what it is given.
set -euo pipefail
cd "$(dirname "$0")"

deployer=$1
: "${SOURCE_URL:=https://github.com/artisan-platform/artisan-platform.git}"
: "${SOURCE_REVISION:=0000000000000000000000000000000000000000}"
: "${KUSTOMIZE:=kubectl kustomize}"
ARGOCD=v3.5.1
FLUX=v2.9.4
# shellcheck source=deploy/cluster-setup.sh
. ./cluster-setup.sh

# example RELEASE: the example, of this commit and with the images that are there; RELEASE is an annotation of its pods.
example() {
  local folder file
  folder=$(mktemp -d)
  case "$deployer" in
    argocd) file=argocd/application.yaml ;;
    flux) file=flux/helmrelease.yaml ;;
    *)
      echo "error: $deployer is neither argocd nor flux" >&2
      return 2
      ;;
  esac
  cp "$file" "$folder/example.yaml"
  cat >"$folder/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [example.yaml]
patches:
$(patches "$1")
END
  # A program and its recipe.
  # shellcheck disable=SC2086
  $KUSTOMIZE "$folder"
  rm -r "$folder"
}

# Without autoscalers: kind has no metrics server.
patches() {
  local values="{ global: { imageRegistry: localhost },
            userService: { podAnnotations: { release: $1 }, autoscaling: { enabled: false } },
            gateway: { podAnnotations: { release: $1 }, autoscaling: { enabled: false } } }"
  if [ "$deployer" = argocd ]; then
    cat <<END
  - target: { kind: Application }
    patch: |-
      apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata: { name: accounts }
      spec:
        source:
          repoURL: $SOURCE_URL
          targetRevision: "$SOURCE_REVISION"
          helm:
            valuesObject: $values
END
  else
    cat <<END
  - target: { kind: GitRepository }
    patch: |-
      - { op: replace, path: /spec/url, value: "$SOURCE_URL" }
      - { op: replace, path: /spec/ref, value: { commit: "$SOURCE_REVISION" } }
  - target: { kind: HelmRelease }
    patch: |-
      apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: { name: accounts }
      spec:
        values: $values
END
  fi
}

if [ "${2:-}" = --print ]; then
  example first
  exit
fi

set_up
if [ "$deployer" = argocd ]; then
  kubectl create namespace argocd
  kubectl apply --namespace argocd --server-side --force-conflicts \
    --filename "https://raw.githubusercontent.com/argoproj/argo-cd/$ARGOCD/manifests/install.yaml"
  # The server makes the project `default`.
  kubectl --namespace argocd wait --for=condition=Available deployment --all --timeout=5m
else
  kubectl apply --server-side --filename "https://github.com/fluxcd/flux2/releases/download/$FLUX/install.yaml"
  kubectl --namespace flux-system wait --for=condition=Available deployment --all --timeout=5m
fi

# serves RELEASE: the deployer says that all is well, and the pods are of that release.
serves() {
  local deployment
  for deployment in user-service gateway; do
    "${in[@]}" wait deployment "accounts-artisan-platform-$deployment" --timeout=15m \
      --for=jsonpath='{.spec.template.metadata.annotations.release}'="$1"
    "${in[@]}" rollout status "deployment/accounts-artisan-platform-$deployment" --timeout=15m
  done
  if [ "$deployer" = argocd ]; then
    kubectl --namespace argocd wait application accounts --for=jsonpath='{.status.sync.status}'=Synced --timeout=15m
    kubectl --namespace argocd wait application accounts --for=jsonpath='{.status.health.status}'=Healthy --timeout=15m
    kubectl --namespace argocd wait application accounts --for=jsonpath='{.status.operationState.phase}'=Succeeded --timeout=15m
  else
    "${in[@]}" wait helmrelease accounts --for=condition=Ready --timeout=15m
  fi
}

for release in first second; do
  example "$release" | kubectl apply --filename -
  # Made by the deployer, which takes a while.
  "${in[@]}" wait --for=create deployment/accounts-artisan-platform-user-service \
    deployment/accounts-artisan-platform-gateway --timeout=10m
  serves "$release"
done
echo "$deployer: installed, and changed"
