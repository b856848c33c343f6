import { anEncoding } from '../../test/support/plans';
import { type Active } from './ports';
import { type ReconcileDeps, reconcile } from './reconcile';

const NOW = new Date('2026-01-01T12:00:00Z');
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);

/** A record that holds one encoding in work whose jobs are where they should be; what is asked and done is noted. */
function recordOf(progressedAt: Date) {
  const asked: (Date | undefined)[] = [];
  const requested: string[] = [];
  const active: Active = { encoding: { ...anEncoding(90), dispatchedAt: before(3_600) }, progressedAt };
  const deps = {
    now: () => NOW,
    ...{ intervalMs: 30_000, stallMs: 900_000, patienceMs: 3_600_000 },
    encodings: {
      active: async (_limit: number, quietSince?: Date) => {
        asked.push(quietSince);
        return quietSince === undefined || active.progressedAt < quietSince ? [active] : [];
      },
    },
    jobs: { finishOutcome: async () => ({ state: 'blocked' }) },
    sweeps: { due: async () => [] },
    manifests: { request: (id: string) => requested.push(id) },
    background: (_name: string, work: () => Promise<unknown>) => void work(),
  } as unknown as ReconcileDeps;
  return { asked, requested, compare: reconcile(deps), id: active.encoding.id };
}

it('leaves alone what has gained something since the comparison before', async () => {
  const { asked, requested, compare } = recordOf(before(10));
  await compare(false);
  expect(asked).toEqual([before(30)]);
  expect(requested).toEqual([]);
});

it('lists growth whose writer died, once nothing has grown since, and not for ever', async () => {
  const recent = recordOf(before(40));
  await recent.compare(false);
  expect(recent.requested).toEqual([recent.id]);
  const old = recordOf(before(600));
  await old.compare(false);
  expect(old.requested).toEqual([]);
});

it('looks at everything after a start', async () => {
  for (const seconds of [1, 600]) {
    const { asked, requested, compare, id } = recordOf(before(seconds));
    await compare(true);
    expect(asked).toEqual([undefined]);
    expect(requested).toEqual([id]);
  }
});
