import { Readable } from 'node:stream';

/** Bytes from an offset of the object on, to the end that was asked for. */
export type Open = (from: number) => Promise<Readable>;

/** Times that a body is asked for again without a byte having come in between. */
const PATIENCE = 3;

/**
 * The bytes of one GET, which goes on where it stopped when the connection breaks or stands still: many services read for minutes,
 * and most of a large object is not to be read twice.
 * @param first the body that came, which starts at `start`
 * @param open asks for the rest of the same version of the object; its failure ends the body
 */
export function resumable(first: Readable, { start, size }: { start: number; size: number }, open: Open): Readable {
  let current = first;
  async function* bytes(): AsyncGenerator<Buffer> {
    let sent = 0;
    for (let vain = 0; ; vain += 1) {
      try {
        for await (const chunk of current as AsyncIterable<Buffer>) {
          sent += chunk.length;
          vain = 0;
          yield chunk;
        }
        if (sent >= size) return;
        throw new Error(`the body ended after ${sent} of ${size} bytes`);
      } catch (error) {
        if (vain >= PATIENCE) throw error;
      }
      current = await open(start + sent);
    }
  }
  const body = Readable.from(bytes(), { objectMode: false, highWaterMark: first.readableHighWaterMark });
  // Who waits for bytes that don't come is not woken by the end of the generator.
  body.once('close', () => current.destroy());
  return body;
}
