{{- define "artisan-platform.egressDns" -}}
{{- with .Values.networkPolicy.dnsPorts -}}
- ports:
    {{- range . }}
    - { port: {{ . }}, protocol: UDP }
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
  {{- with $.Values.networkPolicy.dnsTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Ports on some networks, or on any: (dict "ports" … "cidrs" …). Nothing without ports, since a rule without any lets everything out. */}}
{{- define "artisan-platform.egressTo" -}}
{{- if .ports -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{- with .cidrs }}
  to:
    {{- range . }}
    - ipBlock: { cidr: {{ . | quote }} }
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/*
The ports that are named, and those of URLs that stand in the values: (dict "ports" … "urls" …). None where none are named, for then other rules
say how.
*/}}
{{- define "artisan-platform.withPortsOf" -}}
{{- $ports := list -}}
{{- range .ports -}}{{- $ports = append $ports (int .) -}}{{- end -}}
{{- if $ports -}}
{{- range .urls -}}
{{- $url := trim . -}}
{{- $scheme := regexFind "^[A-Za-z]+" $url | lower -}}
{{- $authority := regexReplaceAll "^[A-Za-z0-9+]+://" $url "" | regexFind "^[^/?#]*" -}}
{{- $own := coalesce (regexFind "[?&]port=[0-9]+" $url | regexFind "[0-9]+$") (regexFind ":[0-9]+$" (regexReplaceAll "^.*@" $authority "") | trimPrefix ":") -}}
{{- /* As the user service takes it: with a password no mail goes without TLS. */ -}}
{{- $tls := regexFind "[?&]tls=[a-z]+" $url | regexFind "[a-z]+$" | default (ternary "required" "" (regexMatch ":.+@" $authority)) -}}
{{- $smtp := ternary 587 25 (eq $tls "required") -}}
{{- $usual := dict "postgres" 5432 "postgresql" 5432 "mysql" 3306 "mariadb" 3306 "smtps" 465 "smtp" $smtp "nats" 4222 "tls" 4222 "http" 80 "https" 443 -}}
{{- with $own | default (get $usual $scheme | toString) | atoi -}}
{{- $ports = append $ports . -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{ toJson (uniq $ports) }}
{{- end }}

{{- define "artisan-platform.egressDatabase" -}}
{{- $d := .Values.database -}}
{{- $urls := list -}}
{{- range list $d $d.migration $d.read -}}
{{- if and .url (not .existingSecret) -}}{{- $urls = append $urls .url -}}{{- end -}}
{{- end -}}
{{- $ports := include "artisan-platform.withPortsOf" (dict "ports" .Values.networkPolicy.databasePorts "urls" $urls) | fromJsonArray -}}
{{ include "artisan-platform.egressTo" (dict "ports" $ports "cidrs" .Values.networkPolicy.databaseCidrs) }}
{{- end }}

{{- define "artisan-platform.egressTelemetry" -}}
{{- $t := .Values.telemetry -}}
{{- $otel := $t.otel | default dict -}}
{{- $urls := compact (list $t.otlpEndpoint (get $otel "OTEL_EXPORTER_OTLP_ENDPOINT") (get $otel "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") (get $otel "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")) -}}
{{- if $urls -}}
{{- $ports := include "artisan-platform.withPortsOf" (dict "ports" .Values.networkPolicy.otlpPorts "urls" $urls) | fromJsonArray -}}
{{ include "artisan-platform.egressTo" (dict "ports" $ports) }}
{{- end }}
{{- end }}

{{- define "artisan-platform.egressMail" -}}
{{- if include "artisan-platform.mailSecret" . -}}
{{- $urls := ternary list (compact (list .Values.mail.smtpUrl)) (ne .Values.mail.existingSecret "") -}}
{{- $ports := include "artisan-platform.withPortsOf" (dict "ports" .Values.networkPolicy.mailPorts "urls" $urls) | fromJsonArray -}}
{{ include "artisan-platform.egressTo" (dict "ports" $ports "cidrs" .Values.networkPolicy.mailCidrs) }}
{{- end }}
{{- end }}

{{- define "artisan-platform.egressNats" -}}
{{- if include "artisan-platform.natsSecret" . -}}
{{- $urls := ternary list (splitList "," (.Values.events.nats.url | default "")) (ne .Values.events.nats.existingSecret "") -}}
{{- $ports := include "artisan-platform.withPortsOf" (dict "ports" .Values.networkPolicy.natsPorts "urls" $urls) | fromJsonArray -}}
{{ include "artisan-platform.egressTo" (dict "ports" $ports "cidrs" .Values.networkPolicy.natsCidrs) }}
{{- end }}
{{- end }}

{{/* Who may ask a port: (dict "from" … "port" …); nothing where nobody may. */}}
{{- define "artisan-platform.ingressMetrics" -}}
{{- with .from }}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    - port: {{ $.port }}
{{- end }}
{{- end }}
