/** What of RFC 1035 a resolver in a pod uses: one question, and addresses as the answer. */
export interface Question {
  readonly id: number;
  /** In lower case, without the dot at its end. */
  readonly name: string;
  readonly type: number;
  /** The question as it came, to be repeated in the answer. */
  readonly bytes: Buffer;
}

export const TYPE_A = 1;
const HEADER = 12;
const RESPONSE_AUTHORITATIVE = 0x8400;
const RECURSION_DESIRED = 0x0100;
const NAME_ERROR = 3;
const SERVER_FAILURE = 2;
/** Seconds: a service that was deleted and made again has another address. */
const TTL = 2;

/** @returns undefined for what is no question */
export function parseQuestion(message: Buffer): Question | undefined {
  if (message.length < HEADER || message.readUInt16BE(4) !== 1 || (message.readUInt8(2) & 0x80) !== 0) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63 || at + length + 1 > message.length) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > message.length) return undefined;
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type: message.readUInt16BE(at),
    bytes: message.subarray(HEADER, at + 4),
  };
}

function encode({ id, bytes }: Question, code: number, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RESPONSE_AUTHORITATIVE | RECURSION_DESIRED | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) => {
    const record = Buffer.alloc(16);
    record.writeUInt16BE(0xc000 | HEADER, 0); // the name: that of the question
    record.writeUInt16BE(TYPE_A, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(TTL, 6);
    record.writeUInt16BE(4, 10);
    address.split('.').forEach((part, index) => record.writeUInt8(Number(part), 12 + index));
    return record;
  });
  return Buffer.concat([header, bytes, ...records]);
}

/** @param addresses undefined if there is no such name */
export const encodeAnswer = (question: Question, addresses: readonly string[] | undefined): Buffer =>
  encode(question, addresses ? 0 : NAME_ERROR, question.type === TYPE_A ? (addresses ?? []) : []);

export const encodeFailure = (question: Question): Buffer => encode(question, SERVER_FAILURE, []);
