# Rules that every rendered manifest must keep. They say what a reviewer would otherwise have to look for.
package main

import rego.v1

# What has pods: a workload's template, or the pod itself.
pod_spec := input.spec.template.spec if input.spec.template.spec.containers

pod_spec := input.spec if input.kind == "Pod"

pod_labels := input.spec.template.metadata.labels if input.spec.template.spec.containers

pod_labels := input.metadata.labels if input.kind == "Pod"

containers := array.concat(pod_spec.containers, object.get(pod_spec, "initContainers", []))

title := sprintf("%s %s", [input.kind, input.metadata.name])

deny contains sprintf("%s: container %s must not be able to gain privileges", [title, container.name]) if {
	some container in containers
	not container.securityContext.allowPrivilegeEscalation == false
}

deny contains sprintf("%s: container %s must have a root file system that can't be written", [title, container.name]) if {
	some container in containers
	not container.securityContext.readOnlyRootFilesystem == true
}

deny contains sprintf("%s: container %s must give up all capabilities", [title, container.name]) if {
	some container in containers
	not "ALL" in object.get(object.get(container.securityContext, "capabilities", {}), "drop", [])
}

deny contains sprintf("%s must not run as root", [title]) if {
	pod_spec
	not pod_spec.securityContext.runAsNonRoot == true
}

deny contains sprintf("%s must run under the runtime's seccomp profile", [title]) if {
	pod_spec
	not pod_spec.securityContext.seccompProfile.type == "RuntimeDefault"
}

deny contains sprintf("%s must not see the node: %s", [title, field]) if {
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	pod_spec[field] == true
}

deny contains sprintf("%s must not mount a folder of the node", [title]) if {
	some volume in object.get(pod_spec, "volumes", [])
	volume.hostPath
}

deny contains sprintf("%s: no pod of ours talks to the API server, so none has a token", [title]) if {
	pod_spec
	not pod_spec.automountServiceAccountToken == false
}

deny contains sprintf("%s: container %s must say a version of its image other than latest", [title, container.name]) if {
	some container in containers
	not regex.match(`(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]*)$`, container.image)
}

deny contains sprintf("%s: container %s must say a version of its image other than latest", [title, container.name]) if {
	some container in containers
	endswith(container.image, ":latest")
}

deny contains sprintf("%s: container %s must say how much %s it needs", [title, container.name, resource]) if {
	some container in containers
	some resource in ["cpu", "memory"]
	not container.resources.requests[resource]
}

deny contains sprintf("%s: container %s must have a limit on memory", [title, container.name]) if {
	some container in containers
	not container.resources.limits.memory
}

deny contains sprintf("%s must have the label %s", [title, label]) if {
	pod_spec
	some label in ["name", "instance", "component"]
	not pod_labels[sprintf("app.kubernetes.io/%s", [label])]
}
