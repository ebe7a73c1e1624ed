{{/*
The Secret of something secret, and its key: one that exists, one that the External Secrets Operator
writes, or one that the chart makes of a value. Nothing, where none of them is given.
(dict "root" $ "values" … "text" … "remote" … "suffix" … "key" …)
*/}}
{{- define "artisan-platform.secretName" -}}
{{- if .values.existingSecret -}}
{{ .values.existingSecret }}
{{- else if or .text (and .root.Values.externalSecrets.enabled .remote.key) -}}
{{ include "artisan-platform.fullname" .root }}-{{ .suffix }}
{{- end -}}
{{- end }}

{{- define "artisan-platform.secretKey" -}}
{{- if .values.existingSecret }}{{ .values.existingSecretKey }}{{ else }}{{ .key }}{{ end -}}
{{- end }}

{{- define "artisan-platform.databaseSecret" -}}
{{- $name := include "artisan-platform.secretName" (dict "root" . "values" .Values.database "text" .Values.database.url "remote" .Values.externalSecrets.database "suffix" "database") -}}
{{- required "set database.existingSecret (a Secret with the key of database.existingSecretKey), database.url, or externalSecrets.database" $name -}}
{{- end }}

{{- define "artisan-platform.databaseSecretKey" -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.database "key" "DATABASE_URL") }}
{{- end }}

{{- define "artisan-platform.readSecret" -}}
{{ include "artisan-platform.secretName" (dict "root" . "values" .Values.database.read "text" .Values.database.read.url "remote" .Values.externalSecrets.readDatabase "suffix" "read-database") }}
{{- end }}

{{- define "artisan-platform.readSecretKey" -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.database.read "key" "DATABASE_READ_URL") }}
{{- end }}

{{/* The Secret of the migrating role; that of the serving role if there is no other. */}}
{{- define "artisan-platform.migrationSecret" -}}
{{- include "artisan-platform.ownMigrationSecret" . | default (include "artisan-platform.databaseSecret" .) -}}
{{- end }}

{{- define "artisan-platform.ownMigrationSecret" -}}
{{- $m := .Values.database.migration -}}
{{ include "artisan-platform.secretName" (dict "root" . "values" $m "text" $m.url "remote" .Values.externalSecrets.migrationDatabase "suffix" "migration-database") }}
{{- end }}

{{- define "artisan-platform.migrationSecretKey" -}}
{{- if include "artisan-platform.ownMigrationSecret" . -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.database.migration "key" "MIGRATION_DATABASE_URL") }}
{{- else -}}
{{ include "artisan-platform.databaseSecretKey" . }}
{{- end -}}
{{- end }}

{{- define "artisan-platform.tokenSecret" -}}
{{- $name := include "artisan-platform.secretName" (dict "root" . "values" .Values.tokens "text" .Values.tokens.signingKey "remote" .Values.externalSecrets.tokens "suffix" "tokens") -}}
{{- required "set tokens.existingSecret (a Secret with the key of tokens.existingSecretKey), tokens.signingKey (openssl genpkey -algorithm ed25519), or externalSecrets.tokens" $name -}}
{{- end }}

{{- define "artisan-platform.tokenSecretKey" -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.tokens "key" "TOKEN_SIGNING_KEY") }}
{{- end }}

{{- define "artisan-platform.mailSecret" -}}
{{ include "artisan-platform.secretName" (dict "root" . "values" .Values.mail "text" .Values.mail.smtpUrl "remote" .Values.externalSecrets.mail "suffix" "mail") }}
{{- end }}

{{- define "artisan-platform.mailSecretKey" -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.mail "key" "SMTP_URL") }}
{{- end }}

{{- define "artisan-platform.natsSecret" -}}
{{ include "artisan-platform.secretName" (dict "root" . "values" .Values.events.nats "text" .Values.events.nats.url "remote" .Values.externalSecrets.nats "suffix" "nats") }}
{{- end }}

{{- define "artisan-platform.natsSecretKey" -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.events.nats "key" "NATS_URL") }}
{{- end }}

{{- define "artisan-platform.bootstrapSecret" -}}
{{- $name := include "artisan-platform.secretName" (dict "root" . "values" .Values.bootstrapAdmin "text" "" "remote" .Values.externalSecrets.bootstrapAdmin "suffix" "bootstrap-admin") -}}
{{- required "bootstrapAdmin.email needs bootstrapAdmin.existingSecret, or externalSecrets.bootstrapAdmin" $name -}}
{{- end }}

{{- define "artisan-platform.bootstrapSecretKey" -}}
{{ include "artisan-platform.secretKey" (dict "values" .Values.bootstrapAdmin "key" "BOOTSTRAP_ADMIN_PASSWORD") }}
{{- end }}

{{/* Under Argo CD a Secret has to be there before the migration, which is a hook of an earlier wave. */}}
{{- define "artisan-platform.earlyAnnotations" -}}
{{- if eq .Values.migrations.strategy "argocd" }}
annotations:
  argocd.argoproj.io/sync-wave: "-2"
{{- end }}
{{- end }}
