import { LiveViewers } from '@kinora/contracts-analytics';
import { eventually } from '@kinora/testing';

export interface Listener {
  readonly response: Response;
  readonly events: { viewers: number; at: number }[];
  /** Everything that came, as text. */
  readonly text: () => string;
  readonly ended: () => boolean;
  untilViewers(viewers: number): Promise<unknown>;
  close(): void;
}

/** Reads server-sent events with fetch, as a client does that must send a header. */
export async function listenTo(url: string, headers: Record<string, string>): Promise<Listener> {
  const aborter = new AbortController();
  const response = await fetch(url, { headers, signal: aborter.signal });
  const events: { viewers: number; at: number }[] = [];
  let text = '';
  let ended = false;
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const datas = [...text.matchAll(/^data: (.*)$/gm)].slice(events.length);
      for (const [, data = ''] of datas) {
        const { viewers, at } = LiveViewers.parse(JSON.parse(data));
        // When it was sent: a busy machine bunches arrivals.
        events.push({ viewers, at: Date.parse(at) });
      }
    }
  };
  void read()
    .catch(() => undefined)
    .finally(() => (ended = true));
  return {
    ...{ response, events },
    text: () => text,
    ended: () => ended,
    untilViewers: (viewers) =>
      eventually(() => events.at(-1)?.viewers === viewers, { label: `${viewers} viewers`, timeoutMs: 20_000 }),
    close: () => aborter.abort(),
  };
}
