{{/* How the gateway reaches the user service, and whether its calls are believed. */}}

{{- define "artisan-platform.userServiceUrl" -}}
{{ ternary "https" "http" (ne .Values.userService.tls.existingSecret "") }}://{{ include "artisan-platform.fullname" . }}-user-service-headless:50051
{{- end }}

{{/* Whom the user service believes: with clients' certificates, whoever got a connection. */}}
{{- define "artisan-platform.trustedProxies" -}}
{{- if not (and .Values.userService.tls.existingSecret .Values.userService.tls.clientAuth) -}}
{{ join "," .Values.userService.trustedProxies }}
{{- end -}}
{{- end }}

{{- define "artisan-platform.upstreamEnv" -}}
- name: USER_SERVICE_URL
  value: {{ include "artisan-platform.userServiceUrl" . | quote }}
{{- if .Values.userService.tls.existingSecret }}
- name: USER_SERVICE_CA
  value: /var/run/secrets/artisan/user-service-tls/ca.crt
{{- if .Values.gateway.userServiceTls.clientCertificate }}
- name: USER_SERVICE_CERT
  value: /var/run/secrets/artisan/user-service-tls/tls.crt
- name: USER_SERVICE_KEY
  value: /var/run/secrets/artisan/user-service-tls/tls.key
{{- end }}
{{- end }}
{{- end }}

{{- define "artisan-platform.upstreamMounts" -}}
{{- if .Values.userService.tls.existingSecret }}
- name: user-service-tls
  mountPath: /var/run/secrets/artisan/user-service-tls
  readOnly: true
{{- end }}
{{- end }}

{{- define "artisan-platform.upstreamVolumes" -}}
{{- if .Values.userService.tls.existingSecret }}
- name: user-service-tls
  secret:
    secretName: {{ .Values.gateway.userServiceTls.existingSecret }}
    defaultMode: 288 # 0440
    items:
      - { key: ca.crt, path: ca.crt }
      {{- if .Values.gateway.userServiceTls.clientCertificate }}
      - { key: tls.crt, path: tls.crt }
      - { key: tls.key, path: tls.key }
      {{- end }}
{{- end }}
{{- end }}

{{/* Where the user service's own connections lead beside its database: a replica, NATS. */}}
{{- define "artisan-platform.outwardEnv" -}}
{{- if include "artisan-platform.readSecret" . }}
- name: DATABASE_READ_URL_FILE
  value: /var/run/secrets/artisan/read-database/url
{{- end }}
{{- if include "artisan-platform.natsSecret" . }}
- name: NATS_URL_FILE
  value: /var/run/secrets/artisan/nats/url
{{- if .Values.events.nats.caConfigMap }}
# The client of NATS takes the system's roots, and this names them.
- name: SSL_CERT_FILE
  value: /var/run/artisan/nats-ca/ca.crt
{{- end }}
{{- end }}
{{- end }}

{{- define "artisan-platform.outwardMounts" -}}
{{- if include "artisan-platform.readSecret" . }}
- name: read-database
  mountPath: /var/run/secrets/artisan/read-database
  readOnly: true
{{- end }}
{{- if include "artisan-platform.natsSecret" . }}
- name: nats
  mountPath: /var/run/secrets/artisan/nats
  readOnly: true
{{- if .Values.events.nats.caConfigMap }}
- name: nats-ca
  mountPath: /var/run/artisan/nats-ca
  readOnly: true
{{- end }}
{{- end }}
{{- end }}

{{- define "artisan-platform.outwardVolumes" -}}
{{- with include "artisan-platform.readSecret" . }}
{{ include "artisan-platform.secretVolume" (dict "volume" "read-database" "secret" . "key" (include "artisan-platform.readSecretKey" $) "path" "url") }}
{{- end }}
{{- with include "artisan-platform.natsSecret" . }}
{{ include "artisan-platform.secretVolume" (dict "volume" "nats" "secret" . "key" (include "artisan-platform.natsSecretKey" $) "path" "url") }}
{{- with $.Values.events.nats.caConfigMap }}
- name: nats-ca
  configMap:
    name: {{ . }}
    items:
      - key: {{ $.Values.events.nats.caConfigMapKey }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end }}

{{/*
Connections that the primary gives at most: every pod of the user service, those of a rollout included, with two that end statements
whose callers are gone; the gates of the new ones; and the migration's two. A rollout has new pods beyond the number, and, where pods end no
slower than new ones become ready, as many old ones that end: they keep their connections while they drain. More than all the old ones and all
the new ones there never are.
*/}}
{{- define "artisan-platform.connections" -}}
{{- $more := include "artisan-platform.surge" . | int -}}
{{ add (include "artisan-platform.readConnections" .) $more 2 }}
{{- end }}

{{/* Connections that the replica gives at most: the pods alone. */}}
{{- define "artisan-platform.readConnections" -}}
{{- $replicas := include "artisan-platform.maxReplicas" .Values.userService | int -}}
{{- $pods := add $replicas (min $replicas (mul 2 (include "artisan-platform.surge" . | int))) -}}
{{ mul $pods (add .Values.database.maxConnections 2) }}
{{- end }}

{{/* How many pods of the user service there are beyond their number while it is rolled out. */}}
{{- define "artisan-platform.surge" -}}
{{- $surge := .Values.rollout.maxSurge -}}
{{- $pods := include "artisan-platform.maxReplicas" .Values.userService | int -}}
{{- if kindIs "string" $surge -}}
{{- $surge = divf (mulf $pods (trimSuffix "%" $surge | float64)) 100 | ceil -}}
{{- end -}}
{{ min $pods (int $surge) }}
{{- end }}
