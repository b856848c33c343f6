{{/*
Keys that the chart makes when nobody gives it any, as a map: read from the Secret that keeps them, or made once per rendering.
Nothing outside the cluster remembers them, so that Secret stays when the release goes. Takes the root.
*/}}
{{- define "kinora.keys" -}}
{{- if not (hasKey .Values "madeKeys") }}
{{- $known := (lookup "v1" "Secret" .Release.Namespace (printf "%s-keys" (include "kinora.fullname" .))).data | default dict }}
{{- $keys := dict }}
{{- range $name, $value := $known }}{{ $_ := set $keys $name (b64dec $value) }}{{ end }}
{{- $pair := genSelfSignedCert "kinora" nil nil 3650 }}
{{- $made := dict
      "postgresPassword" (randAlphaNum 32)
      "redisPassword" (randAlphaNum 32)
      "demoPassword" (printf "%s-7aA" (randAlphaNum 14))
      "storageSigningKey" (randAlphaNum 48)
      "sessionTokenKey" (randAlphaNum 48)
      "webhookSecretKey" (randAlphaNum 48)
      "grantKey" (randBytes 32)
      "serviceTokenKey" (genPrivateKey "ecdsa")
      "cloudFrontKeyId" (printf "K%s" (randAlphaNum 13 | upper))
      "cloudFrontPrivateKey" $pair.Key
      "cloudFrontCertificate" $pair.Cert }}
{{- range $name := keys (.Files.Get "files/wiring.yaml" | fromYaml) }}
{{- $_ := set $made (printf "service.%s" $name) (randAlphaNum 43) }}
{{- end }}
{{- /* What a newer version of the chart needs besides is added; what is there stays. */}}
{{- $_ := set .Values "madeKeys" (merge $keys $made) }}
{{- end }}
{{- toYaml .Values.madeKeys }}
{{- end }}

{{/* What a variable of a service's Secret says where the chart makes the Secret; nothing where it has nothing to say. Takes root, name and variable. */}}
{{- define "kinora.secretValue" -}}
{{- $keys := include "kinora.keys" .root | fromYaml -}}
{{- $s := .root.Values.secrets -}}
{{- $full := include "kinora.fullname" .root -}}
{{- $own := get (get .root.Values.services .name) "secretEnv" | default dict -}}
{{- $v := .variable -}}
{{- if get $own $v }}
{{- get $own $v }}
{{- else if eq $v "DATABASE_URL" }}
{{- if include "kinora.trial" (dict "root" .root "part" "postgres") }}
{{- printf "postgres://kinora:%s@%s-postgres:5432/kinora" $keys.postgresPassword $full }}
{{- else }}
{{- $s.databaseUrl }}
{{- end }}
{{- else if eq $v "DATABASE_READER_URL" }}
{{- $s.databaseReaderUrl }}
{{- else if eq $v "REDIS_URL" }}
{{- if include "kinora.trial" (dict "root" .root "part" "redis") }}
{{- printf "redis://:%s@%s-redis:6379" $keys.redisPassword $full }}
{{- else }}
{{- $s.redisUrl }}
{{- end }}
{{- else if eq $v "KINORA_SERVICE_SECRET" }}
{{- get $keys (printf "service.%s" .name) }}
{{- else if eq $v "SERVICE_SECRETS" }}
{{- $all := dict }}
{{- range $name := keys (.root.Files.Get "files/wiring.yaml" | fromYaml) }}{{ $_ := set $all $name (get $keys (printf "service.%s" $name)) }}{{ end }}
{{- toJson $all }}
{{- else if eq $v "SERVICE_TOKEN_PRIVATE_KEY" }}
{{- $keys.serviceTokenKey }}
{{- else if eq $v "STORAGE_SIGNING_KEY" }}
{{- $keys.storageSigningKey }}
{{- else if eq $v "SESSION_TOKEN_KEY" }}
{{- $keys.sessionTokenKey }}
{{- else if eq $v "WEBHOOK_SECRET_KEY" }}
{{- $keys.webhookSecretKey }}
{{- else if eq $v "GRANT_KEYS" }}
{{- dict "k1" $keys.grantKey | toJson }}
{{- else if eq $v "CLOUDFRONT_KEY_ID" }}
{{- $keys.cloudFrontKeyId }}
{{- else if eq $v "CLOUDFRONT_PRIVATE_KEY" }}
{{- $keys.cloudFrontPrivateKey }}
{{- else if eq $v "CLOUDFRONT_KEYS" }}
{{- dict $keys.cloudFrontKeyId (dict "publicKey" $keys.cloudFrontCertificate "hash" (list "SHA1" "SHA256")) | toJson }}
{{- end }}
{{- end }}

{{/* The data of a service's Secret, as a map. Takes root, name and needs. */}}
{{- define "kinora.secretData" -}}
{{- $root := .root -}}
{{- $name := .name -}}
{{- range include "kinora.secretNames" . | fromYamlArray }}
{{- $variable := trimSuffix "?" . }}
{{- $value := include "kinora.secretValue" (dict "root" $root "name" $name "variable" $variable) }}
{{- if $value }}
{{ $variable }}: {{ $value | quote }}
{{- else if not (hasSuffix "?" .) }}
{{- fail (printf "services.%s.secretEnv.%s is required" $name $variable) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Entries of `env` that read a service's Secret. Takes root, name and needs. */}}
{{- define "kinora.secretEnv" -}}
{{- $secret := printf "%s-%s" (include "kinora.fullname" .root) .name -}}
{{- range include "kinora.secretNames" . | fromYamlArray }}
- name: {{ trimSuffix "?" . }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ trimSuffix "?" . }}
      {{- if hasSuffix "?" . }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}

{{/* What an ExternalSecret reads for a service. Takes root, target, name and variables (as `kinora.secretNames` lists them). */}}
{{- define "kinora.externalSecretSpec" -}}
{{- $external := .root.Values.secrets.external -}}
refreshInterval: {{ $external.refreshInterval }}
secretStoreRef:
  kind: {{ $external.store.kind }}
  name: {{ $external.store.name }}
target:
  name: {{ .target }}
  creationPolicy: Owner
data:
  {{- range .variables }}
  {{- $variable := trimSuffix "?" . }}
  {{- if or (not (hasSuffix "?" .)) (has $variable $external.optional) }}
  - secretKey: {{ $variable }}
    remoteRef:
      key: {{ $external.prefix }}{{ $.name }}
      property: {{ $variable }}
  {{- end }}
  {{- end }}
{{- end }}
