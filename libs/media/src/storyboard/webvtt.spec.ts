import { storyboardSize, storyboardVtt } from './webvtt';

const plan = { intervalMs: 2000, columns: 10, rows: 10, tileWidth: 160, tileHeight: 90 };

describe('storyboardVtt', () => {
  it('points at every tile of every sheet', () => {
    const vtt = storyboardVtt(plan, 205_500);
    const cues = vtt.split('\n\n').slice(1);
    expect(vtt.startsWith('WEBVTT\n\n')).toBe(true);
    expect(cues).toHaveLength(103);
    expect(cues[0]).toBe('00:00:00.000 --> 00:00:02.000\nstoryboard/1.jpg#xywh=0,0,160,90');
    expect(cues[11]).toContain('storyboard/1.jpg#xywh=160,90,160,90');
    expect(cues[100]).toContain('storyboard/2.jpg#xywh=0,0,160,90');
    expect(cues[102]?.trim()).toBe('00:03:24.000 --> 00:03:25.500\nstoryboard/2.jpg#xywh=320,0,160,90');
    expect(storyboardSize(plan, 205_500)).toEqual({ tiles: 103, sheets: 2 });
  });

  it('has one tile for a video shorter than the interval', () => {
    expect(storyboardVtt(plan, 40)).toContain('00:00:00.000 --> 00:00:00.040\n');
  });
});
