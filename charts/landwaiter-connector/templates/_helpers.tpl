{{- define "connector.selector" -}}
app.kubernetes.io/name: landwaiter-connector
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "connector.labels" -}}
{{ include "connector.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "connector.scanNamespace" -}}
{{ .Values.scanNamespace | default .Release.Namespace }}
{{- end }}

{{- define "connector.image" -}}
{{- $name := printf "%s/%s" (trimSuffix "/" .Values.imageRegistry) .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{ $name }}@{{ .Values.image.digest }}
{{- else -}}
{{ $name }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}
