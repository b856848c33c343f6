import fs from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { storeDataPlane } from '../data-plane';
import { DiskStore } from '../disk/disk-store';
import { type ObjectStore, type PartReceiver, type Stores } from '../object-store';

/** Two stores of one kind and what else the suite must know. */
export interface StoreHarness {
  readonly store: ObjectStore;
  /** Another bucket of the same back end. */
  readonly other: ObjectStore;
  close(): Promise<void>;
}

export type DiskStores = { readonly [K in keyof Stores]: Stores[K] & PartReceiver };

export interface RunningDiskStores {
  readonly stores: DiskStores;
  /** Origin of the data plane, as `edge` would be. */
  readonly url: string;
  /** Folder that holds the stores; removed by `close`. */
  readonly root: string;
  readonly signingKey: string;
  close(): Promise<void>;
}

/** Disk stores in a new folder, with their data plane on a free port of the loopback: for the tests of any service. */
export async function startDiskStores(): Promise<RunningDiskStores> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'kinora-stores-'));
  const signingKey = 'a signing key for tests, long enough to be taken';
  const stores: Record<string, DiskStore> = {};
  const plane = storeDataPlane({ stores, signingKey });
  const server = createServer((req, res) => void plane(req, res));
  const url = await new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  const make = (name: string): DiskStore =>
    (stores[name] = new DiskStore({ name, root: path.join(root, name), publicUrl: url, signingKey, fsync: false }));
  return {
    stores: { staging: make('staging'), raw: make('raw'), distribution: make('distribution') },
    url,
    root,
    signingKey,
    close: async () => {
      await closeServer(server);
      await fs.rm(root, { recursive: true, force: true });
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
