/**
 * What is needed to go on after a reload: which upload a file belongs to, and the file's handle where the browser gives one
 * (then nobody has to choose the file again). Parts that have arrived are known to the server alone.
 */
export interface Remembered {
  readonly key: string;
  readonly uploadId: string;
  readonly videoId: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly title: string;
  readonly checksums: boolean;
  readonly expiresAt: string;
  readonly handle?: FileSystemFileHandle | undefined;
}

const STORE = 'uploads';
let opened: Promise<IDBDatabase> | undefined;

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });

function open(): Promise<IDBDatabase> {
  opened ??= (() => {
    const request = indexedDB.open('kinora-uploads', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    return settled(request);
  })();
  return opened;
}

// Without IndexedDB (a private window, say) uploads work; they just don't outlive the page.
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await open();
    return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
  } catch {
    return undefined;
  }
}

export const remember = (upload: Remembered): Promise<unknown> => inStore('readwrite', (store) => store.put(upload));
export const forget = (key: string): Promise<unknown> => inStore('readwrite', (store) => store.delete(key));
export const recall = async (): Promise<Remembered[]> =>
  (await inStore('readonly', (store) => store.getAll() as IDBRequest<Remembered[]>)) ?? [];
