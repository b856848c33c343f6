import { ApiProblem } from '@kinora/contracts-common';
import { type SignedPart, type Upload } from '@kinora/contracts-upload';
import { bytesOf, missingParts, rangeOf } from './parts';
import { type Slots } from './slots';

/** A PUT of a part that the store did not take. Status 0: no answer at all. */
export class PartRefused extends Error {
  override name = 'PartRefused';
  constructor(readonly status: number) {
    super(status === 0 ? 'The connection was lost.' : `The store answered ${status}.`);
  }
}

export interface TransferPorts {
  status(uploadId: string): Promise<Upload>;
  sign(uploadId: string, partNumber: number, checksum: string | undefined): Promise<SignedPart>;
  complete(uploadId: string, parts: { partNumber: number; etag: string; checksum?: string }[]): Promise<void>;
  /** Rejects with {@link PartRefused}, or with the signal's reason. */
  put(
    part: SignedPart,
    body: Blob,
    signal: AbortSignal,
    onSent: (bytes: number) => void,
  ): Promise<{ etag: string | undefined }>;
  /** Base64 SHA-256; absent where the browser has no cryptography (an insecure address). */
  digest?: ((body: Blob) => Promise<string>) | undefined;
  /** Resolves when there is a network. */
  online(signal: AbortSignal): Promise<void>;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export interface TransferOptions {
  readonly signal: AbortSignal;
  /** Parts on their way at one time, over all files. */
  readonly slots: Slots;
  /** The upload was opened with per-part checksums. */
  readonly checksums: boolean;
  readonly onProgress: (sent: number) => void;
}

const ATTEMPTS = 6;
const PARALLEL = 4;

/** Worth another try: no answer, a busy store, an expired signature (a new one is made), a part damaged on its way. */
const passing = (error: unknown): boolean => {
  if (error instanceof PartRefused) return true;
  if (error instanceof ApiProblem) return error.status >= 500 || error.status === 429 || error.status === 408;
  return error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
};

/**
 * Brings a file to an open upload: sends the parts that the store does not have yet, several at a time, straight to the
 * store, and completes. Starting again after any interruption sends only what is missing.
 */
export async function transfer(
  uploadId: string,
  file: Blob,
  ports: TransferPorts,
  options: TransferOptions,
): Promise<void> {
  for (let round = 0; ; round += 1) {
    const upload = await withPatience(() => ports.status(uploadId), ports, options.signal);
    if (upload.state === 'completed') return;
    if (upload.state !== 'open' && upload.state !== 'completing')
      throw new ApiProblem('upload.not_open', 409, 'This upload has ended. Start it again.');
    await sendMissing(upload, file, ports, options);
    try {
      return await finish(upload, ports, options);
    } catch (error) {
      // The store lacks a part that it said to have taken: look again what is there, once.
      const lost = error instanceof ApiProblem && ['upload.part_missing', 'upload.part_mismatch'].includes(error.code);
      if (!lost || round > 0) throw error;
    }
  }
}

async function sendMissing(
  upload: Upload,
  file: Blob,
  ports: TransferPorts,
  { signal, slots, checksums, onProgress }: TransferOptions,
): Promise<void> {
  const queue = missingParts(upload, upload.parts);
  let landed = upload.size - queue.reduce((sum, n) => sum + bytesOf(upload, n), 0);
  const onTheWay = new Map<number, number>();
  const tell = () => onProgress(landed + [...onTheWay.values()].reduce((sum, bytes) => sum + bytes, 0));
  tell();

  const sendOne = (partNumber: number) =>
    slots.run(signal, async () => {
      const { start, end } = rangeOf(upload, partNumber);
      const body = file.slice(start, end);
      const checksum = checksums ? await ports.digest?.(body) : undefined;
      await withPatience(
        async () => {
          onTheWay.set(partNumber, 0);
          const signed = await ports.sign(upload.id, partNumber, checksum);
          await ports.put(signed, body, signal, (bytes) => {
            onTheWay.set(partNumber, bytes);
            tell();
          });
        },
        ports,
        signal,
      );
      onTheWay.delete(partNumber);
      landed += end - start;
      tell();
    });

  // The first failure stops the other lanes too; what they have on the way is given up.
  const failed = new AbortController();
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined && !failed.signal.aborted; next = queue.shift())
      await sendOne(next);
  };
  const lanes = Array.from({ length: PARALLEL }, () =>
    lane().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  await Promise.all(lanes);
}

async function finish(upload: Upload, ports: TransferPorts, { signal }: TransferOptions): Promise<void> {
  // What the store lists is the truth; it also has the tags that a browser may not read across origins.
  const { parts, state } = await withPatience(() => ports.status(upload.id), ports, signal);
  if (state === 'completed') return;
  const list = parts.map(({ partNumber, etag }) => ({ partNumber, etag })).sort((a, b) => a.partNumber - b.partNumber);
  await withPatience(() => ports.complete(upload.id, list), ports, signal);
}

/** Tries a few times, with doubling pauses; time offline does not count as a try. */
async function withPatience<T>(work: () => Promise<T>, ports: TransferPorts, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    await ports.online(signal);
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (!passing(error) || attempt >= ATTEMPTS) throw error;
      const told = error instanceof ApiProblem ? error.retryAfter : undefined;
      await ports.pause(
        told !== undefined ? told * 1000 : Math.min(15_000, 400 * 2 ** attempt) * (0.75 + Math.random() / 2),
        signal,
      );
    }
  }
}
