import { createHash } from 'node:crypto';

/** So many viewers are counted exactly; more by HyperLogLog. */
export const EXACT_VIEWERS = 2_000;
const P = 12;
const M = 2 ** P;
/** Bits of a hash beside the register's number. */
const Q = 64 - P;

/** Distinct viewers of a period: their hashes in order, or the registers of a HyperLogLog in base64. Depends on the set only. */
export type Viewers = { readonly exact: readonly string[] } | { readonly registers: string };

/** 64 bits of a viewer's pseudonym that mean nothing for any other video. */
export const viewerHash = (videoId: string, viewer: string): string =>
  createHash('sha256').update(`${videoId}\n${viewer}`).digest().subarray(0, 8).toString('base64url');

function fill(registers: Uint8Array, hash: string): void {
  const bits = Buffer.from(hash, 'base64url').readBigUInt64BE();
  const register = Number(bits >> BigInt(Q));
  const rest = bits & ((1n << BigInt(Q)) - 1n);
  // Position of the first one-bit in the rest, from 1; Q + 1 when there is none.
  const rank = rest === 0n ? Q + 1 : Q - rest.toString(2).length + 1;
  registers[register] = Math.max(registers[register] ?? 0, rank);
}

/** Collects viewers of sessions and of rollups, in any order. */
export class ViewerSet {
  #exact: Set<string> | undefined = new Set();
  #registers = new Uint8Array(M);

  add(hash: string): void {
    if (!this.#exact) return fill(this.#registers, hash);
    this.#exact.add(hash);
    if (this.#exact.size <= EXACT_VIEWERS) return;
    for (const one of this.#exact) fill(this.#registers, one);
    this.#exact = undefined;
  }

  addAll(viewers: Viewers): void {
    if ('exact' in viewers) return viewers.exact.forEach((hash) => this.add(hash));
    for (const hash of this.#exact ?? []) fill(this.#registers, hash);
    this.#exact = undefined;
    Buffer.from(viewers.registers, 'base64').forEach((rank, i) => {
      this.#registers[i] = Math.max(this.#registers[i] ?? 0, rank);
    });
  }

  get size(): number {
    return this.#exact ? this.#exact.size : estimate(this.#registers);
  }

  get isExact(): boolean {
    return this.#exact !== undefined;
  }

  toJSON(): Viewers {
    return this.#exact
      ? { exact: [...this.#exact].sort() }
      : { registers: Buffer.from(this.#registers).toString('base64') };
  }
}

/** σ and τ of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6: unbiased over the whole range. */
function sigma(x: number): number {
  if (x === 1) return Infinity;
  let y = 1;
  let z = x;
  for (let before = NaN; z !== before;) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let y = 1;
  let z = 1 - x;
  for (let before = NaN; z !== before;) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}

function estimate(registers: Uint8Array): number {
  const count = new Array<number>(Q + 2).fill(0);
  for (const rank of registers) count[rank] = (count[rank] ?? 0) + 1;
  let z = M * tau(1 - (count[Q + 1] ?? 0) / M);
  for (let rank = Q; rank >= 1; rank--) z = 0.5 * (z + (count[rank] ?? 0));
  z += M * sigma((count[0] ?? 0) / M);
  return Math.round(((1 / (2 * Math.LN2)) * M * M) / z);
}
