import { type Dimensions } from '@kinora/contracts-analytics';

const first = (text: string, table: readonly (readonly [RegExp, string])[]) =>
  table.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';

/** Coarse families only: nothing here tells one person from another. */
export function dimensionsOf(userAgent: string, extra: Dimensions = {}): Dimensions {
  const device = /iPad|Tablet|Android(?!.*Mobile)/i.test(userAgent)
    ? 'tablet'
    : /Mobile|iPhone/i.test(userAgent)
      ? 'mobile'
      : /TV|Tizen|Web0S|CrKey/i.test(userAgent)
        ? 'tv'
        : 'desktop';
  return {
    player: 'kinora',
    device,
    os: first(userAgent, [
      [/Android/, 'android'],
      [/iPhone|iPad/, 'ios'],
      [/Mac OS X/, 'macos'],
      [/Windows/, 'windows'],
      [/CrOS/, 'chromeos'],
      [/Linux/, 'linux'],
    ]),
    browser: first(userAgent, [
      [/Edg\//, 'edge'],
      [/OPR\//, 'opera'],
      [/Firefox\//, 'firefox'],
      [/Chrome\//, 'chrome'],
      [/Safari\//, 'safari'],
    ]),
    ...extra,
  };
}
