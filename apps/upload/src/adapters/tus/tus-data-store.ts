import { type Person } from '@kinora/contracts-common';
import { type ObjectStore, StoreError } from '@kinora/storage';
import { DataStore, ERRORS, Upload as TusUpload } from '@tus/server';
import { type Readable } from 'node:stream';
import { type CompleteUpload, uploadLost } from '../../domain/complete-upload';
import { type CreateUpload } from '../../domain/create-upload';
import { type EndUpload } from '../../domain/end-upload';
import { sizeOfPart } from '../../domain/part-layout';
import { type UploadRepository } from '../../domain/ports';
import { type Upload, isOpen, stagingKey } from '../../domain/upload';
import { readWish } from './metadata';
import { type PartSink } from './part-sink';
import { TusProtocolError } from './protocol-error';
import { type Tail, appendTail, dropTail, findTail, readTail } from './tail';

export interface TusStoreParts {
  readonly uploads: UploadRepository;
  readonly staging: ObjectStore;
  readonly sink: PartSink;
  readonly createUpload: CreateUpload;
  readonly completion: CompleteUpload;
  readonly ending: EndUpload;
  readonly ttlSeconds: number;
  /** Who makes the request at hand. */
  readonly caller: () => Person;
}

interface Position {
  readonly offset: number;
  /** Whole parts from the first. */
  readonly parts: number;
  readonly tail: Tail;
}

/**
 * tus on the same multipart uploads that browsers use, so that one row, one set of limits and one completion serve both, on every back end.
 * Where an upload stands is read from the store, never remembered: a process that dies leaves nothing to repair. Whoever calls `write`
 * holds the lock of the upload.
 */
export class TusDataStore extends DataStore {
  constructor(private readonly p: TusStoreParts) {
    super();
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  override async create(file: TusUpload): Promise<TusUpload> {
    if (file.size === undefined) throw new TusProtocolError(ERRORS.INVALID_LENGTH);
    await this.p.createUpload(this.p.caller(), {
      ...readWish(file.metadata),
      size: file.size,
      tus: { id: file.id, metadata: file.metadata },
    });
    return file;
  }

  override async getUpload(id: string): Promise<TusUpload> {
    const upload = await this.#mustFind(id);
    if (upload.state === 'aborted' || upload.state === 'expired')
      throw new TusProtocolError(ERRORS.FILE_NO_LONGER_EXISTS);
    const offset = isOpen(upload) ? (await this.#position(upload)).offset : upload.state === 'open' ? 0 : upload.size;
    // All bytes are there, but whoever sent the last ones never learnt whether that was the end.
    if (offset === upload.size && upload.state !== 'completed') await this.p.completion.complete(id);
    return new TusUpload({
      id,
      size: upload.size,
      offset,
      creation_date: upload.createdAt.toISOString(),
      ...(upload.metadata && { metadata: upload.metadata }),
    });
  }

  /** Returns the new offset. What arrived before a connection broke is kept. */
  override async write(source: Readable, id: string, offset: number): Promise<number> {
    const upload = await this.#mustFind(id);
    if (!isOpen(upload)) {
      if (upload.state === 'completed' && offset === upload.size) return upload.size;
      throw new TusProtocolError(ERRORS.FILE_NO_LONGER_EXISTS);
    }
    const position = await this.#position(upload);
    if (position.offset !== offset) throw new TusProtocolError(ERRORS.INVALID_OFFSET);
    const writer = new PartWriter(upload, position, this.p.staging, this.p.sink);
    try {
      for await (const chunk of source) await writer.add(chunk as Buffer);
    } finally {
      await writer.flush();
    }
    return writer.offset;
  }

  override async remove(id: string): Promise<void> {
    await this.p.ending.abort(this.p.caller(), id);
  }

  override getExpiration(): number {
    return this.p.ttlSeconds * 1_000;
  }

  async #mustFind(id: string): Promise<Upload> {
    const upload = await this.p.uploads.find(id);
    if (!upload) throw new TusProtocolError(ERRORS.FILE_NOT_FOUND);
    return upload;
  }

  async #position(upload: Upload): Promise<Position> {
    try {
      const stored = await this.p.staging.listParts(stagingKey(upload), upload.multipartId);
      let parts = 0;
      while (stored[parts]?.partNumber === parts + 1) parts += 1;
      const start = Math.min(parts * upload.partSize, upload.size);
      const tail = await findTail(this.p.staging, upload, start);
      return { offset: start + tail.size, parts, tail };
    } catch (error) {
      if (error instanceof StoreError && error.code === 'store.not_found') throw uploadLost(error);
      throw error;
    }
  }
}

/** Collects bytes until a part is whole. */
class PartWriter {
  offset: number;
  #part: number;
  #tail: Tail;
  #chunks: Buffer[] = [];
  #held = 0;

  constructor(
    private readonly upload: Upload,
    position: Position,
    private readonly staging: ObjectStore,
    private readonly sink: PartSink,
  ) {
    this.offset = position.offset;
    this.#part = position.parts + 1;
    this.#tail = position.tail;
  }

  async add(chunk: Buffer): Promise<void> {
    for (let rest = chunk; rest.length > 0;) {
      const size = sizeOfPart(this.upload, this.#part);
      if (size === undefined) throw new TusProtocolError(ERRORS.ERR_SIZE_EXCEEDED);
      const piece = rest.subarray(0, size - this.#tail.size - this.#held);
      this.#chunks.push(piece);
      this.#held += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#tail.size + this.#held === size) await this.#finishPart(size);
    }
  }

  /** Keeps the bytes of a part that is not whole. */
  async flush(): Promise<void> {
    if (this.#held === 0) return;
    await appendTail(this.staging, this.upload, this.offset, Buffer.concat(this.#chunks));
    this.offset += this.#held;
    this.#chunks = [];
    this.#held = 0;
  }

  async #finishPart(size: number): Promise<void> {
    const body = [...(await readTail(this.staging, this.#tail)), ...this.#chunks];
    await this.sink({
      key: stagingKey(this.upload),
      multipartId: this.upload.multipartId,
      partNumber: this.#part,
      size,
      body,
    });
    await dropTail(this.staging, this.#tail);
    this.offset += this.#held;
    this.#part += 1;
    this.#tail = { keys: [], size: 0 };
    this.#chunks = [];
    this.#held = 0;
  }
}
