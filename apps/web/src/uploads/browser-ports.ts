import { api } from '../api/client';
import { PartRefused, type TransferPorts } from './transfer';

/** Set by the browser itself; a script that tries only gets a warning. */
const FORBIDDEN = new Set(['content-length', 'host', 'connection']);

/** fetch can't tell how much of a body has been sent; XMLHttpRequest can. */
const put: TransferPorts['put'] = (part, body, signal, onSent) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const over = () => signal.removeEventListener('abort', abort);
    request.open('PUT', part.url);
    for (const [name, value] of Object.entries(part.headers)) {
      if (!FORBIDDEN.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.addEventListener('progress', (event) => onSent(event.loaded));
    request.addEventListener('load', () => {
      over();
      if (request.status >= 200 && request.status < 300)
        resolve({ etag: request.getResponseHeader('etag') ?? undefined });
      else reject(new PartRefused(request.status));
    });
    request.addEventListener('error', () => (over(), reject(new PartRefused(0))));
    request.addEventListener('timeout', () => (over(), reject(new PartRefused(0))));
    request.addEventListener('abort', () => (over(), reject(signal.reason as Error)));
    signal.addEventListener('abort', abort, { once: true });
    request.send(body);
  });

async function digest(body: Blob): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await body.arrayBuffer()));
  return btoa(String.fromCharCode(...hash));
}

/** Cryptography exists on https and on localhost only. */
export const canDigest = (): boolean =>
  typeof crypto !== 'undefined' && 'subtle' in crypto && (crypto.subtle as unknown) !== undefined;

const abortable = (signal: AbortSignal, start: (done: () => void) => () => void) =>
  new Promise<void>((resolve, reject) => {
    const stop = start(() => {
      signal.removeEventListener('abort', leave);
      resolve();
    });
    const leave = () => {
      stop();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
  });

export const browserPorts: TransferPorts = {
  status: (uploadId) => api.uploads.getUpload({ params: { uploadId } }),
  async sign(uploadId, partNumber, checksum) {
    const body = { partNumbers: [partNumber], ...(checksum && { checksums: { [partNumber]: checksum } }) };
    const { parts } = await api.uploads.signParts({ params: { uploadId }, body });
    const part = parts.find((one) => one.partNumber === partNumber);
    if (!part) throw new PartRefused(0);
    return part;
  },
  async complete(uploadId, parts) {
    await api.uploads.completeUpload({ params: { uploadId }, body: { parts } });
  },
  put,
  digest,
  online: (signal) =>
    navigator.onLine
      ? Promise.resolve()
      : abortable(signal, (done) => {
          window.addEventListener('online', done, { once: true });
          return () => window.removeEventListener('online', done);
        }),
  pause: (ms, signal) =>
    abortable(signal, (done) => {
      const timer = setTimeout(done, ms);
      return () => clearTimeout(timer);
    }),
};
