{{- define "artisan-platform.egressDns" -}}
- to:
    - namespaceSelector: {}
      podSelector:
        matchLabels:
          k8s-app: kube-dns
  ports:
    - { port: 53, protocol: UDP }
    - { port: 53, protocol: TCP }
{{- end }}

{{/* Ports on some networks, or on any: (dict "ports" … "cidrs" …). */}}
{{- define "artisan-platform.egressTo" -}}
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
