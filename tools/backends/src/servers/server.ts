import { type Backends } from '@kinora/testing';
import { type Toolchain } from '../install/toolchain';

export interface Running {
  /** How tests reach it: its part of {@link Backends}. */
  readonly address: Partial<Backends>;
  stop(): Promise<unknown>;
}

/** A server that stands in for an AWS service, or is what AWS runs. */
export interface Server {
  readonly name: string;
  readonly version: string;
  readonly needs: readonly Toolchain[];
  /** Which entries of {@link Backends} it provides. */
  readonly provides: readonly (keyof Backends)[];
  /** Which it uses itself: their servers are started first. */
  readonly uses?: readonly (keyof Backends)[];
  /** Fetches and builds it, if this machine has not done so before. */
  install(signal: AbortSignal): Promise<unknown>;
  /** @param others what it {@link uses} */
  start(others: Partial<Backends>): Promise<Running>;
}

/** What every stand-in accepts; tests use the default chain, so it is in the environment too. */
export const CREDENTIALS = {
  region: 'us-east-1',
  accessKeyId: 'kinora',
  secretAccessKey: 'kinora-secret',
} as const;

/** Whether an HTTP server answers at all, whatever it says. */
export const answers = async (url: string): Promise<boolean> => {
  await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).body?.cancel();
  return true;
};
