import { type Tail, parseTail } from '@kinora/media';

const merge = (a: Tail, b: Tail): Tail => {
  const endMsOf = new Map(a.endMsOf);
  for (const [stream, end] of b.endMsOf) endMsOf.set(stream, Math.max(end, endMsOf.get(stream) ?? end));
  return { packets: a.packets + b.packets, endMsOf, ...(endMsOf.size > 0 && { endMs: Math.max(...endMsOf.values()) }) };
};

/** Reads a list of packets of any length in bounded memory. */
export function tailReader(): { readonly push: (text: string) => void; readonly end: () => Tail } {
  let tail: Tail = { packets: 0, endMsOf: new Map() };
  let rest = '';
  return {
    push(text) {
      const all = rest + text;
      const cut = all.lastIndexOf('\n') + 1;
      rest = all.slice(cut);
      if (cut > 0) tail = merge(tail, parseTail(all.slice(0, cut)));
    },
    end: () => merge(tail, parseTail(rest)),
  };
}
