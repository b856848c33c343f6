package main

import rego.v1

# Secrets belong into Secrets. These are the words in the names of our variables that hold any.
secret_words := {"SECRET", "PASSWORD", "PRIVATE_KEY", "SIGNING_KEY", "TOKEN_KEY", "GRANT_KEYS"}

# The stand-ins of a trial ask for credentials, whatever they are.
not_secret := {"local"}

deny contains sprintf("%s: %s is a secret, and stands in the manifest", [title, variable.name]) if {
	some container in containers
	some variable in object.get(container, "env", [])
	some word in secret_words
	contains(variable.name, word)
	variable.value
	not variable.value in not_secret
}

deny contains sprintf("%s: a URL with a password stands in the manifest", [title]) if {
	some container in containers
	some variable in object.get(container, "env", [])
	regex.match(`://[^/@\s]*:[^/@\s]+@`, object.get(variable, "value", ""))
}

deny contains sprintf("%s: only the ingress is reached from outside, not a Service of type %s", [title, input.spec.type]) if {
	input.kind == "Service"
	input.spec.type in {"NodePort", "LoadBalancer"}
}

deny contains sprintf("%s: no service needs a role in the cluster", [title]) if {
	input.kind in {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}
}

deny contains sprintf("%s must say its namespace: helm template and kubectl apply do not agree on a default", [title]) if {
	not input.kind in {"ClusterSecretStore", "PriorityClass", "Namespace"}
	not input.metadata.namespace
}

deny contains sprintf("%s must keep an old pod until a new one is ready", [title]) if {
	input.kind == "Deployment"
	input.metadata.labels["app.kubernetes.io/component"] != "encoder"
	input.spec.strategy.rollingUpdate.maxUnavailable != 0
}

deny contains sprintf("%s opens everything: a rule without `from` or `to`", [title]) if {
	input.kind == "NetworkPolicy"
	some direction in ["ingress", "egress"]
	some rule in object.get(input.spec, direction, [])
	not rule.from
	not rule.to
}
