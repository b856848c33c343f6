import { type Exception } from './exceptions';

/** Every rule of the checkers that this chart breaks on purpose. `of` is matched with `{values}: {kind} {name}`. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    tool: 'kube-score',
    rule: 'container-image-pull-policy',
    why: 'Versions are never given twice, so what a node has is right; asking the registry at each start makes it a thing that can fail.',
  },
  {
    tool: 'kube-score',
    rule: 'pod-probes-identical',
    of: /(StatefulSet|Deployment kinora-gateway$)/,
    why: 'One address says all there is to know of them; liveness is four times as patient as readiness.',
  },
  {
    tool: 'kube-score',
    rule: 'statefulset-has-servicename',
    of: /^(local|trial): /,
    why: 'One pod each: an address that stays is better than the pod’s own, which clients would have to look up again.',
  },
  {
    tool: 'kube-score',
    rule: 'deployment-replicas',
    of: /^(local|trial): /,
    why: 'A trial has one node.',
  },
  {
    tool: 'kube-score',
    rule: 'deployment-replicas',
    of: /^eks: Deployment kinora-encoder$/,
    why: 'KEDA gives the number.',
  },
  {
    tool: 'kube-score',
    rule: 'pod-networkpolicy',
    of: /^generated: /,
    why: 'These values switch the policies off, to show that one can.',
  },
  {
    tool: 'kube-score',
    rule: 'pod-probes',
    of: /Pod kinora-journey$/,
    why: 'A test is waited for, not sent requests.',
  },
  {
    tool: 'kube-score',
    rule: 'ingress-targets-service',
    of: /^(eks|mediaconvert): Ingress kinora$/,
    why: 'The backend `nowhere` is an answer that the load balancer gives by itself (`use-annotation`).',
  },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_11',
    why: 'A limit on CPU would throttle answers, and encodes, while cores stand idle. Memory and disk have limits.',
  },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_15',
    why: 'As `container-image-pull-policy` above.',
  },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_43',
    why: 'A release pins digests (`services.{name}.image.digest`); what is built on a machine has none that a registry knows.',
  },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_35',
    why: 'The environment is where services read all of their configuration; a value may point to Secrets Manager instead.',
  },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_8',
    of: /Pod kinora-journey$/,
    why: 'A test ends by itself, or by its deadline.',
  },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_9',
    of: /Pod kinora-journey$/,
    why: 'A test is waited for, not sent requests.',
  },
];
