{{/* Selector and common labels: (list . "component") */}}
{{- define "landwaiter.selector" -}}
app.kubernetes.io/name: landwaiter
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "landwaiter.labels" -}}
{{ include "landwaiter.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{/* The name of an image: (list . .Values.operator.image) */}}
{{- define "landwaiter.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- $name := printf "%s/%s" (trimSuffix "/" $root.Values.imageRegistry) $image.repository -}}
{{- if $image.digest -}}
{{ $name }}@{{ $image.digest }}
{{- else -}}
{{ $name }}:{{ $image.tag | default $root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "landwaiter.namespaces" -}}
{{ toJson (.Values.operator.namespaces | default (list .Release.Namespace)) }}
{{- end }}

{{- define "landwaiter.scanNamespaces" -}}
{{ toJson (.Values.scanPods.namespaces | default (list .Release.Namespace)) }}
{{- end }}

{{- define "landwaiter.analyzerHost" -}}
landwaiter-analyzer.{{ .Release.Namespace }}.svc
{{- end }}

{{- define "landwaiter.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "landwaiter.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Where a pod goes: .Values.operator or .Values.analyzer */}}
{{- define "landwaiter.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
