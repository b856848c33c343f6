import { z } from 'zod';

/** RFC 9457 problem document, with Kinora's stable `code` and, for bodies that do not fit, the fields at fault. */
export const Problem = z
  .object({
    type: z.string().optional(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.string().describe('Stable, machine-readable: `video.not_found`'),
    requestId: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    challenge: z
      .object({ session: z.string(), expiresIn: z.int().describe('Seconds') })
      .optional()
      .describe('A step is missing: send what `code` asks for, with this session'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof Problem>;
