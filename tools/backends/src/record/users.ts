import { type RecordedCall } from './record';

/** Services whose permissions are listed. `web` calls nothing of AWS. */
export const SERVICES = ['auth', 'upload', 'transcode', 'encoder', 'catalog', 'analytics', 'edge'] as const;
export type Service = (typeof SERVICES)[number];

/** What a service calls of what a lib can: everything, or these operations. */
type Share = 'all' | readonly string[];

const READING = ['GetObject', 'HeadObject', 'HeadBucket'];

/** Who uses the libs that call AWS: what a lib's own suites call is needed by these services. */
const LIBS: Readonly<Record<string, Partial<Record<Service, Share>>>> = {
  'libs/storage': {
    upload: 'all',
    transcode: [...READING, 'PutObject', 'ListObjectsV2', 'DeleteObjects'],
    encoder: [...READING, 'PutObject'],
    edge: READING,
  },
  'libs/sqs': { upload: 'all', transcode: 'all' },
  // Secrets of the configuration.
  'libs/service': Object.fromEntries(SERVICES.map((service) => [service, 'all'])),
};

/** Whoever records calls of a lib that is not in the table learns what to do. */
export class UnknownUser extends Error {
  override name = 'UnknownUser';
}

const isService = (name: string): name is Service => SERVICES.some((service) => service === name);

/** The services that make a recorded call. Journeys and tools make none: their services call under names of their own. */
export function servicesOf({ project, action }: Pick<RecordedCall, 'project' | 'action'>): Service[] {
  const [kind, name = ''] = project.split('/');
  if (kind === 'apps') return isService(name) ? [name] : [];
  if (kind === 'tools') return [];
  const users = LIBS[project];
  if (!users)
    throw new UnknownUser(
      `${project} calls AWS: add the services that use it to LIBS in tools/backends/src/record/users.ts`,
    );
  return SERVICES.filter((service) => users[service] === 'all' || users[service]?.includes(action));
}
