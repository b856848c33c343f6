import { describeObjectStore, startDiskStores } from '../src/conformance';

describeObjectStore('disk', async () => {
  const { stores, close } = await startDiskStores();
  return { store: stores.staging, other: stores.raw, close };
});
