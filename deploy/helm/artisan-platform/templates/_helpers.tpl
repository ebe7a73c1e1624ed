{{- define "artisan.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Short enough for the suffixes that objects add to it. */}}
{{- define "artisan.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "artisan.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "artisan.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Labels of an object: (dict "root" $ "component" "gateway"). */}}
{{- define "artisan.labels" -}}
{{ include "artisan.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: artisan-platform
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Labels that select pods: never a version. */}}
{{- define "artisan.selectorLabels" -}}
app.kubernetes.io/name: {{ include "artisan.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of a pod: no versions, so that a new chart alone restarts nothing. */}}
{{- define "artisan.podLabels" -}}
{{ include "artisan.selectorLabels" . }}
app.kubernetes.io/part-of: artisan-platform
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* An image's reference; a digest wins over a tag: (dict "root" $ "image" .Values.gateway.image). */}}
{{- define "artisan.image" -}}
{{- $tag := .image.tag | default .root.Chart.AppVersion -}}
{{- $name := printf "%s/%s" .root.Values.imageRegistry .image.name -}}
{{- if .image.digest -}}
{{ printf "%s@%s" $name .image.digest }}
{{- else -}}
{{ printf "%s:%s" $name $tag }}
{{- end -}}
{{- end }}

{{- define "artisan.databaseSecret" -}}
{{- if .Values.database.existingSecret -}}
{{ .Values.database.existingSecret }}
{{- else if .Values.database.url -}}
{{ include "artisan.fullname" . }}-database
{{- else -}}
{{ fail "set database.existingSecret (a Secret with the key of database.existingSecretKey), or database.url" }}
{{- end -}}
{{- end }}

{{- define "artisan.databaseSecretKey" -}}
{{- if .Values.database.existingSecret }}{{ .Values.database.existingSecretKey }}{{ else }}DATABASE_URL{{ end -}}
{{- end }}

{{/* The Secret of the migration role; that of the serving role if there is no other. */}}
{{- define "artisan.migrationSecret" -}}
{{- if .Values.database.migration.existingSecret -}}
{{ .Values.database.migration.existingSecret }}
{{- else if .Values.database.migration.url -}}
{{ include "artisan.fullname" . }}-migration-database
{{- else -}}
{{ include "artisan.databaseSecret" . }}
{{- end -}}
{{- end }}

{{- define "artisan.migrationSecretKey" -}}
{{- if .Values.database.migration.existingSecret -}}
{{ .Values.database.migration.existingSecretKey }}
{{- else if .Values.database.migration.url -}}
MIGRATION_DATABASE_URL
{{- else -}}
{{ include "artisan.databaseSecretKey" . }}
{{- end -}}
{{- end }}

{{- define "artisan.tokenSecret" -}}
{{- if .Values.tokens.existingSecret -}}
{{ .Values.tokens.existingSecret }}
{{- else if .Values.tokens.signingKey -}}
{{ include "artisan.fullname" . }}-tokens
{{- else -}}
{{ fail "set tokens.existingSecret (a Secret with the key of tokens.existingSecretKey), or tokens.signingKey (openssl genpkey -algorithm ed25519)" }}
{{- end -}}
{{- end }}

{{- define "artisan.tokenSecretKey" -}}
{{- if .Values.tokens.existingSecret }}{{ .Values.tokens.existingSecretKey }}{{ else }}TOKEN_SIGNING_KEY{{ end -}}
{{- end }}

{{- define "artisan.serviceAccountName" -}}
{{- if .values.serviceAccount.create -}}
{{ .values.serviceAccount.name | default (printf "%s-%s" (include "artisan.fullname" .root) .component) }}
{{- else -}}
{{ .values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end }}

{{/* What Pod Security's level "restricted" asks of a pod. */}}
{{- define "artisan.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The same, of a container. */}}
{{- define "artisan.containerSecurityContext" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Variables that every program takes. */}}
{{- define "artisan.commonEnv" -}}
- name: LOG_FORMAT
  value: json
- name: RUST_LOG
  value: {{ .Values.telemetry.logLevel | quote }}
{{- with .Values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Variables that both services take. */}}
{{- define "artisan.serviceEnv" -}}
{{ include "artisan.commonEnv" . }}
- name: REQUEST_TIMEOUT
  value: {{ .Values.requestTimeout | quote }}
- name: DRAIN_DELAY
  value: {{ printf "%ds" (int .Values.shutdown.drainDelaySeconds) | quote }}
- name: SHUTDOWN_GRACE
  value: {{ printf "%ds" (int .Values.shutdown.shutdownGraceSeconds) | quote }}
{{- end }}

{{/* Everything of a service's pod that does not depend on the service. */}}
{{- define "artisan.podDefaults" -}}
serviceAccountName: {{ include "artisan.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ include "artisan.terminationGrace" .root }}
securityContext:
  {{- include "artisan.podSecurityContext" .root | nindent 2 }}
topologySpreadConstraints:
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "artisan.selectorLabels" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The program ends by itself before this; Kubernetes only kills one that does not. */}}
{{- define "artisan.terminationGrace" -}}
{{ add .Values.shutdown.drainDelaySeconds .Values.shutdown.shutdownGraceSeconds 10 }}
{{- end }}

{{/* A rollout has failed when its pods outlived their gate. */}}
{{- define "artisan.progressDeadline" -}}
{{ add .Values.migrations.waitTimeoutSeconds 300 }}
{{- end }}
