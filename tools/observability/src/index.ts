export { documentedMetrics, type Metric } from './documented';
export { traceTree } from './trace-tree';
