import { XMLParser } from 'fast-xml-parser';
import { decode, type Decoded } from './decode';

export interface DashRepresentation {
  id: string;
  kind: 'video' | 'audio';
  width?: number;
  height?: number;
  bandwidth: number;
  codecs: string;
}

type Node = Record<string, unknown>;
const list = (value: unknown): Node[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as Node[]) : [value as Node];
const attribute = (node: Node, name: string, parent: Node = {}): string => {
  const value = node[`@${name}`] ?? parent[`@${name}`];
  return typeof value === 'string' ? value : '';
};

/** Reads an MPD's representations in the order of the file, which is ffmpeg's order too. */
export async function readDash(url: string): Promise<{ type: string; representations: DashRepresentation[] }> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  const { MPD } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(await answer.text()) as {
    MPD: Node;
  };
  const representations = list(MPD['Period']).flatMap((period) =>
    list(period['AdaptationSet']).flatMap((set) =>
      list(set['Representation']).map((rep): DashRepresentation => {
        const kind = `${attribute(rep, 'contentType', set)}${attribute(rep, 'mimeType', set)}`.startsWith('audio')
          ? 'audio'
          : 'video';
        const [width, height] = [Number(attribute(rep, 'width', set)), Number(attribute(rep, 'height', set))];
        return {
          id: attribute(rep, 'id'),
          kind,
          ...(width > 0 && height > 0 && { width, height }),
          bandwidth: Number(attribute(rep, 'bandwidth')),
          codecs: attribute(rep, 'codecs', set),
        };
      }),
    ),
  );
  return { type: attribute(MPD, 'type'), representations };
}

/** Decodes every representation of a presentation through ffmpeg's DASH reader, from the first frame to the last. */
export async function judgeDash(url: string): Promise<(DashRepresentation & { decoded: Decoded })[]> {
  const { representations } = await readDash(url);
  const judged = [];
  const seen = { video: 0, audio: 0 };
  for (const representation of representations) {
    const index = seen[representation.kind]++;
    judged.push({
      ...representation,
      decoded: await decode(url, `${representation.kind === 'video' ? 'v' : 'a'}:${index}`),
    });
  }
  return judged;
}
