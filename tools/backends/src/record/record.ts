import { type PassThrough, SET_UP, startPassThrough } from '@kinora/testing';
import { type IncomingMessage } from 'node:http';
import { type Call, observe } from './observe';

/** How a project's suites and services call themselves: the folder, without what an app id can't hold. */
export const appIdOf = (project: string): string => project.replace('/', '-');
const projectNamed = (appId: string): string => appId.replace('-', '/');

/** Calls of one kind that one suite made on one server. */
export interface RecordedCall {
  /** The folder of the project whose suites made it. */
  readonly project: string;
  /** The test file's name without its endings; absent where a signed URL or a service of the journey made the call. */
  readonly suite?: string;
  readonly service: string;
  readonly action: string;
  readonly signed: boolean;
  readonly server: string;
  /** How often, by class of status: `2xx`, `4xx`, … */
  readonly answers: Readonly<Record<string, number>>;
}

type Entry = Omit<RecordedCall, 'answers'>;

/** Whose suites get a proxy's address, and before which server it is. */
export interface Passage {
  readonly project: string;
  readonly server: string;
}

/** Notes the calls that pass by its proxies. Set-up of tests is no call of a service, and is left out. */
export class CallRecord {
  readonly #calls = new Map<string, { entry: Entry; answers: Record<string, number> }>();
  readonly #nameless = new Set<string>();

  /** A proxy before a server, whose address one project's suites get instead of the server's own. */
  before(endpoint: string, passage: Passage): Promise<PassThrough> {
    return startPassThrough(endpoint, {
      onRequest: beginForm,
      onAnswer: (request, { statusCode = 0 }) => this.#note(passage, observe(request, forms.get(request)), statusCode),
    });
  }

  #note({ project: owner, server }: Passage, call: Call | undefined, status: number): void {
    const [caller, suite] = call?.appId?.split('#') ?? [];
    if (!call || caller === SET_UP) return;
    const { service, action, signed, byUrl } = call;
    // Who signed a URL is known by its address: no other project has it.
    if (!caller && !byUrl) {
      this.#nameless.add(
        `${service}:${action} reached ${server} from suites of ${owner} without a name: pass AWS_SDK_UA_APP_ID on to the process that calls, or give its client a userAgentAppId`,
      );
      return;
    }
    const project = caller ? projectNamed(caller) : owner;
    const entry: Entry = { project, ...(suite && { suite }), service, action, signed, server };
    const name = JSON.stringify(entry);
    const known = this.#calls.get(name) ?? { entry, answers: {} };
    this.#calls.set(name, known);
    const kind = `${Math.floor(status / 100)}xx`;
    known.answers[kind] = (known.answers[kind] ?? 0) + 1;
  }

  /** Calls that can be put down to nobody, as sentences that say what to do. */
  nameless(): string[] {
    return [...this.#nameless].sort();
  }

  /** All calls, in an order that is the same for the same calls. */
  calls(): RecordedCall[] {
    return [...this.#calls]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { entry, answers }]) => ({ ...entry, answers }));
  }
}

/** The first bytes of forms, as they pass. */
const forms = new WeakMap<IncomingMessage, string>();

function beginForm(request: IncomingMessage): void {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return;
  request.once('data', (chunk: Buffer) => forms.set(request, chunk.toString('latin1')));
}
