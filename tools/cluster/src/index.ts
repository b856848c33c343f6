export { installHelm } from './install/helm';
