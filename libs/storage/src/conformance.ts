import { type StoreHarness } from './conformance/harness';
import { describeMultiparts } from './conformance/multiparts';
import { describeObjects } from './conformance/objects';
import { describeSignedUrls } from './conformance/signed-urls';

export { type DiskStores, type RunningDiskStores, type StoreHarness, startDiskStores } from './conformance/harness';

/** What every `ObjectStore` promises, as tests. Runs under Jest; `start` makes two empty or shared buckets of one back end. */
export function describeObjectStore(name: string, start: () => Promise<StoreHarness>): void {
  describe(`ObjectStore: ${name}`, () => {
    let harness: StoreHarness;
    beforeAll(async () => (harness = await start()), 30_000);
    afterAll(() => harness.close());
    describeObjects(() => harness);
    describeMultiparts(() => harness);
    describeSignedUrls(() => harness);
  });
}
