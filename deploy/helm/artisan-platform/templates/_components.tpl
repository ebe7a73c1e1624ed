{{/* Objects that both services have alike: (dict "root" $ "component" … "values" …). */}}

{{- define "artisan-platform.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "artisan-platform.serviceAccountName" . }}
  labels:
    {{- include "artisan-platform.labels" . | nindent 4 }}
  {{- with .values.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}

{{/* How many pods there are at least, and at most. */}}
{{- define "artisan-platform.minReplicas" -}}
{{- ternary .autoscaling.minReplicas .replicas .autoscaling.enabled -}}
{{- end }}

{{- define "artisan-platform.maxReplicas" -}}
{{- ternary .autoscaling.maxReplicas .replicas .autoscaling.enabled -}}
{{- end }}

{{- define "artisan-platform.podDisruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "artisan-platform.fullname" .root }}-{{ .component }}
  labels:
    {{- include "artisan-platform.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "artisan-platform.selectorLabels" . | nindent 6 }}
{{- end }}

{{- define "artisan-platform.horizontalPodAutoscaler" -}}
{{- $a := .values.autoscaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "artisan-platform.fullname" .root }}-{{ .component }}
  labels:
    {{- include "artisan-platform.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "artisan-platform.fullname" .root }}-{{ .component }}
  minReplicas: {{ $a.minReplicas }}
  maxReplicas: {{ $a.maxReplicas }}
  metrics:
    {{- with $a.targetCPUUtilizationPercentage }}
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ . }}
    {{- end }}
    {{- with $a.metrics }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  behavior:
    {{- with $a.behavior }}
    {{- toYaml . | nindent 4 }}
    {{- else }}
    scaleUp:
      stabilizationWindowSeconds: 0
      policies:
        - { type: Percent, value: 100, periodSeconds: 30 }
        - { type: Pods, value: 2, periodSeconds: 30 }
      selectPolicy: Max
    scaleDown:
      stabilizationWindowSeconds: 300
      policies:
        - { type: Percent, value: 25, periodSeconds: 60 }
    {{- end }}
{{- end }}

{{- define "artisan-platform.metricsService" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "artisan-platform.fullname" .root }}-{{ .component }}-metrics
  labels:
    {{- include "artisan-platform.labels" (merge (dict "more" (dict "artisan-platform/metrics" "true")) .) | nindent 4 }}
spec:
  type: ClusterIP
  clusterIP: None
  # What is not ready is what is worth looking at.
  publishNotReadyAddresses: true
  selector:
    {{- include "artisan-platform.selectorLabels" . | nindent 4 }}
  ports:
    - name: metrics
      port: {{ .port }}
      targetPort: admin
{{- end }}

{{- define "artisan-platform.serviceMonitor" -}}
{{- $m := .root.Values.metrics.serviceMonitor -}}
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: {{ include "artisan-platform.fullname" .root }}-{{ .component }}
  labels:
    {{- include "artisan-platform.labels" (merge (dict "more" $m.labels) .) | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "artisan-platform.selectorLabels" . | nindent 6 }}
      artisan-platform/metrics: "true"
  namespaceSelector:
    matchNames: [{{ .root.Release.Namespace }}]
  endpoints:
    - port: metrics
      path: /metrics
      interval: {{ $m.interval }}
{{- end }}
