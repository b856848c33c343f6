import {
  type EncodingPlan,
  MAX_PROBE_OUTPUT,
  createPacketScan,
  factsOf,
  packetScanArguments,
  parseProbe,
  planEncoding,
  probeArguments,
  toNumber,
} from '@kinora/media';
import { DiskStore } from '@kinora/storage';
import { freshDir, makeMedia, media } from '@kinora/testing';
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { createSourceScanner } from '../src/adapters/ffprobe/source-scanner';

jest.setTimeout(120_000);

const KEY = 'sources/one';
const run = promisify(execFile);
const store = new DiskStore({
  name: 'raw',
  root: freshDir('kinora-raw'),
  publicUrl: 'http://localhost',
  signingKey: 'k'.repeat(32),
});
const searchPath = process.env['PATH'] ?? '';
/** What it can't learn from tables it doesn't learn. */
const byTablesOnly = createSourceScanner({ raw: store, tool: { program: 'false', searchPath } });
const scanner = createSourceScanner({ raw: store, tool: { program: 'ffprobe', searchPath } });

async function prepared(file: string): Promise<EncodingPlan> {
  await store.put(KEY, createReadStream(file), { contentType: 'video/mp4' });
  const { stdout } = await run('ffprobe', probeArguments({ kind: 'file', path: file }), {
    maxBuffer: MAX_PROBE_OUTPUT,
  });
  return planEncoding(parseProbe(stdout));
}

/** The same facts out of ffprobe's list of packets. */
async function listed(file: string, plan: EncodingPlan) {
  const scan = createPacketScan(plan.source.videoIndex);
  const args = packetScanArguments({ kind: 'file', path: file });
  scan.push((await run('ffprobe', args, { maxBuffer: 64 << 20 })).stdout);
  const { times } = scan.end();
  return times && factsOf(times, toNumber(plan.source.timeBase), plan.rate);
}

const editList = async () => {
  const whole = await media.mp4({ seconds: 10 });
  return makeMedia({ name: 'edited.mp4', salt: whole, args: ['-ss', '2.5', '-i', whole, '-c', 'copy', '-map', '0'] });
};

describe('the tables of a file', () => {
  it.each([
    ['H.264 with B-frames', () => media.mp4({ seconds: 10 })],
    ['PCM in QuickTime', () => media.movPcm()],
    ['variable frame rate', () => media.vfr()],
    ['an edit list', editList],
    ['one frame a second', () => media.mp4({ fps: 1 })],
  ])('tell what its packets do: %s', async (_name, make) => {
    const file = await make();
    const plan = await prepared(file);
    const byTables = await byTablesOnly.scan(KEY, plan);
    const facts = await listed(file, plan);
    if (!byTables.ok || !byTables.facts || !facts) throw new Error('nothing was found');
    expect(byTables.facts.longestGapSeconds).toBeCloseTo(facts.longestGapSeconds, 3);
    expect(byTables.facts.reorderSeconds).toBeCloseTo(facts.reorderSeconds, 3);
    expect(Math.abs(byTables.facts.frames - facts.frames)).toBeLessThanOrEqual(1);
    expect(byTables.facts.unsound).toBe(false);
  });

  it('tell that the file ends before its media does', async () => {
    const plan = await prepared(await media.truncated());
    expect(await byTablesOnly.scan(KEY, plan)).toMatchObject({ ok: false, refusal: { code: 'source.truncated' } });
  });
});

it('walks the packets of files without tables', async () => {
  const plan = await prepared(await media.webmVp9());
  const scanned = await scanner.scan(KEY, plan);
  expect(scanned).toMatchObject({ ok: true, facts: { unsound: false } });
  if (scanned.ok) expect(Math.abs((scanned.facts?.frames ?? 0) - 120)).toBeLessThanOrEqual(1);
});

it('asks nothing of recordings whose clock is mended', async () => {
  const plan = await prepared(await media.mpeg2());
  expect(plan.source.timing).toBe('rebased');
  expect(await byTablesOnly.scan(KEY, plan)).toEqual({ ok: true, facts: undefined });
});
