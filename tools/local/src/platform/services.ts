/** Every service, each a process of its own (as it is a pod of its own in a cluster). */
export const SERVICES = ['auth', 'upload', 'transcode', 'encoder', 'catalog', 'analytics', 'edge', 'web'] as const;
export type ServiceName = (typeof SERVICES)[number];

export const isService = (name: string): name is ServiceName => SERVICES.some((service) => service === name);
