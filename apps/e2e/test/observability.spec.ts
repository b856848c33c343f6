import { type Platform, type ServiceName, SERVICES, startPlatform } from '@kinora/local';
import { documentedMetrics, traceTree } from '@kinora/observability';
import {
  eventually,
  eventuallyHolds,
  freshDir,
  media,
  type OtlpReceiver,
  startOtlpReceiver,
  workspaceRoot,
} from '@kinora/testing';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Api, signIn, videoIn } from '../support/client';
import { upload } from '../support/upload';

const DOCS = path.join(workspaceRoot, 'docs/observability.md');
let kinora: Platform;
let collector: OtlpReceiver;
let api: Api;
let videoId: string;

/** A platform that tells everything, and one video through all of it. */
beforeAll(async () => {
  collector = await startOtlpReceiver();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LOG_LEVEL: 'debug' };
  kinora = await startPlatform({
    dataDir: freshDir('observed'),
    port: 0,
    env: Object.fromEntries(SERVICES.map((name) => [name, env])),
  });
  ({ api } = await signIn(kinora.url, kinora.demo.email, kinora.demo.password));
  videoId = await upload(api, await media.mp4());
  await videoIn(api, videoId, 'ready');
  const { hls } = await api.createPlayback({ params: { videoId }, body: {} });
  await fetch(hls);
}, 300_000);
afterAll(async () => {
  await kinora?.stop();
  await collector?.close();
});

describe('traces', () => {
  it('one upload is one trace, from the request that completes it to the catalogue', async () => {
    const begun = () => collector.spans.find((span) => span.service === 'upload' && /complete$/.test(span.name));
    const { traceId } = await eventually(begun, { timeoutMs: 60_000, label: 'the span of the completing request' });
    const ofTrace = () => collector.spans.filter((span) => span.traceId === traceId);
    const seen = (service: string, name: string | RegExp) =>
      ofTrace().some((span) => span.service === service && span.name.match(name));
    // Spans come in batches, after the work.
    await eventuallyHolds(
      () => {
        expect(seen('upload', 'publish upload.completed.v1')).toBe(true);
        expect(seen('transcode', /^upload\.completed\.v1$/)).toBe(true);
        expect(seen('encoder', /^encode\.chunk\.v\d+$/)).toBe(true);
        expect(seen('encoder', /^ffmpeg$/)).toBe(true);
        expect(seen('encoder', /^transcode /)).toBe(true);
        expect(seen('transcode', /^POST \/internal\/v1\/encodings/)).toBe(true);
        expect(seen('catalog', /^video\.playable\.v1$/)).toBe(true);
        expect(seen('catalog', /^video\.ready\.v1$/)).toBe(true);
        const ids = new Set(ofTrace().map(({ spanId }) => spanId));
        const orphans = ofTrace().filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId));
        expect(orphans.map(({ service, name }) => `${service}: ${name}`)).toEqual([]);
      },
      { timeoutMs: 60_000 },
    );
    expect(ofTrace().filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);

    const tree = traceTree(ofTrace());
    expect(tree).toMatch(/^ +0 ms +\d+ ms {2}upload: POST \/v1\/uploads\/:uploadId\/complete\n/);
    if (process.env['KINORA_SAMPLE_TRACE'])
      writeFileSync(DOCS, readFileSync(DOCS, 'utf8').replace(/(```trace\n)[\s\S]*?(```)/, `$1${tree}\n$2`));
  });
});

describe('metrics', () => {
  const documented = documentedMetrics(readFileSync(DOCS, 'utf8'));
  const ofProcess = (name: string): boolean => /^(process|nodejs)_/.test(name);
  /** What a service exposes: types by name, and the labels that samples have. */
  const scrape = async (service: ServiceName) => {
    const text = await fetch(`${kinora.services[service].url}/metrics`).then((res) => res.text());
    const types = Object.fromEntries(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]),
    );
    const labels = new Map<string, Set<string>>();
    for (const [, sample = '', list = ''] of text.matchAll(/^([a-z0-9_]+)\{(.*)\} /gm)) {
      const name = sample in types ? sample : sample.replace(/_(bucket|sum|count)$/, '');
      const known = labels.get(name) ?? new Set();
      for (const [, label = ''] of list.matchAll(/([a-z_]+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
      labels.set(name, known);
    }
    return { types, labels };
  };

  it.each(SERVICES.map((name) => [name]))('of %s are those of the documentation', async (service) => {
    const { types, labels } = await scrape(service);
    const own = documented.filter(({ services }) => services.includes(service) || services.includes('every service'));
    expect(
      Object.keys(types)
        .filter((name) => !ofProcess(name))
        .sort(),
    ).toEqual(own.flatMap(({ name }) => (ofProcess(name) ? [] : name)).sort());
    for (const { name, type, labels: told } of own) {
      expect({ name, type: types[name] }).toEqual({ name, type });
      const others = [...(labels.get(name) ?? [])].filter((label) => !['service', 'le', ...told].includes(label));
      expect({ name, others }).toEqual({ name, others: [] });
    }
    expect([...(labels.get('process_cpu_seconds_total') ?? [])]).toContain('service');
  });

  it('tell of the video that went through', async () => {
    const value = async (service: ServiceName, sample: string): Promise<number> => {
      const text = await fetch(`${kinora.services[service].url}/metrics`).then((res) => res.text());
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(sample))
          ?.split(' ')
          .at(-1),
      );
    };
    expect(await value('transcode', 'encoding_ready_seconds_count')).toBe(1);
    expect(await value('transcode', 'queue_jobs{queue="encode",state="failed"')).toBe(0);
    expect(await value('upload', 'outbox_events{')).toBe(0);
    expect(await value('catalog', 'database_connections_max{pool="writer"')).toBeGreaterThan(0);
  });
});

describe('logs', () => {
  const linesOf = (service: ServiceName): string[] =>
    readFileSync(path.join(kinora.dataDir, 'logs', `${service}.log`), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  const documented = [
    ...readFileSync(DOCS, 'utf8').matchAll(/^\| `([A-Za-z]+)` +\| (every line|work|request|error) +\| (\w+)/gm),
  ];
  const fields = (where: string) =>
    documented.filter((row) => row[2] === where).map(([, name = '', , type = '']) => [name, type] as const);
  const expectFields = (line: Record<string, unknown>, where: string): void => {
    for (const [name, type] of fields(where))
      expect({ name, type: typeof line[name], line }).toEqual({ name, type, line });
  };

  it.each(SERVICES.map((name) => [name]))('of %s have the fields of the documentation', (service) => {
    expect(documented.length).toBeGreaterThan(10);
    const lines = linesOf(service).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expectFields(line, 'every line');
      expect(line['service']).toBe(service);
      expect(line['level']).toMatch(/^(trace|debug|info|warn|error|fatal)$/);
      expect(new Date(String(line['time'])).toISOString()).toBe(line['time']);
      if (line['msg'] === 'request') expectFields(line, 'request');
      if (line['traceId'] !== undefined) expectFields(line, 'work');
      if (typeof line['err'] === 'object') expectFields(line['err'] as Record<string, unknown>, 'error');
    }
  });

  it('of one request have one id in every service that it passed', () => {
    const withId = SERVICES.flatMap((service) =>
      linesOf(service).map(
        (text) => JSON.parse(text) as { requestId?: string; msg: string; service: string; path?: string },
      ),
    ).filter(({ requestId }) => requestId !== undefined);
    const completed = withId.find(({ path: to, service }) => service === 'upload' && to?.endsWith('/complete'));
    const services = new Set(
      withId.filter(({ requestId }) => requestId === completed?.requestId).map((one) => one.service),
    );
    expect([...services]).toEqual(expect.arrayContaining(['upload', 'transcode']));
  });

  it('hold no credential', () => {
    const all = SERVICES.flatMap(linesOf).join('\n');
    expect(all).not.toMatch(/Bearer [A-Za-z0-9]|eyJ[A-Za-z0-9_-]{20,}\.|\/t\/(?!\[redacted\])[A-Za-z0-9_-]{20}/);
    expect(all).not.toContain(kinora.demo.password);
  });
});
