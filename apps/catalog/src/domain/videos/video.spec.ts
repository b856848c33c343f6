import { anonymous } from '../viewer';
import { advance, untouched } from './pipeline';
import { draft, edited, isListed, maySee } from './video';

const owner = { userId: 'owner', admin: false };
const other = { userId: 'other', admin: false };
const admin = { userId: 'root', admin: true };
const made = { durationMs: 1, width: 2, height: 2, renditions: [], poster: false };
const at = new Date(0);
const entry = draft({ id: 'vid_1', ownerId: 'owner', title: 'A' }, at);
const ready = {
  ...entry,
  pipeline: advance(untouched, { type: 'video.ready', encodingId: 'enc_1', at, storyboard: false, ...made }),
};

describe('visibility', () => {
  it.each([
    ['private', [true, true, false, false], [true, true, false, false]],
    ['unlisted', [true, true, true, true], [true, true, false, false]],
    ['public', [true, true, true, true], [true, true, true, true]],
  ] as const)('%s: seen and listed by owner, admin, other, anonymous', (visibility, seen, listed) => {
    const video = { ...ready, visibility };
    const viewers = [owner, admin, other, anonymous];
    expect(viewers.map((viewer) => maySee(viewer, video))).toEqual(seen);
    expect(viewers.map((viewer) => isListed(viewer, video))).toEqual(listed);
  });

  it('lists what can’t be watched yet to its owner alone', () => {
    const video = { ...entry, visibility: 'public' as const };
    expect([owner, admin, other].map((viewer) => isListed(viewer, video))).toEqual([true, true, false]);
  });
});

describe('editing', () => {
  it('changes what is given, once per tag, and counts', () => {
    expect(edited(entry, { tags: ['a', 'b', 'a'], channelId: null }, new Date(5))).toMatchObject({
      title: 'A',
      tags: ['a', 'b'],
      version: 2,
      updatedAt: new Date(5),
    });
  });
});
