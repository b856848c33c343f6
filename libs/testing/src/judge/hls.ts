// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- so that projects which import this one see it too
/// <reference path="./m3u8-parser.d.ts" />
import { Parser } from 'm3u8-parser';
import { decode, type Decoded } from './decode';

export interface HlsRung {
  url: string;
  width?: number;
  height?: number;
  bandwidth: number;
  averageBandwidth?: number;
  codecs: string;
  /** The audio group that it refers to. */
  audio?: string;
}

export interface HlsPresentation {
  rungs: HlsRung[];
  audio: { url: string; group: string; name: string; language?: string }[];
}

async function load(url: string): Promise<Parser> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const parser = new Parser();
  parser.push(await answer.text());
  parser.end();
  return parser;
}

/** Reads a multivariant playlist; URLs come back absolute. */
export async function readHls(url: string): Promise<HlsPresentation> {
  const { manifest } = await load(url);
  const rungs = (manifest.playlists ?? []).map(({ uri, attributes: a }): HlsRung => ({
    url: new URL(uri, url).href,
    ...(a.RESOLUTION && { width: a.RESOLUTION.width, height: a.RESOLUTION.height }),
    bandwidth: Number(a.BANDWIDTH),
    ...(a['AVERAGE-BANDWIDTH'] !== undefined && { averageBandwidth: Number(a['AVERAGE-BANDWIDTH']) }),
    codecs: a.CODECS ?? '',
    ...(a.AUDIO !== undefined && { audio: a.AUDIO }),
  }));
  const groups = Object.entries(manifest.mediaGroups?.AUDIO ?? {});
  const audio = groups.flatMap(([group, names]) =>
    Object.entries(names).flatMap(([name, { uri, language }]) =>
      uri === undefined
        ? []
        : [{ url: new URL(uri, url).href, group, name, ...(language !== undefined && { language }) }],
    ),
  );
  return { rungs, audio };
}

/** Reads a media playlist. */
export async function readHlsMedia(
  url: string,
): Promise<{ segments: { url: string; seconds: number }[]; targetSeconds: number; ended: boolean }> {
  const { manifest } = await load(url);
  const segments = manifest.segments.map(({ uri, duration }) => ({ url: new URL(uri, url).href, seconds: duration }));
  return { segments, targetSeconds: manifest.targetDuration, ended: manifest.endList === true };
}

/** Decodes every rung and every audio rendition of a presentation, from the first frame to the last. */
export async function judgeHls(
  url: string,
): Promise<{ rungs: (HlsRung & { decoded: Decoded })[]; audio: { name: string; decoded: Decoded }[] }> {
  const presentation = await readHls(url);
  const rungs = [];
  for (const rung of presentation.rungs) rungs.push({ ...rung, decoded: await decode(rung.url, 'v:0') });
  const audio = [];
  for (const { name, url: uri } of presentation.audio) audio.push({ name, decoded: await decode(uri, 'a:0') });
  return { rungs, audio };
}
