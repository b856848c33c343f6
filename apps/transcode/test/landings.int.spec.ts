import { createDatabase, migrate } from '@kinora/database';
import { testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { toRow } from '../src/adapters/postgres/encoding-row';
import { createLandings } from '../src/adapters/postgres/landings';
import { anEncoding } from './support/plans';

jest.setTimeout(60_000);

async function setUp() {
  const database = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: database.url }, schema: 'transcode' });
  await migrate(db, migrations);
  const landings = createLandings(db);
  return {
    db,
    landings,
    /** An encoding of a hundred seconds over all rungs and sound. */
    async encoding() {
      const encoding = anEncoding(90);
      const row = db.writer('encodings').where({ id: encoding.id });
      await db.writer('encodings').insert({ ...toRow(encoding), planned_seconds: 100 });
      return {
        report: async (
          encodedSeconds: number,
          { jobId = 'job', fence = encoding.fence, tracks = [] as never[] } = {},
        ) => {
          const recorded = await landings.record(encoding.id, { fence, jobId, encodedSeconds, tracks });
          if (recorded.outcome !== 'recorded') return { outcome: recorded.outcome };
          const { secondsLeft, ...rest } = recorded;
          return { ...rest, minutesLeft: secondsLeft === null ? null : Math.round(secondsLeft / 60) };
        },
        change: (values: object) => row.clone().update(values),
        /** As if all until now had been so many minutes earlier. */
        pass: (minutes: number) =>
          row.clone().update({ rate_since: db.writer.raw("rate_since - ? * interval '1 minute'", [minutes]) }),
        read: () => row.clone().first<Record<string, unknown>>(),
      };
    },
    async [Symbol.asyncDispose]() {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

it('tells what is left at the rate of the time since the first report', async () => {
  await using set = await setUp();
  const one = await set.encoding();
  expect(await one.report(10)).toMatchObject({ progress: 0.1, minutesLeft: null, grown: false, playable: false });
  await one.pass(10);
  // Thirty seconds of output in ten minutes: sixty are left. Of two jobs, both count.
  expect(await one.report(30, { jobId: 'other' })).toMatchObject({ progress: 0.4, minutesLeft: 20 });
  await one.pass(10);
  expect(await one.report(80)).toMatchObject({ progress: 1, minutesLeft: null });
});

it('can not tell without a length, without progress, and in the first seconds', async () => {
  await using set = await setUp();
  const one = await set.encoding();
  await one.report(10);
  expect(await one.report(20)).toMatchObject({ progress: 0.2, minutesLeft: null });
  await one.pass(10);
  expect(await one.report(20)).toMatchObject({ minutesLeft: 80 });
  const other = await set.encoding();
  await other.report(10);
  await other.pass(10);
  expect(await other.report(10)).toMatchObject({ progress: 0.1, minutesLeft: null });
  await other.change({ planned_seconds: null });
  expect(await other.report(40)).toMatchObject({ progress: 0.1, minutesLeft: null });
});

it('starts counting anew with a new attempt, and never goes back', async () => {
  await using set = await setUp();
  const one = await set.encoding();
  await one.report(50);
  await one.pass(60);
  await one.change({ fence: 2 });
  expect(await one.report(60)).toEqual({ outcome: 'fenced' });
  expect(await one.report(5, { fence: 2 })).toMatchObject({ progress: 0.5, minutesLeft: null });
  await one.pass(5);
  expect(await one.report(15, { fence: 2 })).toMatchObject({ progress: 0.5, minutesLeft: 43 });
});

it('counts what many report at the same moment', async () => {
  await using set = await setUp();
  const one = await set.encoding();
  const reports = (seconds: number) =>
    Promise.all(Array.from({ length: 8 }, (_, n) => one.report(seconds, { jobId: `job ${n}` })));
  for (const seconds of [2, 5, 10]) {
    await reports(seconds);
    expect(await one.read()).toMatchObject({ progress: expect.closeTo((8 * seconds) / 100) });
  }
  // Of one job too, as when a second worker has taken it over.
  await Promise.all([1, 2, 3, 4].map((seconds) => one.report(seconds, { jobId: 'twice' })));
  expect(await one.read()).toMatchObject({ progress: expect.closeTo(0.84) });
});

it('notes when something was gained, and only then', async () => {
  await using set = await setUp();
  const one = await set.encoding();
  await one.report(10);
  const { progressed_at: first } = (await one.read()) ?? {};
  await one.report(10);
  expect(await one.read()).toMatchObject({ progressed_at: first });
  await one.report(11);
  expect((await one.read())?.['progressed_at']).not.toEqual(first);
  expect(await set.landings.record('enc_none', { fence: 1, jobId: 'job', encodedSeconds: 1, tracks: [] })).toEqual({
    outcome: 'unknown',
  });
});
