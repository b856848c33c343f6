import { type Dashboard, graph, heading, number, quantile, query } from './panel';

const here = 'namespace=~"$namespace"';
const share = (part: string, whole: string): string =>
  `sum(rate(${part}[$__rate_interval])) / sum(rate(${whole}[$__rate_interval]))`;
const sessions = (stage: string): string => `playback_sessions_total{${here},stage=~"${stage}"}`;

/** As viewers have it: their players' reports, then what delivers to them. */
export const playback: Dashboard = {
  name: 'playback',
  title: 'Playback quality',
  description: 'Playback as viewers’ players report it, over all videos, minutes late; and the delivery of media.',
  panels: [
    heading('Viewers'),
    number('Fail to start', query(share(sessions('failed_start'), sessions('attempted'))), { unit: 'percentunit' }),
    number('Fail later', query(share(sessions('failed_playing'), sessions('started'))), { unit: 'percentunit' }),
    number(
      'Time spent in stalls',
      query(share(`playback_seconds_total{${here},state="stalled"}`, `playback_seconds_total{${here}}`)),
      { unit: 'percentunit' },
    ),
    number(
      'Frames dropped',
      query(share(`playback_frames_total{${here},fate="dropped"}`, `playback_frames_total{${here},fate="decoded"}`)),
      { unit: 'percentunit' },
    ),
    graph('Sessions', query(`sum by (stage) (rate(playback_sessions_total{${here}}[$__rate_interval]))`, '{{stage}}'), {
      unit: 'ops',
    }),
    graph(
      'From the wish to play to the first frame',
      [0.5, 0.75, 0.95].map((q) => query(quantile(q, 'playback_startup_seconds', here), `${q * 100} %`)),
      { unit: 's' },
    ),
    graph(
      'Stalls per hour of playing',
      query(
        `3600 * ${share(`playback_stalls_total{${here}}`, `playback_seconds_total{${here},state="playing"}`)}`,
        'stalls',
      ),
    ),
    graph(
      'Changes of rendition',
      query(`sum by (direction) (rate(playback_switches_total{${here}}[$__rate_interval]))`, '{{direction}}'),
      { unit: 'ops' },
    ),
    graph(
      'Errors that players report',
      query(`sum by (fatal) (rate(playback_errors_total{${here}}[$__rate_interval]))`, 'fatal: {{fatal}}'),
      { unit: 'ops' },
    ),
    graph(
      'Viewers’ time',
      query(`sum by (state) (rate(playback_seconds_total{${here}}[$__rate_interval]))`, '{{state}}'),
      {
        description: 'Seconds a second: about how many watch',
      },
    ),
    heading('Delivery by edge'),
    graph('Media sent', query(`sum by (kind) (rate(edge_sent_bytes_total{${here}}[$__rate_interval]))`, '{{kind}}'), {
      unit: 'Bps',
    }),
    graph(
      'How long requests take',
      [0.5, 0.95, 0.99].map((q) =>
        query(quantile(q, 'http_request_duration_seconds', `${here},service="edge"`), `${q * 100} %`),
      ),
      { unit: 's' },
    ),
    graph(
      'Asked for, by where it was',
      query(`sum by (outcome) (rate(edge_cache_requests_total{${here}}[$__rate_interval]))`, '{{outcome}}'),
      { unit: 'reqps' },
    ),
    graph('Refused', query(`sum by (reason) (rate(edge_denials_total{${here}}[$__rate_interval]))`, '{{reason}}'), {
      unit: 'reqps',
    }),
    graph('Memory of hot objects', query(`sum(edge_cache_bytes{${here}})`, 'bytes'), { unit: 'bytes' }),
    graph('Since revocations were told', query(`max(edge_revocations_age_seconds{${here}})`, 'age'), { unit: 's' }),
    heading('Reports'),
    graph(
      'Beacons',
      query(
        `sum by (outcome, reason) (rate(analytics_beacons_total{${here}}[$__rate_interval]))`,
        '{{outcome}} {{reason}}',
      ),
      { unit: 'ops' },
    ),
    graph(
      'Computing a rollup, nine in ten',
      query(quantile(0.9, 'analytics_rollup_seconds', here, ['level']), '{{level}}'),
      { unit: 's' },
    ),
    graph(
      'Request units of DynamoDB',
      query(`sum by (operation) (rate(dynamodb_units_total{${here}}[$__rate_interval]))`, '{{operation}}'),
    ),
  ],
};
