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

{{- define "artisan-platform.egressDatabase" -}}
{{ include "artisan-platform.egressTo" (dict "ports" .Values.networkPolicy.databasePorts "cidrs" .Values.networkPolicy.databaseCidrs) }}
{{- end }}

{{- define "artisan-platform.egressTelemetry" -}}
{{- if .Values.telemetry.otlpEndpoint -}}
{{ include "artisan-platform.egressTo" (dict "ports" .Values.networkPolicy.otlpPorts) }}
{{- end }}
{{- end }}

{{- define "artisan-platform.egressMail" -}}
{{- if include "artisan-platform.mailSecret" . -}}
{{ include "artisan-platform.egressTo" (dict "ports" .Values.networkPolicy.mailPorts "cidrs" .Values.networkPolicy.mailCidrs) }}
{{- end }}
{{- end }}

{{- define "artisan-platform.egressNats" -}}
{{- if include "artisan-platform.natsSecret" . -}}
{{ include "artisan-platform.egressTo" (dict "ports" .Values.networkPolicy.natsPorts "cidrs" .Values.networkPolicy.natsCidrs) }}
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
