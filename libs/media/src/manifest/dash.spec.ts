import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { published } from '../fixtures/published';
import { dashManifest } from './dash';

const clock = {
  startedAt: new Date('2026-01-02T03:04:05Z'),
  publishedAt: new Date('2026-01-02T03:04:25Z'),
  expectedSeconds: 600,
};
const parse = (text: string) => {
  expect(XMLValidator.validate(text)).toBe(true);
  return new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => ['AdaptationSet', 'Representation', 'S'].includes(name),
  }).parse(text).MPD;
};

describe('dashManifest', () => {
  it('describes the same segments as HLS', () => {
    const mpd = parse(dashManifest(published(), clock));
    expect(mpd).toMatchObject({ type: 'static', mediaPresentationDuration: 'PT16.234667S', minBufferTime: 'PT2S' });
    const [video, english, german] = mpd.Period.AdaptationSet;
    expect(video).toMatchObject({ contentType: 'video', mimeType: 'video/mp4' });
    const [top] = video.Representation;
    expect(top).toMatchObject({
      id: 'v720',
      codecs: 'avc1.64001f',
      width: '1280',
      height: '720',
      frameRate: '30000/1001',
      sar: '1:1',
    });
    expect(top.SegmentTemplate).toMatchObject({
      timescale: '30000',
      initialization: 'v720/init.mp4',
      media: 'v720/$Number$.m4s',
      startNumber: '1',
      presentationTimeOffset: '0',
    });
    expect(top.SegmentTemplate.SegmentTimeline.S).toEqual([
      { t: '0', d: '60060' },
      { d: '120120' },
      { d: '180180' },
      { d: '126126' },
    ]);
    expect(english).toMatchObject({ lang: 'en', Label: 'English' });
    expect(german).toMatchObject({ lang: 'de', Label: 'Der "Kommentar" <&\'>' });
  });

  it('counts equal neighbours', () => {
    const tracks = published();
    const [track] = tracks.video;
    if (!track) throw new Error('unreachable');
    const segments = [2, 4, 6, 6, 6, 6, 1].map((seconds) => ({ ticks: seconds * 30_000, bytes: 1000 }));
    const mpd = parse(dashManifest({ ...tracks, video: [{ ...track, segments }] }, clock));
    expect(mpd.Period.AdaptationSet[0].Representation[0].SegmentTemplate.SegmentTimeline.S).toEqual([
      { t: '0', d: '60000' },
      { d: '120000' },
      { d: '180000', r: '3' },
      { d: '30000' },
    ]);
  });

  it('is dynamic while it grows, with a clock that has passed every segment and never moves', () => {
    const open = published(false);
    const mpd = parse(dashManifest(open, clock));
    expect(mpd).toMatchObject({
      type: 'dynamic',
      minimumUpdatePeriod: 'PT2S',
      publishTime: '2026-01-02T03:04:25.000Z',
      mediaPresentationDuration: 'PT600S',
    });
    expect(new Date(String(mpd.availabilityStartTime)).getTime()).toBeLessThan(clock.startedAt.getTime() - 600_000);
    const fewer = { ...open, video: open.video.map((track) => ({ ...track, segments: track.segments.slice(0, 1) })) };
    expect(parse(dashManifest(fewer, clock)).availabilityStartTime).toBe(mpd.availabilityStartTime);
  });
});
