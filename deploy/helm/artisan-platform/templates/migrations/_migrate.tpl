{{/* The runner's container but for its name: (dict "root" $ "args" …). */}}
{{- define "artisan-platform.migrateContainer" -}}
{{- $m := .root.Values.migrations -}}
image: {{ include "artisan-platform.image" (dict "root" .root "image" $m.image) | quote }}
imagePullPolicy: {{ $m.image.pullPolicy }}
args: {{ toJson .args }}
env:
  - name: MIGRATION_DATABASE_URL_FILE
    value: /var/run/secrets/artisan/migration/url
  - name: LOCK_TIMEOUT
    value: {{ $m.lockTimeout | quote }}
  - name: CONNECT_TIMEOUT
    value: {{ $m.connectTimeout | quote }}
  - name: DDL_LOCK_TIMEOUT
    value: {{ $m.ddlLockTimeout | quote }}
  - name: DDL_RETRY_FOR
    value: {{ $m.ddlRetryFor | quote }}
  {{- include "artisan-platform.commonEnv" .root | nindent 2 }}
  {{- with $m.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  {{- include "artisan-platform.containerSecurityContext" .root | nindent 2 }}
resources:
  {{- toYaml $m.resources | nindent 2 }}
volumeMounts:
  - name: migration
    mountPath: /var/run/secrets/artisan/migration
    readOnly: true
{{- end }}

{{- define "artisan-platform.migrateVolume" -}}
{{ include "artisan-platform.secretVolume" (dict "volume" "migration" "secret" (include "artisan-platform.migrationSecret" .) "key" (include "artisan-platform.migrationSecretKey" .) "path" "url") }}
{{- end }}

{{/* What a Job of the runner does: (dict "root" $ "args" …). */}}
{{- define "artisan-platform.migrateJobSpec" -}}
{{- $m := .root.Values.migrations -}}
{{- $context := dict "root" .root "component" "migrate" "values" $m -}}
completions: 1
parallelism: 1
backoffLimit: {{ $m.backoffLimit }}
activeDeadlineSeconds: {{ $m.activeDeadlineSeconds }}
{{- if not (kindIs "invalid" $m.ttlSecondsAfterFinished) }}
ttlSecondsAfterFinished: {{ $m.ttlSecondsAfterFinished }}
{{- end }}
podFailurePolicy:
  rules:
    # No retry mends configuration, a failed migration, a broken history, a database ahead of us.
    - action: FailJob
      onExitCodes:
        containerName: migrate
        operator: In
        values: [2, 6, 7, 8]
    # A drained node is no failed try.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
template:
  metadata:
    labels:
      {{- include "artisan-platform.podLabels" $context | nindent 6 }}
    {{- with $m.podAnnotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    restartPolicy: Never
    serviceAccountName: {{ $m.serviceAccountName | default "default" }}
    automountServiceAccountToken: false
    enableServiceLinks: false
    terminationGracePeriodSeconds: {{ $m.terminationGracePeriodSeconds }}
    securityContext:
      {{- include "artisan-platform.podSecurityContext" .root | nindent 6 }}
    {{- with include "artisan-platform.placement" $context | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    containers:
      - name: migrate
        {{- include "artisan-platform.migrateContainer" . | nindent 8 }}
    volumes:
      {{- include "artisan-platform.migrateVolume" .root | nindent 6 }}
{{- end }}

{{/*
The end of a Job's name. A Job's pod cannot be changed, so another pod is another Job. Under Helm the
revision makes each upgrade try again, even after a failure; under `helm template` the revision is always
1, and the content alone decides, so that nothing drifts. Hooks are deleted before they are made anew, and
keep one name.
*/}}
{{- define "artisan-platform.migrateSuffix" -}}
{{- if not (has .root.Values.migrations.strategy (list "hook" "argocd")) -}}
{{- $d := .root.Values.database -}}
-{{ list (include "artisan-platform.migrateJobSpec" .) $d.url $d.migration.url .root.Release.Revision | toJson | sha256sum | trunc 8 }}
{{- end -}}
{{- end }}

{{/* A Job of the runner: (dict "root" $ "args" … "name" … "hooks" (dict "hook" … "argocd" …)). */}}
{{- define "artisan-platform.migrateJob" -}}
{{- $m := .root.Values.migrations -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "artisan-platform.fullname" .root }}-{{ .name }}{{ include "artisan-platform.migrateSuffix" . }}
  labels:
    {{- include "artisan-platform.labels" (dict "root" .root "component" "migrate") | nindent 4 }}
  {{- $annotations := merge (deepCopy $m.annotations) (get .hooks $m.strategy | default dict) }}
  {{- with $annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "artisan-platform.migrateJobSpec" . | nindent 2 }}
{{- end }}

{{/*
Why pods of another release may serve still; nothing where there are none, or where no cluster is asked (`helm template`). A Job of the
chart could not know: it has no rights on the cluster, and helm runs hooks before the rollout is over unless it is told to wait.
*/}}
{{- define "artisan-platform.olderPods" -}}
{{- $name := printf "%s-user-service" (include "artisan-platform.fullname" .) -}}
{{- $wanted := dict "user-service" (include "artisan-platform.image" (dict "root" . "image" .Values.userService.image)) "wait-for-schema" (include "artisan-platform.image" (dict "root" . "image" .Values.migrations.image)) -}}
{{- $found := list -}}
{{- with lookup "apps/v1" "Deployment" .Release.Namespace $name -}}
{{- range concat .spec.template.spec.containers (.spec.template.spec.initContainers | default list) -}}
{{- $image := get $wanted .name -}}
{{- /* An admission controller may have put a digest behind the tag. */}}
{{- if and $image (ne .image $image) (not (hasPrefix (printf "%s@" $image) .image)) -}}
{{- $found = append $found (printf "%s has %s so far" $name .image) -}}
{{- end -}}
{{- end -}}
{{- $status := .status | default dict -}}
{{- if or (lt (int $status.observedGeneration) (int .metadata.generation)) (lt (int $status.updatedReplicas) (int $status.replicas)) -}}
{{- $found = append $found (printf "the rollout of %s is not over" $name) -}}
{{- end -}}
{{- end -}}
{{ join ", " $found }}
{{- end }}
