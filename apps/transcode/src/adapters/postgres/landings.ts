import { type LandedTrack } from '@kinora/contracts-transcode';
import { type Database } from '@kinora/database';
import { type Encoding, WORKING_STATES } from '../../domain/encoding';
import { secondsUntil } from '../../domain/estimate';
import { type Landings } from '../../domain/ports';
import { type Landed, type TrackSegment } from '../../domain/tracks';

/** What a report has made of an encoding. */
interface Recorded {
  video_id: string;
  state: Encoding['state'];
  progress: number;
  estimated_end: Date | null;
  /** Segments that are new. */
  added: number;
}

/** A rate of less time than this says nothing. */
const LEAST_SECONDS = 3;

/**
 * Records a report in one statement, if the encoding is worked on under its fence: a transition that would change that waits for the
 * locked row, or is waited for. The statement sees other tables as they were when it began, and the locked row as it is: so that
 * row counts the seconds, and every report adds what its job has more than before.
 *
 * When it should end follows from the rate at which seconds were encoded since the first report of an attempt: the wait for an
 * encoder says nothing of the work, and a new attempt starts counting anew. It is null while nobody can say.
 */
const RECORD = `
with head as (
  select progress, planned_seconds, rate_since, rate_from, counted_seconds, counted_fence is distinct from :fence as anew
  from encodings where id = :id and fence = :fence and state = any(:states) for update
), begun as (
  insert into tracks (encoding_id, rendition_id, timescale, codec, init_bytes, init_sha256)
  select :id, one.* from head, jsonb_to_recordset(:tracks)
    as one (rendition_id text, timescale int, codec text, init_bytes int, init_sha256 text)
  on conflict (encoding_id, rendition_id) do update
    set (timescale, codec, init_bytes, init_sha256) = (excluded.timescale, excluded.codec, excluded.init_bytes, excluded.init_sha256)
), landed as (
  insert into segments (encoding_id, rendition_id, number, start_ticks, duration_ticks, bytes)
  select :id, one.* from head, jsonb_to_recordset(:segments)
    as one (rendition_id text, number int, start_ticks bigint, duration_ticks bigint, bytes int)
  on conflict (encoding_id, rendition_id, number) do update
    set (start_ticks, duration_ticks, bytes) = (excluded.start_ticks, excluded.duration_ticks, excluded.bytes)
  returning xmax = 0 as fresh
), own as (
  insert into job_progress as one (encoding_id, fence, job_id, encoded_seconds)
  select :id, :fence, :jobId, :seconds from head
  on conflict (encoding_id, fence, job_id) do update
    set (seconds_before, encoded_seconds) = (one.encoded_seconds, greatest(one.encoded_seconds, excluded.encoded_seconds))
  returning encoded_seconds - seconds_before as more
), total as (
  select (select cast(count(*) as int) from landed where fresh) as added,
    own.more + case when head.anew then 0 else head.counted_seconds end as seconds
  from own, head
), next as (
  select *,
    greatest(progress, case when planned_seconds > 0 then least(1, seconds / planned_seconds) else 0 end) as reached,
    extract(epoch from now() - rate_since) as taken
  from head, total
)
update encodings set
  progress = next.reached,
  progressed_at = case when next.added > 0 or next.reached > next.progress then now() else encodings.progressed_at end,
  counted_fence = :fence,
  counted_seconds = next.seconds,
  rate_since = case when next.anew then now() else next.rate_since end,
  rate_from = case when next.anew then next.seconds else next.rate_from end,
  estimated_end = case
    when next.anew or next.taken < ${LEAST_SECONDS} or next.seconds <= next.rate_from then null
    else now() + next.taken * greatest(0, next.planned_seconds - next.seconds) / (next.seconds - next.rate_from) * interval '1 second'
  end
from next where encodings.id = :id
returning encodings.video_id, encodings.state, encodings.progress, encodings.estimated_end, next.added`;

/** Tracks that have begun and segments that have landed, as rows. One statement can't write a row twice: the last word counts. */
function rowsOf(tracks: readonly LandedTrack[]) {
  const begun = new Map<string, object>();
  const landed = new Map<string, object>();
  for (const { renditionId, init, segments } of tracks) {
    const rendition = { rendition_id: renditionId };
    if (init) {
      const { timescale, codec, bytes, sha256 } = init;
      begun.set(renditionId, { ...rendition, timescale, codec, init_bytes: bytes, init_sha256: sha256 });
    }
    for (const { number, startTicks, durationTicks, bytes } of segments)
      landed.set(`${renditionId}/${number}`, {
        ...{ ...rendition, number, bytes },
        ...{ start_ticks: startTicks, duration_ticks: durationTicks },
      });
  }
  return { tracks: JSON.stringify([...begun.values()]), segments: JSON.stringify([...landed.values()]) };
}

export const createLandings = (db: Database): Landings => ({
  async record(encodingId, { fence, jobId, encodedSeconds, tracks }) {
    const { rows } = await db.writer.raw<{ rows: Recorded[] }>(RECORD, {
      ...{ id: encodingId, fence, jobId, states: [...WORKING_STATES], seconds: encodedSeconds },
      ...rowsOf(tracks),
    });
    const [found] = rows;
    if (!found) {
      const known = await db.writer('encodings').select('id').where({ id: encodingId }).first<object | undefined>();
      return { outcome: known ? 'fenced' : 'unknown' };
    }
    const secondsLeft = secondsUntil(found.estimated_end ?? undefined, new Date());
    const { video_id: videoId, progress, added, state } = found;
    return { outcome: 'recorded', videoId, progress, secondsLeft, grown: added > 0, playable: state === 'playable' };
  },
});

/** A track as {@link LANDED} tells it. */
export interface TrackRow {
  rendition_id: string;
  timescale: number;
  codec: string;
  init_bytes: number;
  /** Number, start and duration in ticks, bytes. */
  segments: [number, number, number, number][];
}

/**
 * All that has landed of an encoding, as a value of its row, segments in order. An array a track, since a long film has tens of
 * thousands of segments.
 */
export const LANDED = `(
select coalesce(json_agg(json_build_object(
  'rendition_id', rendition_id, 'timescale', timescale, 'codec', codec, 'init_bytes', init_bytes, 'segments', (
    select coalesce(json_agg(json_build_array(number, start_ticks, duration_ticks, bytes) order by number), '[]') from segments
    where segments.encoding_id = tracks.encoding_id and segments.rendition_id = tracks.rendition_id
  )
)), '[]') from tracks where encoding_id = encodings.id
)`;

export const toLanded = (tracks: readonly TrackRow[]): Landed =>
  new Map(
    tracks.map(({ rendition_id: renditionId, timescale, codec, init_bytes: initBytes, segments }) => [
      renditionId,
      {
        ...{ renditionId, timescale, codec, initBytes },
        segments: segments.map(([number, startTicks, durationTicks, bytes]): TrackSegment => ({
          ...{ number, startTicks, durationTicks, bytes },
        })),
      },
    ]),
  );
