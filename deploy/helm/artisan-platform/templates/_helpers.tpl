{{- define "artisan-platform.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Short enough for the suffixes that objects add to it. */}}
{{- define "artisan-platform.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "artisan-platform.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "artisan-platform.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "artisan-platform.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Labels of an object: (dict "root" $ "component" "gateway"), and "more" of its own. Each key once: what is said more closely wins. */}}
{{- define "artisan-platform.labels" -}}
{{- $own := dict "helm.sh/chart" (include "artisan-platform.chart" .root) "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- $default := dict "app.kubernetes.io/version" .root.Chart.AppVersion "app.kubernetes.io/part-of" "artisan-platform" -}}
{{ merge (fromYaml (include "artisan-platform.selectorLabels" .)) $own (.more | default dict) .root.Values.commonLabels $default | toYaml }}
{{- end }}

{{/* Labels that select pods: never a version. */}}
{{- define "artisan-platform.selectorLabels" -}}
app.kubernetes.io/name: {{ include "artisan-platform.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of a pod: no versions, so that a new chart alone restarts nothing. */}}
{{- define "artisan-platform.podLabels" -}}
{{- $default := dict "app.kubernetes.io/part-of" "artisan-platform" -}}
{{ merge (fromYaml (include "artisan-platform.selectorLabels" .)) (.values.podLabels | default dict) .root.Values.commonLabels $default | toYaml }}
{{- end }}

{{/* What serves HTTP: the gateway, or the one process that does everything. */}}
{{- define "artisan-platform.httpComponent" -}}
{{- ternary "standalone" "gateway" .Values.standalone.enabled -}}
{{- end }}

{{- define "artisan-platform.servesHttp" -}}
{{- if or .Values.standalone.enabled .Values.gateway.enabled }}true{{ end -}}
{{- end }}

{{- define "artisan-platform.certificateSecret" -}}
{{ .Values.certificate.secretName | default (printf "%s-tls" (include "artisan-platform.fullname" .)) }}
{{- end }}

{{/* Not empty where the ingress serves a certificate that is not the chart's. */}}
{{- define "artisan-platform.ingressHasOwnTls" -}}
{{- $i := .Values.ingress -}}
{{- if and $i.enabled $i.tlsSecret (ne $i.tlsSecret (include "artisan-platform.certificateSecret" . | trim)) }}true{{ end -}}
{{- end }}

{{/* An image's reference; a digest wins over a tag: (dict "root" $ "image" .Values.gateway.image). */}}
{{- define "artisan-platform.image" -}}
{{- $registry := .root.Values.global.imageRegistry | default .image.registry -}}
{{- $name := ternary (printf "%s/%s" $registry .image.repository) .image.repository (ne $registry "") -}}
{{- if .image.digest -}}
{{ printf "%s@%s" $name .image.digest }}
{{- else -}}
{{ printf "%s:%s" $name (.image.tag | default .root.Chart.AppVersion) }}
{{- end -}}
{{- end }}

{{- define "artisan-platform.serviceAccountName" -}}
{{- if .values.serviceAccount.create -}}
{{ .values.serviceAccount.name | default (printf "%s-%s" (include "artisan-platform.fullname" .root) .component) }}
{{- else -}}
{{ .values.serviceAccount.name | default "default" }}
{{- end -}}
{{- end }}

{{/* What Pod Security's level "restricted" asks of a pod. */}}
{{- define "artisan-platform.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The same, of a container. */}}
{{- define "artisan-platform.containerSecurityContext" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Where a pod may run, and with what: the same for all. */}}
{{- define "artisan-platform.placement" -}}
{{- with .root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
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

{{/* Everything of a service's pod that does not depend on the service. */}}
{{- define "artisan-platform.podDefaults" -}}
serviceAccountName: {{ include "artisan-platform.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- if not (kindIs "invalid" .values.hostUsers) }}
hostUsers: {{ .values.hostUsers }}
{{- end }}
terminationGracePeriodSeconds: {{ .root.Values.rollout.terminationGracePeriodSeconds }}
securityContext:
  {{- include "artisan-platform.podSecurityContext" .root | nindent 2 }}
topologySpreadConstraints:
  {{- with .values.topologySpreadConstraints }}
  {{- toYaml . | nindent 2 }}
  {{- else }}
  {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "artisan-platform.selectorLabels" $ | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
  {{- end }}
  {{- end }}
{{- with include "artisan-platform.placement" . }}
{{ . | trim }}
{{- end }}
{{- end }}

{{/*
The number of pods that an autoscaler took over from `replicas`, as it is now; nothing where it had them from the start, or where no cluster
is asked. Helm takes a field away that the release before had, and a Deployment without a number has one pod. So the number has to stay,
in every later upgrade as well, which the annotation says.
*/}}
{{- define "artisan-platform.takenOver" -}}
{{- $name := printf "%s-%s" (include "artisan-platform.fullname" .root) .component -}}
{{- $namespace := .root.Release.Namespace -}}
{{- with lookup "apps/v1" "Deployment" $namespace $name -}}
{{- $is := hasKey (.metadata.annotations | default dict) "artisan-platform/replicas" -}}
{{- if or $is (not (lookup "autoscaling/v2" "HorizontalPodAutoscaler" $namespace $name)) -}}
{{ int .spec.replicas }}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "artisan-platform.deploymentAnnotations" -}}
{{- if and .values.autoscaling.enabled (include "artisan-platform.takenOver" .) }}
annotations:
  artisan-platform/replicas: autoscaler
{{- end }}
{{- end }}

{{/* How a service's pods are replaced: the old ones serve until the new ones are ready. */}}
{{- define "artisan-platform.rollout" -}}
{{- if not .values.autoscaling.enabled }}
replicas: {{ .values.replicas }}
{{- else }}
{{- with include "artisan-platform.takenOver" . }}
replicas: {{ . }}
{{- end }}
{{- end }}
strategy:
  type: RollingUpdate
  rollingUpdate:
    maxSurge: {{ .root.Values.rollout.maxSurge }}
    maxUnavailable: 0
minReadySeconds: {{ .root.Values.rollout.minReadySeconds }}
progressDeadlineSeconds: {{ include "artisan-platform.progressDeadline" .root }}
revisionHistoryLimit: {{ .root.Values.rollout.revisionHistoryLimit }}
{{- end }}

{{/*
When a rollout has failed: its pods have outlived their gate, and the Job beside it, or the migration in them, its deadline. Whoever takes a failed rollout for the
end, as Flux does, would else break off a long migration.
*/}}
{{- define "artisan-platform.progressDeadline" -}}
{{- $m := .Values.migrations -}}
{{ add (max $m.waitTimeoutSeconds (ternary $m.activeDeadlineSeconds 0 (has $m.strategy (list "job" "initContainer")))) 300 }}
{{- end }}

{{/* SHUTDOWN_GRACE in seconds: what is left of a pod's time to end. */}}
{{- define "artisan-platform.shutdownGrace" -}}
{{- $r := .Values.rollout -}}
{{- $grace := sub $r.terminationGracePeriodSeconds (add $r.drainDelaySeconds 10) -}}
{{- if lt $grace 1 -}}
{{ fail (printf "rollout.terminationGracePeriodSeconds (%v) leaves no time to end after rollout.drainDelaySeconds (%v) and 10 seconds of slack" $r.terminationGracePeriodSeconds $r.drainDelaySeconds) }}
{{- end -}}
{{- if gt (include "artisan-platform.milliseconds" .Values.requestTimeout | int64) (mul $grace 1000) -}}
{{ fail (printf "requestTimeout (%s) is longer than the %ds that requests under way are given to end: raise rollout.terminationGracePeriodSeconds" .Values.requestTimeout $grace) }}
{{- end -}}
{{ $grace }}
{{- end }}

{{/* A duration such as 500ms, 10s or 5m in milliseconds. */}}
{{- define "artisan-platform.milliseconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- mul $number (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000) $unit) -}}
{{- end }}

{{/* Variables that every program takes. */}}
{{- define "artisan-platform.commonEnv" -}}
- name: LOG_FORMAT
  value: {{ .Values.telemetry.logFormat | quote }}
- name: RUST_LOG
  value: {{ .Values.telemetry.logLevel | quote }}
{{- with .Values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .Values.telemetry.otel }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* Variables that the services take. */}}
{{- define "artisan-platform.serviceEnv" -}}
- name: REQUEST_TIMEOUT
  value: {{ .Values.requestTimeout | quote }}
- name: DRAIN_DELAY
  value: {{ printf "%ds" (int .Values.rollout.drainDelaySeconds) | quote }}
- name: SHUTDOWN_GRACE
  value: {{ printf "%ss" (include "artisan-platform.shutdownGrace" .) | quote }}
{{ include "artisan-platform.commonEnv" . }}
{{- end }}

{{/* Variables of what hashes passwords. */}}
{{- define "artisan-platform.hashingEnv" -}}
- name: ARGON2_MEMORY_KIB
  value: {{ .memoryKib | int | quote }}
- name: ARGON2_ITERATIONS
  value: {{ .iterations | quote }}
- name: HASH_QUEUE
  value: {{ .queue | quote }}
{{- with .threads }}
- name: HASH_THREADS
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* A quantity of Kubernetes in KiB; nothing where it is none. */}}
{{- define "artisan-platform.kibibytes" -}}
{{- if regexMatch "^[+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$" . -}}
{{- $unit := regexFind "([KMGTPE]i|[numkMGTPE])$" . -}}
{{- $units := dict "" 1 "n" 1e-9 "u" 1e-6 "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "E" 1e18 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 "Ei" 1152921504606846976 -}}
{{- divf (mulf (trimSuffix $unit . | float64) (get $units $unit)) 1024 | floor | int64 -}}
{{- end -}}
{{- end }}

{{/* Variables of what serves HTTP. */}}
{{- define "artisan-platform.httpEnv" -}}
- name: MAX_BODY
  value: {{ .Values.gateway.maxBody | quote }}
{{- with .Values.gateway.corsOrigins }}
- name: CORS_ORIGINS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.gateway.trustedProxies }}
- name: TRUSTED_PROXIES
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.gateway.rateLimit }}
- name: RATE_LIMIT
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Variables of what writes and sends mails. */}}
{{- define "artisan-platform.mailEnv" -}}
{{- if include "artisan-platform.mailSecret" . }}
- name: SMTP_URL_FILE
  value: /var/run/secrets/artisan/mail/url
- name: MAIL_FROM
  value: {{ required "mail.from is needed to send mails" .Values.mail.from | quote }}
- name: MAIL_LINK_URL
  value: {{ required "mail.linkUrl is needed to send mails: the site that their links lead to" .Values.mail.linkUrl | quote }}
- name: MAIL_LANGUAGE
  value: {{ .Values.mail.language | quote }}
- name: PASSWORD_RESET_TTL
  value: {{ .Values.mail.passwordResetTtl | quote }}
- name: EMAIL_VERIFICATION_TTL
  value: {{ .Values.mail.emailVerificationTtl | quote }}
{{- if .Values.mail.caConfigMap }}
- name: SMTP_CA
  value: /var/run/artisan/mail-ca/ca.crt
{{- end }}
{{- end }}
{{- end }}

{{- define "artisan-platform.mailMounts" -}}
{{- if include "artisan-platform.mailSecret" . }}
- name: mail
  mountPath: /var/run/secrets/artisan/mail
  readOnly: true
{{- if .Values.mail.caConfigMap }}
- name: mail-ca
  mountPath: /var/run/artisan/mail-ca
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{- define "artisan-platform.mailVolumes" -}}
{{- with include "artisan-platform.mailSecret" . }}
{{ include "artisan-platform.secretVolume" (dict "volume" "mail" "secret" . "key" (include "artisan-platform.mailSecretKey" $) "path" "url") }}
{{- with $.Values.mail.caConfigMap }}
- name: mail-ca
  configMap:
    name: {{ . }}
    items:
      - key: {{ $.Values.mail.caConfigMapKey }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end }}

{{/* One key of a Secret as a file: (dict "volume" … "secret" … "key" … "path" …). */}}
{{- define "artisan-platform.secretVolume" -}}
- name: {{ .volume }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 288 # 0440
    items:
      - key: {{ .key }}
        path: {{ .path }}
{{- end }}
