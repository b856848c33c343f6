/** One event of a stream: its name and its data. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Cuts a server-sent-events stream into events; feed it text as it comes. Comments and unknown fields are passed over. */
export function eventParser(onEvent: (event: ServerEvent) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    rest = (rest + text).replace(/\r\n?/g, '\n');
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const lines = rest.slice(0, end).split('\n');
      rest = rest.slice(end + 2);
      const field = (name: string) =>
        lines
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
      const data = field('data');
      if (data.length > 0) onEvent({ event: field('event').at(-1) ?? 'message', data: data.join('\n') });
    }
  };
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

/**
 * Follows a stream until the signal ends it; comes back after a break, later each time. EventSource would do the same but
 * can't carry an access token. A refusal (4xx) is final.
 */
export async function follow(
  url: string,
  doFetch: typeof fetch,
  onEvent: (event: ServerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const response = await doFetch(url, { headers: { accept: 'text/event-stream' }, signal });
      if (response.status >= 400 && response.status < 500 && response.status !== 429) return;
      if (response.ok && response.body) {
        failures = 0;
        const parse = eventParser(onEvent);
        const decoder = new TextDecoder();
        const reader = response.body.getReader();
        for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read())
          parse(decoder.decode(chunk.value, { stream: true }));
      }
    } catch {
      // The network; it is tried again below.
    }
    if (!signal.aborted) await pause(Math.min(30_000, 1000 * 2 ** failures) * (0.75 + Math.random() / 2), signal);
  }
}
