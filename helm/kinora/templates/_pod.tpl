{{/* What the restricted Pod Security Standard asks for, and the user that every image has. */}}
{{- define "kinora.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "kinora.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* Where pods go: over zones, then over nodes. Takes root, component and service. */}}
{{- define "kinora.placement" -}}
{{- with .service.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .service.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .service.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ .service.zoneSpread }}
    labelSelector:
      matchLabels:
        {{- include "kinora.selector" . | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "kinora.selector" . | nindent 14 }}
{{- end }}

{{/* Lets a trial's pod wait until its database takes connections, rather than fail and be started again. Takes root and service. */}}
{{- define "kinora.waitForDatabase" -}}
- name: wait-for-database
  image: {{ .image }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [node, -e]
  args:
    - |
      const attempt = () => require('node:net').connect(5432, process.env.DATABASE_HOST)
        .once('connect', () => process.exit(0))
        .once('error', () => setTimeout(attempt, 500));
      process.once('SIGTERM', () => process.exit(143));
      attempt();
  env:
    - name: DATABASE_HOST
      value: {{ include "kinora.fullname" .root }}-postgres
  resources:
    {{- toYaml .root.Values.trial.resources | nindent 4 }}
  securityContext:
    {{- include "kinora.containerSecurity" . | nindent 4 }}
{{- end }}

{{/* Takes the root. */}}
{{- define "kinora.pullSecrets" -}}
{{- with .Values.image.pullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{/* The volume of the authorities that the database's certificate is checked by. Takes the root. */}}
{{- define "kinora.databaseCa" -}}
- name: database-ca
  configMap:
    name: {{ .Values.config.database.caConfigMap.name }}
    items:
      - key: {{ .Values.config.database.caConfigMap.key }}
        path: ca.pem
{{- end }}

{{/* Annotations of what a migration consists of; one weight after the other. Takes the weight. */}}
{{- define "kinora.migrationHook" -}}
helm.sh/hook: pre-install,pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
