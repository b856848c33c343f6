import { type HelmAndKubectl } from './install/helm';
import { type KubernetesProgram } from './install/kubernetes';

/** Where each program is. */
export type Programs = Record<KubernetesProgram | 'kube-router', string> & HelmAndKubectl;

/** What the process inside the namespaces is told by the one outside. */
export interface Setup {
  /** A folder that is deleted with the cluster. */
  readonly state: string;
  /** The group below which pods run. */
  readonly cgroup: string;
  readonly programs: Programs;
  readonly pauseImage: string;
  /** A folder of resource definitions. */
  readonly crds: string;
  /** The platform's images. */
  readonly archive: string;
  /** Files of the suites to be run; none: the cluster only waits. */
  readonly suites: readonly string[];
}

/** How suites reach the cluster; in the environment variable KINORA_CLUSTER, as JSON. */
export interface ClusterAddress {
  readonly kubeconfig: string;
  readonly helm: string;
  readonly kubectl: string;
}
