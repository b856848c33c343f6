import { z } from 'zod';

/** Cursor pagination: `cursor` comes from the answer before, and means nothing to the caller. */
export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('Null on the last page') });

export const Timestamp = z.iso.datetime();
