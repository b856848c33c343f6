import { type Policy } from './policy';

/**
 * Remembers which signatures were found right, so that RSA runs once per viewer and not once per segment. The key is
 * the exact bytes of all that was verified; only what doesn't change is kept: expiry, resource and address are checked
 * again at every hit. Failures aren't kept: they are cheap to refuse and an attacker has no end of them.
 */
export class SignatureCache {
  private readonly entries = new Map<string, Policy>();

  /** @param capacity entries kept; the least recently used go first */
  constructor(private readonly capacity = 10_000) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Policy | undefined {
    const policy = this.entries.get(key);
    if (policy) {
      this.entries.delete(key);
      this.entries.set(key, policy);
    }
    return policy;
  }

  set(key: string, policy: Policy): void {
    this.entries.set(key, policy);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.capacity && oldest !== undefined) this.entries.delete(oldest);
  }
}
