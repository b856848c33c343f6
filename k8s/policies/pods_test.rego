package main

import rego.v1

good_container := {
	"name": "web",
	"image": "kinora/web:0.1.0",
	"resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
	"securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
}

good := {
	"kind": "Deployment",
	"metadata": {"name": "web", "namespace": "kinora", "labels": {"app.kubernetes.io/component": "web"}},
	"spec": {
		"strategy": {"rollingUpdate": {"maxUnavailable": 0}},
		"template": {
			"metadata": {"labels": {"app.kubernetes.io/name": "kinora", "app.kubernetes.io/instance": "kinora", "app.kubernetes.io/component": "web"}},
			"spec": {
				"automountServiceAccountToken": false,
				"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
				"containers": [good_container],
			},
		},
	},
}

with_container(change) := json.patch(good, [{"op": "replace", "path": "/spec/template/spec/containers/0", "value": object.union(good_container, change)}])

with_pod(change) := json.patch(good, [{"op": "replace", "path": "/spec/template/spec", "value": object.union(good.spec.template.spec, change)}])

test_good if count(deny) == 0 with input as good

bad_containers := [
	{"securityContext": {"allowPrivilegeEscalation": true}},
	{"securityContext": {"readOnlyRootFilesystem": false}},
	{"securityContext": {"capabilities": {"drop": ["NET_RAW"]}}},
	{"image": "kinora/web"},
	{"image": "kinora/web:latest"},
	{"env": [{"name": "SERVICE_SECRETS", "value": "{}"}]},
	{"env": [{"name": "DATABASE_URL", "value": "postgres://a:b@c/d"}]},
]

test_bad_containers if {
	every change in bad_containers {
		count(deny) > 0 with input as with_container(change)
	}
}

test_no_bound if {
	every path in ["limits/memory", "requests/cpu", "requests/memory"] {
		bad := json.remove(good, [sprintf("/spec/template/spec/containers/0/resources/%s", [path])])
		count(deny) > 0 with input as bad
	}
}

bad_pods := [
	{"hostNetwork": true},
	{"automountServiceAccountToken": true},
	{"securityContext": {"runAsNonRoot": false}},
	{"securityContext": {"seccompProfile": {"type": "Unconfined"}}},
	{"volumes": [{"name": "node", "hostPath": {"path": "/"}}]},
	{"initContainers": [object.union(good_container, {"image": "busybox"})]},
]

test_bad_pods if {
	every change in bad_pods {
		count(deny) > 0 with input as with_pod(change)
	}
}

test_credentials_of_stand_ins_are_none if {
	count(deny) == 0 with input as with_container({"env": [{"name": "AWS_SECRET_ACCESS_KEY", "value": "local"}]})
}

bad_objects := [
	{"kind": "Service", "metadata": {"name": "a", "namespace": "kinora"}, "spec": {"type": "LoadBalancer"}},
	{"kind": "ClusterRole", "metadata": {"name": "a", "namespace": "kinora"}},
	{"kind": "Secret", "metadata": {"name": "a"}},
	{"kind": "NetworkPolicy", "metadata": {"name": "a", "namespace": "kinora"}, "spec": {"egress": [{"ports": [{"port": 53}]}]}},
	json.patch(good, [{"op": "replace", "path": "/spec/strategy/rollingUpdate/maxUnavailable", "value": 1}]),
]

test_bad_objects if {
	every object in bad_objects {
		count(deny) > 0 with input as object
	}
}
