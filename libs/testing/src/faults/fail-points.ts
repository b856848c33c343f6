import path from 'node:path';
import { workspaceRoot } from '../process/programs';

interface Counted {
  /** Only paths that match this expression. */
  readonly match?: string;
  /** Only the n-th event, from 1; every one unless told. */
  readonly nth?: number;
  /** A share of the events, 0 to 1, the same from run to run. */
  readonly share?: number;
  /** Only while this file exists. */
  readonly while?: string;
}

/** What goes wrong in a process, and when. Objects are those of the disk store. */
export type FailPoint =
  /** Before an object is stored: refused by the disk, late, or held back until the file `while` is removed. */
  | (Counted & { readonly at: 'store'; readonly do: 'fail'; readonly code: 'ENOSPC' | 'EIO' })
  | (Counted & { readonly at: 'store'; readonly do: 'stall'; readonly ms: number })
  | (Counted & { readonly at: 'store'; readonly do: 'hold'; readonly while: string })
  /** After an object was stored, or whenever something is written to a connection: dead, deaf for a while, or with another clock. */
  | (Counted & { readonly at: 'stored' | 'socket'; readonly do: 'kill'; readonly mark?: string })
  | (Counted & { readonly at: 'stored'; readonly do: 'block' | 'step'; readonly ms: number; readonly mark?: string });

export interface Failing {
  readonly points?: readonly FailPoint[];
  /** How wrong its clock is. */
  readonly clockSkewMs?: number;
}

/** Node's arguments and environment for a service that fails as told. */
export const failing = ({
  points = [],
  clockSkewMs = 0,
}: Failing): { args: string[]; env: Record<string, string> } => ({
  args: ['--require', path.join(workspaceRoot, 'libs/testing/src/faults/preload.cjs')],
  env: { KINORA_FAIL_POINTS: JSON.stringify(points), KINORA_CLOCK_SKEW_MS: String(clockSkewMs) },
});
