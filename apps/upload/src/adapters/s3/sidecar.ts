import { Description, Tags, Title, Visibility } from '@kinora/contracts-catalog';
import { UserId } from '@kinora/contracts-common';
import { z } from 'zod';
import { type FoundSidecar } from '../../domain/arrivals/ports';
import { plainText } from '../../domain/accepted-file';

/** A description is ten thousand characters at most. */
export const SIDECAR_BYTES = 64 * 1024;

const schema = z
  .object({
    title: z.string().transform(plainText).pipe(Title),
    description: Description,
    tags: Tags,
    visibility: Visibility,
    ownerId: UserId,
  })
  .partial();

/** Reads a sidecar. What it says beyond our fields may be meant for somebody else. */
export function readSidecar(bytes: Uint8Array): FoundSidecar {
  try {
    // Editors on Windows begin a file with a mark that the decoder takes off.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { sidecar: schema.parse(JSON.parse(text)) };
  } catch {
    return { problem: 'watch.sidecar_invalid' };
  }
}
