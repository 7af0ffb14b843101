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

{{/* Names are asked for at port 53; some clusters' DNS listens at another one
behind its Service. */}}
{{- define "landwaiter.dnsEgress" -}}
- ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
    - {protocol: UDP, port: 5353}
    - {protocol: TCP, port: 5353}
{{- end }}

{{/* The ports of feeds that are URLs. */}}
{{- define "landwaiter.feedPorts" -}}
{{- $ports := list }}
{{- range .Values.advisories.sources }}
{{- if regexMatch "^https?://" . }}
{{- $url := urlParse . }}
{{- $port := regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) }}
{{- $ports = append $ports (int ($port | default (ternary "443" "80" (eq $url.scheme "https")))) }}
{{- end }}
{{- end }}
{{- toJson ($ports | uniq) }}
{{- end }}

{{/* Policies see the API server's own port, not its Service's: this cluster's is
looked up, that of others is in the values. */}}
{{- define "landwaiter.apiServerPorts" -}}
{{- $ports := .Values.networkPolicy.apiServerPorts }}
{{- $endpoints := lookup "v1" "Endpoints" "default" "kubernetes" | default dict }}
{{- range $endpoints.subsets | default list }}
{{- range .ports }}
{{- $ports = append $ports (int .port) }}
{{- end }}
{{- end }}
{{- $whole := list }}
{{- range $ports }}{{ $whole = append $whole (int .) }}{{ end }}
{{- toJson ($whole | uniq) }}
{{- end }}
