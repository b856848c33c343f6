{{/* What must be given, and what can't be together: all of it at once, each with the value's name. */}}
{{- define "kinora.validate" -}}
{{- $c := .Values.config -}}
{{- $lacks := list -}}
{{- if not $c.publicUrl }}{{ $lacks = append $lacks "config.publicUrl: the one public origin, such as https://video.example.com" }}{{ end -}}
{{- if not (include "kinora.trial" (dict "root" . "part" "cognito")) }}
{{- if not $c.cognito.userPoolId }}{{ $lacks = append $lacks "config.cognito.userPoolId: the pool that people sign in to" }}{{ end -}}
{{- if not $c.cognito.clientId }}{{ $lacks = append $lacks "config.cognito.clientId: the pool's app client" }}{{ end -}}
{{- end }}
{{- if eq $c.storage.driver "s3" }}
{{- range $bucket := list "staging" "raw" "distribution" }}
{{- if not (get $c.storage.s3.buckets $bucket) }}{{ $lacks = append $lacks (printf "config.storage.s3.buckets.%s: a bucket's name" $bucket) }}{{ end -}}
{{- end }}
{{- else if not (or $c.storage.disk.existingClaim (include "kinora.trial" (dict "root" . "part" "objects"))) }}
{{- $lacks = append $lacks "config.storage.disk.existingClaim: a claim that all nodes can write, such as one on EFS; or trial.objects.enabled" }}
{{- end }}
{{- if and (eq $c.database.auth "iam") (eq $c.database.ssl "disable") }}{{ $lacks = append $lacks "config.database.ssl: database.auth=iam needs require or verify-full" }}{{ end -}}
{{- if and (ne $c.transcode.engine "ffmpeg") (not $c.transcode.mediaConvert.roleArn) }}{{ $lacks = append $lacks "config.transcode.mediaConvert.roleArn: the role that MediaConvert takes on" }}{{ end -}}
{{- if and .Values.migrations.hook (include "kinora.trial" (dict "root" . "part" "postgres")) }}
{{- $lacks = append $lacks "migrations.hook: must be false where the chart itself brings the database, which is not there before the install" }}
{{- end }}
{{- if eq .Values.secrets.source "generate" }}
{{- range $value, $part := dict "databaseUrl" "postgres" "redisUrl" "redis" }}
{{- $variable := ternary "DATABASE_URL" "REDIS_URL" (eq $part "postgres") }}
{{- if not (or (get $.Values.secrets $value) (include "kinora.trial" (dict "root" $ "part" $part))) }}
{{- $without := list }}
{{- range $name, $needs := include "kinora.wiring" $ | fromYaml }}
{{- if and (has $variable $needs.secrets) (not (get (get (get $.Values.services $name) "secretEnv" | default dict) $variable)) }}{{ $without = append $without $name }}{{ end -}}
{{- end }}
{{- if $without }}{{ $lacks = append $lacks (printf "secrets.%s: or another secrets.source, or services.*.secretEnv.%s of %s" $value $variable (join ", " $without)) }}{{ end -}}
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.secrets.source "external") (not .Values.secrets.external.store.name) }}{{ $lacks = append $lacks "secrets.external.store.name: the store that ExternalSecrets are read from" }}{{ end -}}
{{- if and (eq .Values.ingress.kind "gateway") .Values.ingress.enabled (not .Values.gateway.enabled) }}{{ $lacks = append $lacks "gateway.enabled: ingress.kind=gateway sends everything there" }}{{ end -}}
{{- if and .Values.networkPolicy.enabled .Values.ingress.enabled (not .Values.networkPolicy.publicFrom) }}{{ $lacks = append $lacks "networkPolicy.publicFrom: where requests come from; without it the ingress reaches nobody" }}{{ end -}}
{{- if and .Values.keda.enabled (eq .Values.keda.source "redis") (not .Values.keda.redis.address) (not (include "kinora.trial" (dict "root" . "part" "redis"))) }}{{ $lacks = append $lacks "keda.redis.address: host:port of Redis" }}{{ end -}}
{{- if and .Values.keda.enabled (eq .Values.keda.source "prometheus") (not .Values.keda.prometheus.serverAddress) }}{{ $lacks = append $lacks "keda.prometheus.serverAddress: the address of Prometheus" }}{{ end -}}
{{- range $name, $service := .Values.services }}
{{- if and $.Values.gateway.enabled (ne $name "encoder") (not $service.enabled) }}{{ $lacks = append $lacks (printf "services.%s.enabled: the gateway leads to every service" $name) }}{{ end -}}
{{- if and $service.autoscaling $service.autoscaling.enabled (eq $name "encoder") $.Values.keda.enabled }}{{ $lacks = append $lacks "services.encoder.autoscaling.enabled: keda.enabled scales encoders already" }}{{ end -}}
{{- end }}
{{- if $lacks }}
{{- fail (printf "\nthe values are not complete:\n  %s" (join "\n  " $lacks)) }}
{{- end }}
{{- end }}
