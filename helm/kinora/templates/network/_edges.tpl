{{/* Pods of a component of this release, in the words of NetworkPolicy. Takes root and component. */}}
{{- define "kinora.pods" -}}
- podSelector:
    matchLabels:
      {{- include "kinora.selector" . | nindent 6 }}
{{- end }}

{{/* Which services answer paths from outside: a map of names. Takes the root. */}}
{{- define "kinora.publicServices" -}}
{{- range .Files.Get "files/routes.yaml" | fromYamlArray }}
{{- if and (ne .to "nowhere") (get $.Values.services .to).enabled }}
{{ .to }}: true
{{- end }}
{{- end }}
{{- end }}

{{/* What a service connects to, as rules of egress. Takes root, needs and service. */}}
{{- define "kinora.egress" -}}
{{- $root := .root -}}
{{- $policy := $root.Values.networkPolicy -}}
{{- $config := $root.Values.config -}}
{{- if or .needs.calls .needs.uses }}
- to:
    {{- toYaml $policy.dns.to | nindent 4 }}
  ports:
    - { protocol: UDP, port: 53 }
    - { protocol: TCP, port: 53 }
{{- end }}
{{- range .needs.calls }}
- to:
    {{- include "kinora.pods" (dict "root" $root "component" .) | nindent 4 }}
  ports:
    - { protocol: TCP, port: 8080 }
{{- end }}
{{- range $use, $server := dict "database" (list "postgres" "postgres" 5432 $policy.database) "redis" (list "redis" "redis" 6379 $policy.redis) }}
{{- if has $use $.needs.uses }}
{{- if include "kinora.trial" (dict "root" $root "part" (index $server 0)) }}
- to:
    {{- include "kinora.pods" (dict "root" $root "component" (index $server 1)) | nindent 4 }}
  ports:
    - { protocol: TCP, port: {{ index $server 2 }} }
{{- else }}
- to:
    {{- range (index $server 3).cidrs }}
    - ipBlock: { cidr: {{ . }} }
    {{- end }}
  ports:
    - { protocol: TCP, port: {{ (index $server 3).port }} }
{{- end }}
{{- end }}
{{- end }}
{{- $https := has "internet" .needs.uses }}
{{- if has "aws" .needs.uses }}
{{- $https = or $https $config.delivery.cloudFront.keyValueStoreArn $config.delivery.cloudFront.distributionId $config.openSearch.url }}
{{- end }}
{{- if and (has "store" .needs.uses) (eq $config.storage.driver "s3") }}{{ $https = true }}{{ end }}
{{- if has "cognito" .needs.uses }}
{{- if include "kinora.trial" (dict "root" $root "part" "cognito") }}
- to:
    {{- include "kinora.pods" (dict "root" $root "component" "cognito-local") | nindent 4 }}
  ports:
    - { protocol: TCP, port: 9229 }
{{- else }}
{{- $https = true }}
{{- end }}
{{- end }}
{{- if has "dynamodb" .needs.uses }}
{{- if include "kinora.trial" (dict "root" $root "part" "dynamodb") }}
- to:
    {{- include "kinora.pods" (dict "root" $root "component" "dynalite") | nindent 4 }}
  ports:
    - { protocol: TCP, port: 4567 }
{{- else }}
{{- $https = true }}
{{- end }}
{{- end }}
{{- if $https }}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        {{- with $policy.deniedCidrs }}
        except:
          {{- toYaml . | nindent 10 }}
        {{- end }}
  ports:
    - { protocol: TCP, port: 443 }
{{- end }}
{{- with .service.extraEgress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Who may connect to a service's port, as entries of `from`. Takes root and name. */}}
{{- define "kinora.callers" -}}
{{- $root := .root -}}
{{- $policy := $root.Values.networkPolicy -}}
{{- range $caller, $needs := include "kinora.wiring" $root | fromYaml }}
{{- if has $.name $needs.calls }}
{{ include "kinora.pods" (dict "root" $root "component" $caller) }}
{{- end }}
{{- end }}
{{- if hasKey (include "kinora.publicServices" $root | fromYaml) .name }}
{{- if $root.Values.gateway.enabled }}
{{ include "kinora.pods" (dict "root" $root "component" "gateway") }}
{{- end }}
{{- if and $root.Values.ingress.enabled (ne $root.Values.ingress.kind "gateway") $policy.publicFrom }}
{{ toYaml $policy.publicFrom }}
{{- end }}
{{- end }}
{{- with $policy.metricsFrom }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The head of a NetworkPolicy. Takes root and component. */}}
{{- define "kinora.policyHead" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "kinora.fullname" .root }}-{{ .component }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "kinora.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "kinora.selector" . | nindent 6 }}
{{- end }}
