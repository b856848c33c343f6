import { type DeliveredCode } from '@kinora/testing';

export interface Letter extends DeliveredCode {
  at: string;
}

const KEPT = 100;

/** Where the codes go that Cognito would send by e-mail. Exists in the embedded mode only. */
export class Mailbox {
  #letters: Letter[] = [];
  #waiting = new Set<() => void>();

  add(code: DeliveredCode): void {
    this.#letters = [{ ...code, at: new Date().toISOString() }, ...this.#letters].slice(0, KEPT);
    for (const wake of this.#waiting) wake();
  }

  /** Newest first; for one address only, if given. */
  list(email?: string): Letter[] {
    return this.#letters.filter((letter) => email === undefined || letter.email === email);
  }

  /** The newest code for an address that came after `since` (an ISO time), or the next one to come. */
  async codeFor(email: string, { since = '', timeoutMs = 10_000 } = {}): Promise<string> {
    const newest = () => this.list(email).find((letter) => letter.at >= since)?.code;
    const known = newest();
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`no code for ${email} came within ${timeoutMs} ms`));
      }, timeoutMs);
      const wake = () => {
        const code = newest();
        if (code === undefined) return;
        done();
        resolve(code);
      };
      this.#waiting.add(wake);
    });
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

/** The mailbox as a page that renews itself. */
export function mailboxPage(letters: readonly Letter[]): string {
  const rows = letters.map(
    ({ at, email, subject, code }) =>
      `<tr><td><time>${escape(at)}</time></td><td>${escape(email)}</td><td>${escape(subject ?? '')}</td><td><code>${escape(code)}</code></td></tr>`,
  );
  const style =
    'body{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{padding:.5rem;text-align:left;border-bottom:1px solid #8884}code{font-size:1.3em}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}';
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="3">
<title>Development mailbox · Kinora</title><style>${style}</style><h1>Development mailbox</h1>
<p>Codes for sign-up and forgotten passwords. No e-mail leaves this machine; this page exists only here.</p>
${rows.length === 0 ? '<p>Nothing yet.</p>' : `<table><thead><tr><th>When</th><th>To</th><th>Subject</th><th>Code</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`}</html>`;
}
