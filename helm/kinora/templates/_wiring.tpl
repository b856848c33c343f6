{{/* The services that are switched on, of files/wiring.yaml: name → uses, calls, secrets. Takes the root. */}}
{{- define "kinora.wiring" -}}
{{- range $name, $needs := .Files.Get "files/wiring.yaml" | fromYaml }}
{{- if (get $.Values.services $name).enabled }}
{{ $name }}:
  {{- toYaml $needs | nindent 2 }}
{{- end }}
{{- end }}
{{- end }}

{{/* Variables of a service's Secret, as a list; `?` marks those that may be absent. Takes root and needs. */}}
{{- define "kinora.secretNames" -}}
{{- range .needs.secrets }}
{{- if and (eq . "STORAGE_SIGNING_KEY") (ne $.root.Values.config.storage.driver "disk") }}{{ continue }}{{ end }}
- {{ . | quote }}
{{- end }}
{{- end }}

{{/* One of the groups of variables below, without those that have no value: then the service's own default holds. */}}
{{- define "kinora.settings" -}}
{{- range $name, $value := . }}
{{- if and (not (kindIs "invalid" $value)) (ne (toString $value) "") }}
{{ $name }}: {{ kindIs "float64" $value | ternary (printf "%v" (int64 $value)) (toString $value) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* The environment of a service, apart from its secrets, as a map. Takes root, name, needs and service. */}}
{{- define "kinora.environment" -}}
{{- $c := .root.Values.config -}}
{{- $full := include "kinora.fullname" .root -}}
{{- $trialCognito := include "kinora.trial" (dict "root" .root "part" "cognito") -}}
{{- $trialDynamo := include "kinora.trial" (dict "root" .root "part" "dynamodb") -}}
{{- $env := dict "PORT" "8080" "HOST" "0.0.0.0" "LOG_LEVEL" $c.logLevel "TZ" "UTC" -}}
{{- if ne .name "web" }}{{ $_ := set $env "KINORA_PUBLIC_URL" $c.publicUrl }}{{ end -}}
{{- range .needs.calls }}
{{- $_ := set $env (printf "KINORA_%s_URL" (upper .)) (printf "http://%s-%s" $full .) }}
{{- end }}
{{- if has "database" .needs.uses }}
{{- $d := $c.database }}
{{- $_ := merge $env (dict "DATABASE_SSL" $d.ssl "DATABASE_AUTH" $d.auth "DATABASE_POOL_MAX" $d.poolMax
      "DATABASE_MIGRATE" (.root.Values.migrations.hook | ternary "never" "on-start")
      "DATABASE_CA_FILE" (empty $d.caConfigMap.name | ternary "" "/etc/kinora/database/ca.pem")) }}
{{- if eq $d.auth "iam" }}{{ $_ := set $env "AWS_REGION" $c.aws.region }}{{ end }}
{{- end }}
{{- if has "cognito" .needs.uses }}
{{- if $trialCognito }}
{{- $pool := .root.Values.trial.cognito }}
{{- $url := printf "http://%s-cognito-local:9229" $full }}
{{- $_ := merge $env (dict "COGNITO_REGION" "us-east-1" "COGNITO_USER_POOL_ID" $pool.userPoolId "COGNITO_CLIENT_ID" $pool.clientId
      "COGNITO_ENDPOINT" $url "COGNITO_ISSUER" (printf "%s/%s" $url $pool.userPoolId)) }}
{{- else }}
{{- $_ := merge $env (dict "COGNITO_REGION" ($c.cognito.region | default $c.aws.region) "COGNITO_USER_POOL_ID" $c.cognito.userPoolId
      "COGNITO_CLIENT_ID" $c.cognito.clientId "COGNITO_ENDPOINT" $c.cognito.endpoint "COGNITO_ISSUER" $c.cognito.issuer) }}
{{- end }}
{{- end }}
{{- if has "store" .needs.uses }}
{{- $s := $c.storage }}
{{- $_ := set $env "STORAGE_DRIVER" $s.driver }}
{{- if eq $s.driver "disk" }}
{{- $_ := set $env "STORAGE_DISK_ROOT" "/store" }}
{{- else }}
{{- $_ := merge $env (dict "AWS_REGION" ($s.s3.region | default $c.aws.region) "S3_ENDPOINT" $s.s3.endpoint "S3_FORCE_PATH_STYLE" ($s.s3.forcePathStyle | ternary "true" "")
      "S3_BUCKET_STAGING" $s.s3.buckets.staging "S3_BUCKET_RAW" $s.s3.buckets.raw "S3_BUCKET_DISTRIBUTION" $s.s3.buckets.distribution
      "STORAGE_S3_SSE" $s.s3.sse "STORAGE_S3_KMS_KEY_ID" $s.s3.kmsKeyId "STORAGE_S3_TAGS" $s.s3.tags
      "STORAGE_S3_STORAGE_CLASS_STAGING" $s.s3.storageClasses.staging "STORAGE_S3_STORAGE_CLASS_RAW" $s.s3.storageClasses.raw
      "STORAGE_S3_STORAGE_CLASS_DISTRIBUTION" $s.s3.storageClasses.distribution) }}
{{- if eq .name "upload" }}{{ $_ := set $env "STORAGE_S3_ACCELERATE" ($s.s3.accelerate | ternary "true" "") }}{{ end }}
{{- end }}
{{- end }}
{{- if and $trialCognito (eq .name "auth") }}
{{- /* The stand-ins ask for credentials, whatever they are. */}}
{{- $_ := merge $env (dict "AWS_REGION" "us-east-1" "AWS_ACCESS_KEY_ID" "local" "AWS_SECRET_ACCESS_KEY" "local") }}
{{- end }}
{{- include (printf "kinora.environment.%s" .name) (dict "root" .root "env" $env "full" $full "trialDynamo" $trialDynamo) }}
{{- include "kinora.settings" (mergeOverwrite $env (deepCopy .service.env)) }}
{{- end }}

{{- /* What one service alone reads. Each adds to the map that it is given. */}}
{{- define "kinora.environment.auth" -}}
{{- $c := .root.Values.config -}}
{{- $_ := merge .env (dict "COGNITO_DOMAIN" $c.cognito.domain "SIGNUP_ROLE" $c.cognito.signupRole) -}}
{{- end }}

{{- define "kinora.environment.upload" -}}
{{- $u := .root.Values.config.uploadEvents -}}
{{- $_ := merge .env (dict "UPLOAD_EVENTS_QUEUE_URL" $u.queueUrl "UPLOAD_WATCH_PREFIX" $u.watchPrefix "UPLOAD_WATCH_OWNER_ID" $u.watchOwnerId) -}}
{{- end }}

{{- define "kinora.environment.transcode" -}}
{{- $t := .root.Values.config.transcode -}}
{{- $_ := merge .env (dict "TRANSCODE_ENGINE" $t.engine "TRANSCODE_CHUNK_SECONDS" $t.chunkSeconds "MEDIACONVERT_ROLE_ARN" $t.mediaConvert.roleArn
      "MEDIACONVERT_QUEUE_ARN" $t.mediaConvert.queueArn "MEDIACONVERT_EVENTS_QUEUE_URL" $t.mediaConvert.eventsQueueUrl
      "MEDIACONVERT_DAILY_MINUTES" $t.mediaConvert.dailyMinutes) -}}
{{- end }}

{{- define "kinora.environment.encoder" -}}
{{- $e := .root.Values.config.encoder -}}
{{- $_ := merge .env (dict "ENCODER_CONCURRENCY" $e.concurrency "ENCODER_THREADS" $e.threads "ENCODER_MAX_MEMORY_BYTES" $e.maxMemoryBytes) -}}
{{- end }}

{{- define "kinora.environment.catalog" -}}
{{- $c := .root.Values.config -}}
{{- $_ := merge .env (dict "AWS_REGION" $c.aws.region "KINORA_MEDIA_URL" $c.delivery.mediaUrl "COOKIE_DOMAIN" $c.delivery.cookieDomain
      "CLOUDFRONT_OWN_ORIGINS" (join "," $c.delivery.ownOrigins) "CLOUDFRONT_KVS_ARN" $c.delivery.cloudFront.keyValueStoreArn
      "CLOUDFRONT_DISTRIBUTION_ID" $c.delivery.cloudFront.distributionId "GRANT_SECONDS" $c.delivery.grantSeconds
      "OPENSEARCH_URL" $c.openSearch.url "OPENSEARCH_AUTH" $c.openSearch.auth "OPENSEARCH_SERVICE" $c.openSearch.service
      "WEBHOOK_ALLOW_PRIVATE" ($c.webhooks.allowPrivate | ternary "true" "")) -}}
{{- end }}

{{- define "kinora.environment.analytics" -}}
{{- $c := .root.Values.config -}}
{{- $_ := merge .env (dict "DYNAMODB_TABLE" $c.dynamodb.table) -}}
{{- if .trialDynamo }}
{{- $_ := merge .env (dict "AWS_REGION" "us-east-1" "AWS_ACCESS_KEY_ID" "local" "AWS_SECRET_ACCESS_KEY" "local"
      "DYNAMODB_ENDPOINT" (printf "http://%s-dynalite:4567" .full) "DYNAMODB_CREATE_TABLE" "true"
      "JOURNAL_WINDOW_MS" "50" "SESSION_GATHER_MS" "1000") }}
{{- else }}
{{- $_ := merge .env (dict "AWS_REGION" ($c.dynamodb.region | default $c.aws.region) "DYNAMODB_ENDPOINT" $c.dynamodb.endpoint
      "DYNAMODB_CREATE_TABLE" ($c.dynamodb.createTable | ternary "true" "")) }}
{{- end }}
{{- end }}

{{- define "kinora.environment.edge" -}}
{{- $d := .root.Values.config.delivery -}}
{{- $_ := merge .env (dict "EDGE_OWN_ORIGINS" (join "," $d.ownOrigins) "EDGE_COUNTRY_HEADER" $d.countryHeader) -}}
{{- end }}

{{- define "kinora.environment.web" -}}
{{- $_ := merge .env (dict "WEB_MEDIA_ORIGINS" (join "," .root.Values.config.delivery.mediaOrigins)) -}}
{{- end }}
