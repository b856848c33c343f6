import { sessionOf } from '../../../test/support/sessions';
import { hourOf } from '../calendar';
import { dayOfHours } from './combine';
import { HourBuilder } from './hour';

const midnight = Date.UTC(2026, 0, 16);
const DAY = '20260116';

/** The rollup of an hour in which one person watched for so many seconds from a time on. */
function hourWith(beginMs: number, seconds: number) {
  const hour = hourOf(beginMs);
  const builder = new HourBuilder(hour, null);
  const ms = seconds * 1000;
  builder.add(sessionOf({ mono: ms, playing: ms, startup: 0, state: 'ended' }, { id: 'ses_1', begin: beginMs / 1000 }));
  return { hour, ...builder.build() };
}

describe('a day', () => {
  const own = hourWith(midnight + 600_000, 60);

  it('does not depend on an hour of the day before from which nobody stayed', () => {
    const before = [hourWith(midnight - 1_200_000, 60), hourWith(midnight - 1_200_000, 90)];
    const [one, other] = before.map((hour) => dayOfHours(DAY, [hour, own]));
    expect(one).toEqual(other);
    expect(one).toEqual(dayOfHours(DAY, [own]));
  });

  it('counts who stayed over midnight as present, and as the day before’s', () => {
    const stayed = hourWith(midnight - 30_000, 700);
    const { rollup, digest } = dayOfHours(DAY, [stayed, own]);
    expect([rollup.peakConcurrent, rollup.sums.plays]).toEqual([2, 1]);
    expect(digest).not.toBe(dayOfHours(DAY, [own]).digest);
  });
});
