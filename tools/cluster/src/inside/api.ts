import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { API_URL } from './addresses';
import { type Certificates } from './certificates';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks the API server as the administrator. */
export class Api {
  private readonly agent: Agent;

  constructor(certificates: Certificates) {
    this.agent = new Agent({
      keepAlive: true,
      ca: readFileSync(certificates.ca),
      cert: readFileSync(certificates.certificate('admin')),
      key: readFileSync(certificates.key('admin')),
    });
  }

  get(path: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(`${API_URL}${path}`, { agent: this.agent, timeout: 5_000 }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.once('error', reject);
      });
      asked.once('timeout', () => asked.destroy(new Error(`the API server did not answer GET ${path}`)));
      asked.once('error', reject);
      asked.end();
    });
  }

  /** An object, or undefined if there is none. */
  async find<T>(path: string): Promise<T | undefined> {
    const { status, body } = await this.get(path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${body}`);
    return JSON.parse(body) as T;
  }
}
