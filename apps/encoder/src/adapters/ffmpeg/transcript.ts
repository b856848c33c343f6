const HEAD = 4096;
const TAIL = 8192;

/** What opens an object in a signed URL. A program that can't read one repeats it, and what it says is kept and logged. */
const SIGNATURE = /(https?:\/\/[^\s?]+)\?[^\s:]+/g;

/** Keeps the beginning and the end of what a program says, however much it is. */
export class Transcript {
  #head = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  add(bytes: Uint8Array): void {
    const room = HEAD - this.#head.length;
    if (room > 0) this.#head = Buffer.concat([this.#head, bytes.subarray(0, room)]);
    const rest = room > 0 ? bytes.subarray(room) : bytes;
    if (rest.length > 0) this.#tail = Buffer.concat([this.#tail, rest]).subarray(-TAIL);
  }

  get text(): string {
    return Buffer.concat([this.#head, this.#tail]).toString('utf8').replace(SIGNATURE, '$1');
  }
}
