import { createSocket } from 'node:dgram';
import { encodeAnswer, encodeFailure, parseQuestion } from './message';
import { addressesOf, type Lookup } from './records';

/** Pods ask for the same few names at every new connection. */
const REMEMBER_MS = 1_000;

export interface DnsServer {
  stop(): Promise<void>;
}

/** Answers what pods ask by name, as a cluster's DNS add-on does. Names outside the cluster don't exist. */
export async function startDns(address: string, lookup: Lookup): Promise<DnsServer> {
  const known = new Map<string, { until: number; addresses: Promise<string[] | undefined> }>();
  const resolve = (name: string): Promise<string[] | undefined> => {
    const found = known.get(name);
    if (found && found.until > performance.now()) return found.addresses;
    const addresses = addressesOf(name, lookup);
    known.set(name, { until: performance.now() + REMEMBER_MS, addresses });
    addresses.catch(() => known.delete(name));
    return addresses;
  };
  const socket = createSocket('udp4');
  socket.on('message', (message, { address: from, port }) => {
    const question = parseQuestion(message);
    if (!question) return;
    resolve(question.name)
      .then((addresses) => encodeAnswer(question, addresses))
      .catch(() => encodeFailure(question))
      .then((answer) => socket.send(answer, port, from))
      .catch(() => undefined);
  });
  await new Promise<void>((resolve_, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, resolve_);
  });
  // A pod that went away before its answer came is no reason to stop.
  socket.on('error', () => undefined);
  return { stop: () => new Promise((resolve_) => socket.close(() => resolve_())) };
}
