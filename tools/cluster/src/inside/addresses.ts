/** Addresses of the cluster. It has a network namespace of its own, so they can't meet anybody else's. */
export const NODE_NAME = 'node1';
export const NODE_IP = '10.97.0.1';
export const API_PORT = 6443;
export const API_URL = `https://${NODE_IP}:${API_PORT}`;
export const ETCD_URL = 'http://127.0.0.1:2379';
export const SERVICE_CIDR = '10.96.0.0/16';
/** The first address of the services' range is always the API server's. */
export const API_SERVICE_IP = '10.96.0.1';
export const DNS_IP = '10.96.0.10';
export const POD_CIDR = '10.98.0.0/16';
