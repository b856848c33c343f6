import { NODE_IMAGE } from './base/base';
import { type Image } from './catalogue';
import { type Facts } from './facts';

/** The labels that the OCI names, as far as they are known. */
export function labelsOf(
  { name, description }: Image,
  { version, revision, source, epoch }: Facts,
): Record<string, string> {
  const labels = {
    title: `kinora/${name}`,
    description,
    vendor: 'Kinora',
    licenses: 'Apache-2.0',
    version,
    revision,
    source,
    created: new Date(epoch * 1000).toISOString(),
    'base.name': NODE_IMAGE,
  };
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) =>
      value === undefined ? [] : [[`org.opencontainers.image.${key}`, value]],
    ),
  );
}
