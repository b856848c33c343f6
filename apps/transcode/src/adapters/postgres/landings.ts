import { type LandedTrack } from '@kinora/contracts-transcode';
import { type Database, type Knex } from '@kinora/database';
import { type Encoding, acceptsReports } from '../../domain/encoding';
import { paceOf, secondsUntil } from '../../domain/estimate';
import { type Landings, type Report } from '../../domain/ports';
import { type Landed, type TrackSegment } from '../../domain/tracks';

interface TrackRow {
  rendition_id: string;
  timescale: number;
  codec: string;
  init_bytes: number;
}
interface SegmentRow {
  rendition_id: string;
  number: number;
  start_ticks: string;
  duration_ticks: string;
  bytes: number;
}
interface Head {
  video_id: string;
  state: Encoding['state'];
  fence: number;
  progress: number;
  planned_seconds: number | null;
  rate_since: Date | null;
  rate_from: number | null;
}

/** Rows in one statement: Postgres takes 65,535 parameters. */
const BATCH = 2_000;

/** Records tracks and their segments, however many with one statement each; how many of the segments are new. */
async function addTracks(trx: Knex.Transaction, encodingId: string, tracks: readonly LandedTrack[]): Promise<number> {
  // One statement can't write a row twice: the last word counts.
  const begun = new Map<string, object>();
  const landed = new Map<string, object>();
  for (const { renditionId, init, segments } of tracks) {
    const key = { encoding_id: encodingId, rendition_id: renditionId };
    if (init) {
      const { timescale, codec, bytes, sha256 } = init;
      begun.set(renditionId, { ...key, timescale, codec, init_bytes: bytes, init_sha256: sha256 });
    }
    for (const { number, startTicks, durationTicks, bytes } of segments)
      landed.set(`${renditionId}/${number}`, {
        ...{ ...key, number, bytes },
        ...{ start_ticks: startTicks, duration_ticks: durationTicks },
      });
  }
  if (begun.size > 0)
    await trx('tracks')
      .insert([...begun.values()])
      .onConflict(['encoding_id', 'rendition_id'])
      .merge();
  const rows = [...landed.values()];
  let added = 0;
  for (let n = 0; n < rows.length; n += BATCH) {
    // The last writer of an object is the last to report it; `xmax` is 0 in rows that are new.
    const inserted: { fresh: boolean }[] = await trx('segments')
      .insert(rows.slice(n, n + BATCH))
      .onConflict(['encoding_id', 'rendition_id', 'number'])
      .merge()
      .returning(trx.raw('xmax = 0 as fresh'));
    added += inserted.filter((row) => row.fresh).length;
  }
  return added;
}

async function addProgress(trx: Knex.Transaction, encodingId: string, report: Report): Promise<number> {
  await trx('job_progress')
    .insert({
      encoding_id: encodingId,
      fence: report.fence,
      job_id: report.jobId,
      encoded_seconds: report.encodedSeconds,
    })
    .onConflict(['encoding_id', 'fence', 'job_id'])
    .merge({ encoded_seconds: trx.raw('greatest(job_progress.encoded_seconds, excluded.encoded_seconds)') });
  const sum = await trx('job_progress')
    .sum({ seconds: 'encoded_seconds' })
    .where({ encoding_id: encodingId, fence: report.fence })
    .first<{ seconds: number | null }>();
  return sum.seconds ?? 0;
}

export const createLandings = (db: Database): Landings => ({
  record: (encodingId, report) =>
    db.transaction(async (trx) => {
      const head = await trx<Head>('encodings')
        .select('video_id', 'state', 'fence', 'progress', 'planned_seconds', 'rate_since', 'rate_from')
        .where({ id: encodingId } as object)
        .forUpdate()
        .first();
      if (!head) return { outcome: 'unknown' };
      if (!acceptsReports(head, report.fence)) return { outcome: 'fenced' };
      const added = await addTracks(trx, encodingId, report.tracks);
      const seconds = await addProgress(trx, encodingId, report);
      const share = head.planned_seconds ? Math.min(1, seconds / head.planned_seconds) : 0;
      const progress = Math.max(head.progress, share);
      const now = new Date();
      const since = head.rate_since ? { at: head.rate_since, seconds: head.rate_from ?? 0 } : undefined;
      const pace = paceOf(since, seconds, head.planned_seconds, now);
      const gained = added > 0 || progress > head.progress;
      await trx('encodings')
        .where({ id: encodingId })
        .update({
          ...(gained && { progress, progressed_at: trx.fn.now() }),
          ...{ rate_since: pace.since.at, rate_from: pace.since.seconds, estimated_end: pace.end ?? null },
        });
      const secondsLeft = secondsUntil(pace.end, now);
      return { outcome: 'recorded', videoId: head.video_id, progress, secondsLeft, grown: added > 0 };
    }),
  of: (encodingId) => landedOf(db.writer, encodingId),
});

/** All that has landed of an encoding, segments in order. */
export async function landedOf(db: Knex, encodingId: string): Promise<Landed> {
  const tracks = await db<TrackRow>('tracks')
    .select('rendition_id', 'timescale', 'codec', 'init_bytes')
    .where({ encoding_id: encodingId } as object);
  const rows = await db<SegmentRow>('segments')
    .select('rendition_id', 'number', 'start_ticks', 'duration_ticks', 'bytes')
    .where({ encoding_id: encodingId } as object)
    .orderBy(['rendition_id', 'number']);
  const segments = new Map<string, TrackSegment[]>(tracks.map((track) => [track.rendition_id, []]));
  for (const row of rows) {
    segments.get(row.rendition_id)?.push({
      number: row.number,
      startTicks: Number(row.start_ticks),
      durationTicks: Number(row.duration_ticks),
      bytes: row.bytes,
    });
  }
  return new Map(
    tracks.map((track) => [
      track.rendition_id,
      {
        renditionId: track.rendition_id,
        timescale: track.timescale,
        codec: track.codec,
        initBytes: track.init_bytes,
        segments: segments.get(track.rendition_id) ?? [],
      },
    ]),
  );
}
