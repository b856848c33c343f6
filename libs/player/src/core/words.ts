/** `1:02:03`; hours only when the whole is that long. */
export function clock(seconds: number, whole = seconds): string {
  if (!Number.isFinite(seconds)) return '0:00';
  const at = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(at / 3600), Math.floor((at % 3600) / 60), at % 60];
  const tail = String(s).padStart(2, '0');
  return h > 0 || whole >= 3600 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`;
}

const unit = (n: number, name: string) => (n === 0 ? [] : [`${n} ${name}${n === 1 ? '' : 's'}`]);

/** `1 hour 2 minutes 3 seconds`, for what is read aloud. */
export function spoken(seconds: number): string {
  const at = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const words = [
    ...unit(Math.floor(at / 3600), 'hour'),
    ...unit(Math.floor((at % 3600) / 60), 'minute'),
    ...unit(at % 60, 'second'),
  ];
  return words.join(' ') || '0 seconds';
}

/** Name of a language in English; the tag itself when it has none. */
export function languageName(tag: string): string {
  if (!tag || tag === 'und') return 'Original';
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** `720p`, by the shorter side, with the frame rate when it is above 30. */
export function rungName({
  width,
  height,
  frameRate,
}: {
  width: number;
  height: number;
  frameRate?: number | undefined;
}): string {
  const fast = frameRate !== undefined && frameRate > 32 ? String(Math.round(frameRate)) : '';
  return `${Math.min(width, height)}p${fast}`;
}
