import { ApiProblem } from '@kinora/contracts-common';
import { api } from '../api/client';
import { explain } from '../api/problems';
import { keepVideo, queryClient } from '../api/queries';
import { browserPorts, canDigest } from './browser-ports';
import { forget, recall, remember, type Remembered } from './memory';
import { SpeedMeter, titleFrom } from './parts';
import { reopen, type Picked } from './pick';
import { Slots } from './slots';
import { PartRefused, transfer } from './transfer';

export type ItemState = 'queued' | 'uploading' | 'paused' | 'needs-file' | 'failed' | 'finishing' | 'sent';

export interface UploadItem {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  readonly title: string;
  readonly state: ItemState;
  readonly sent: number;
  /** Bytes per second, 0 while unknown. */
  readonly speed: number;
  readonly videoId?: string | undefined;
  readonly error?: { message: string; code?: string | undefined } | undefined;
}

interface Work {
  file: File | undefined;
  handle: FileSystemFileHandle | undefined;
  lastModified: number;
  opened: Remembered | undefined;
  running: AbortController | undefined;
}

/** Uploads of this tab. Lives outside the pages, so that uploads go on while somebody looks at other pages. */
class UploadManager {
  #items: readonly UploadItem[] = [];
  readonly #work = new Map<string, Work>();
  readonly #listeners = new Set<() => void>();
  readonly #files = new Slots(3);
  readonly #parts = new Slots(4);
  #restored: Promise<void> | undefined;

  readonly get = (): readonly UploadItem[] => this.#items;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #publish(items: readonly UploadItem[]): void {
    this.#items = items;
    this.#listeners.forEach((listener) => listener());
  }
  #change(key: string, change: Partial<UploadItem>): void {
    this.#publish(this.#items.map((item) => (item.key === key ? { ...item, ...change } : item)));
  }
  #find(key: string): UploadItem | undefined {
    return this.#items.find((item) => item.key === key);
  }

  /** Takes files. One that belongs to an upload from before a reload goes on there; the others begin. */
  add(picked: readonly Picked[]): void {
    for (const { file, handle } of picked) {
      const waiting = this.#items.find(
        ({ key, state, name, size }) =>
          state === 'needs-file' &&
          name === file.name &&
          size === file.size &&
          this.#work.get(key)?.lastModified === file.lastModified,
      );
      const key = waiting?.key ?? crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
      const work = this.#work.get(key) ?? {
        file,
        handle,
        lastModified: file.lastModified,
        opened: undefined,
        running: undefined,
      };
      this.#work.set(key, { ...work, file, handle: handle ?? work.handle });
      if (!waiting) {
        this.#publish([
          ...this.#items,
          { key, name: file.name, size: file.size, title: titleFrom(file.name), state: 'queued', sent: 0, speed: 0 },
        ]);
      }
      void this.#run(key);
    }
  }

  pause(key: string): void {
    this.#work.get(key)?.running?.abort(new DOMException('paused', 'AbortError'));
    this.#change(key, { state: 'paused', speed: 0 });
  }

  /** Goes on after a pause, a failure, or a reload (then permission for the file may be asked). */
  async resume(key: string): Promise<void> {
    const work = this.#work.get(key);
    if (!work) return;
    if (!work.file && work.handle && work.opened) {
      work.file = await reopen(work.handle, work.opened, true);
      if (!work.file) {
        this.#change(key, { error: { message: 'The file could not be opened. Choose it again.' } });
        work.handle = undefined;
        return;
      }
    }
    if (work.file) await this.#run(key);
  }

  /** Whether going on needs no file to be chosen. */
  canResume(key: string): boolean {
    const work = this.#work.get(key);
    return Boolean(work?.file ?? work?.handle);
  }

  async cancel(key: string): Promise<void> {
    const work = this.#work.get(key);
    work?.running?.abort(new DOMException('cancelled', 'AbortError'));
    this.dismiss(key);
    await forget(key);
    if (work?.opened)
      await api.uploads.abortUpload({ params: { uploadId: work.opened.uploadId } }).catch(() => undefined);
    void queryClient.invalidateQueries({ queryKey: ['videos'] });
  }

  dismiss(key: string): void {
    this.#work.delete(key);
    this.#publish(this.#items.filter((item) => item.key !== key));
  }

  /** Gives the video a title, now or as soon as it exists. */
  async rename(key: string, title: string): Promise<void> {
    const item = this.#find(key);
    if (!item || !title.trim() || title === item.title) return;
    this.#change(key, { title: title.trim() });
    const opened = this.#work.get(key)?.opened;
    if (!opened) return;
    keepVideo(await api.videos.updateVideo({ params: { videoId: opened.videoId }, body: { title: title.trim() } }));
    if (this.#find(key)?.state !== 'sent') await remember({ ...opened, title: title.trim() });
  }

  /** Brings back what a reload interrupted. Safe to call often; works once. */
  restore(): Promise<void> {
    this.#restored ??= this.#restore();
    return this.#restored;
  }

  async #restore(): Promise<void> {
    for (const record of await recall()) {
      if (Date.parse(record.expiresAt) < Date.now()) {
        await forget(record.key);
        continue;
      }
      if (this.#work.has(record.key)) continue;
      const upload = await api.uploads.getUpload({ params: { uploadId: record.uploadId } }).catch(() => undefined);
      if (!upload) continue; // not this person's, or no network now: it is asked for again next time
      if (upload.state !== 'open') {
        await forget(record.key);
        continue;
      }
      const file = record.handle && (await reopen(record.handle, record, false));
      this.#work.set(record.key, {
        file,
        handle: record.handle,
        lastModified: record.lastModified,
        opened: record,
        running: undefined,
      });
      const sent = upload.parts.reduce((sum, { size }) => sum + size, 0);
      this.#publish([
        ...this.#items,
        {
          key: record.key,
          name: record.name,
          size: record.size,
          title: record.title,
          state: 'needs-file',
          sent,
          speed: 0,
          videoId: record.videoId,
        },
      ]);
      if (file) void this.#run(record.key);
    }
  }

  async #run(key: string): Promise<void> {
    const work = this.#work.get(key);
    if (!work?.file || (work.running && !work.running.signal.aborted)) return;
    const { file } = work;
    const running = new AbortController();
    work.running = running;
    this.#change(key, { state: 'queued', error: undefined });
    try {
      await this.#files.run(running.signal, async () => {
        this.#change(key, { state: 'uploading' });
        const opened = work.opened ?? (await this.#open(key, work, file));
        const meter = new SpeedMeter();
        await transfer(opened.uploadId, file, browserPorts, {
          signal: running.signal,
          slots: this.#parts,
          checksums: opened.checksums,
          onProgress: (sent) => {
            if (running.signal.aborted) return;
            this.#change(key, {
              sent,
              speed: meter.note(sent, performance.now()),
              state: sent >= file.size ? 'finishing' : 'uploading',
            });
          },
        });
        this.#change(key, { state: 'sent', sent: file.size, speed: 0 });
        await forget(key);
        void queryClient.invalidateQueries({ queryKey: ['videos'] });
        void queryClient.invalidateQueries({ queryKey: ['video', opened.videoId] });
      });
    } catch (error) {
      if (running.signal.aborted) return; // paused or cancelled: said already
      const { message, code } =
        error instanceof PartRefused ? { message: error.message, code: `store.${error.status}` } : explain(error);
      const ended = error instanceof ApiProblem && ['upload.not_open', 'upload.not_found'].includes(error.code);
      if (ended) {
        work.opened = undefined; // the next try begins a new upload
        await forget(key);
      }
      this.#change(key, { state: 'failed', speed: 0, error: { message, code } });
    } finally {
      if (work.running === running) work.running = undefined;
    }
  }

  async #open(key: string, work: Work, file: File): Promise<Remembered> {
    const title = this.#find(key)?.title ?? titleFrom(file.name);
    const checksums = canDigest();
    const created = await api.uploads.createUpload(
      {
        body: {
          filename: file.name.slice(-255),
          size: file.size,
          contentType: file.type || 'application/octet-stream',
          title,
          ...(checksums && { checksum: 'sha256' as const }),
        },
      },
      // A repeated request (double press, lost answer) finds the upload that is already open.
      { headers: { 'idempotency-key': key } },
    );
    const opened: Remembered = {
      key,
      uploadId: created.id,
      videoId: created.videoId,
      name: file.name,
      size: file.size,
      lastModified: file.lastModified,
      title,
      checksums,
      expiresAt: created.expiresAt,
      handle: work.handle,
    };
    work.opened = opened;
    this.#change(key, { videoId: created.videoId });
    await remember(opened);
    const now = this.#find(key)?.title;
    // Renamed while the upload was being opened.
    if (now && now !== title)
      void api.videos
        .updateVideo({ params: { videoId: created.videoId }, body: { title: now } })
        .catch(() => undefined);
    return opened;
  }
}

export const uploads = new UploadManager();
