import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

/** A Kubernetes object, as far as the checks look into it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
  };
  // Each kind has a shape of its own; tests say what they expect of it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

/** The objects of a stream of YAML documents. @throws at the first that is no YAML, or says a key twice */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const manifest = document.toJS() as Manifest | null;
    return manifest ? [manifest] : [];
  });
}

export const readManifests = (file: string): Manifest[] => parseManifests(readFileSync(file, 'utf8'));

/** How people name an object. */
export const titleOf = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

/** Whether a kind belongs to Kubernetes itself, and not to a definition that something else brings. */
export const isBuiltIn = ({ apiVersion }: Manifest): boolean => {
  const [group = ''] = apiVersion.split('/');
  return !apiVersion.includes('/') || !group.includes('.') || group.endsWith('.k8s.io');
};
