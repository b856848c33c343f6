{{/* The start of every name: the release's. Components add theirs, the longest of which has 14 letters. */}}
{{- define "kinora.fullname" -}}
{{- .Release.Name | trunc 48 | trimSuffix "-" -}}
{{- end }}

{{/* Labels that a Deployment is known by; they never change. Takes root and component. */}}
{{- define "kinora.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of everything. Takes root and component. */}}
{{- define "kinora.labels" -}}
{{ include "kinora.selector" . }}
app.kubernetes.io/part-of: kinora
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* An image, by digest where there is one. Takes root, component and image (its own settings, which may be none). */}}
{{- define "kinora.image" -}}
{{- $own := .image | default dict -}}
{{- $all := .root.Values.image -}}
{{- $repository := $own.repository | default (printf "%s/%s" $all.prefix .component) -}}
{{- with $all.registry }}{{ printf "%s/" (trimSuffix "/" .) }}{{ end -}}
{{- $repository -}}
{{- if $own.digest }}@{{ $own.digest }}{{ else }}:{{ $own.tag | default $all.tag | default .root.Chart.AppVersion }}{{ end -}}
{{- end }}

{{/* A service's settings: those of all services, and its own over them. Takes root and name. */}}
{{- define "kinora.service" -}}
{{- toYaml (mergeOverwrite (deepCopy .root.Values.serviceDefaults) (deepCopy (get .root.Values.services .name))) -}}
{{- end }}

{{/* Not empty when a part of the trial is on. Takes root and part. */}}
{{- define "kinora.trial" -}}
{{- if and .root.Values.trial.enabled (get (get .root.Values.trial .part) "enabled") }}true{{ end -}}
{{- end }}

{{/* The claim of a store on disk. Takes the root. */}}
{{- define "kinora.objectsClaim" -}}
{{- .Values.config.storage.disk.existingClaim | default (printf "%s-objects" (include "kinora.fullname" .)) -}}
{{- end }}
