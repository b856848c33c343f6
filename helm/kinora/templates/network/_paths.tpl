{{/*
A route's path in an ingress controller's words, as a list. An ALB's `*` takes any characters, slashes too; its rules are tried in the order in
which they stand, as the routes are. Expressions are tried from the longest to the shortest, which comes to the same. Takes kind and path.
*/}}
{{- define "kinora.ingressPaths" -}}
{{- if eq .kind "alb" }}
{{- if ne .path "/" }}
- {{ .path | quote }}
{{- end }}
- {{ printf "%s/*" (trimSuffix "/" .path) | quote }}
{{- else if eq .path "/" }}
- /
{{- else }}
- {{ printf "%s(/|$)" (.path | replace "." "\\." | replace "*" "[^/]+") | squote }}
{{- end }}
{{- end }}

{{/* Where a route leads. Takes kind, to and full. */}}
{{- define "kinora.backend" -}}
{{- if and (eq .kind "alb") (eq .to "nowhere") -}}
service: { name: nowhere, port: { name: use-annotation } }
{{- else -}}
service: { name: {{ .full }}-{{ .to }}, port: { name: http } }
{{- end -}}
{{- end }}
