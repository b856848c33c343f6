/** What a key asks the player to do. */
export type Command =
  | { readonly do: 'toggle-play' | 'toggle-mute' | 'toggle-fullscreen' | 'toggle-pip' | 'toggle-captions' | 'help' }
  /** `by` seconds. */
  | { readonly do: 'seek'; readonly by: number }
  /** A share of the whole, 0–1. */
  | { readonly do: 'seek-to'; readonly share: number }
  /** By a share of the whole. */
  | { readonly do: 'seek-share'; readonly by: number }
  | { readonly do: 'volume'; readonly by: number }
  /** One step of the speed list up or down. */
  | { readonly do: 'speed'; readonly step: 1 | -1 }
  | { readonly do: 'frame'; readonly step: 1 | -1 };

export interface Key {
  readonly key: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly altKey?: boolean;
}

interface Binding {
  readonly keys: readonly string[];
  readonly command: Command;
  readonly label: string;
}

/** The keyboard map: one table for the handler, the help sheet and `aria-keyshortcuts`. */
export const bindings: readonly Binding[] = [
  { keys: ['k', ' '], command: { do: 'toggle-play' }, label: 'Play or pause' },
  { keys: ['ArrowLeft'], command: { do: 'seek', by: -5 }, label: 'Back 5 seconds' },
  { keys: ['ArrowRight'], command: { do: 'seek', by: 5 }, label: 'Forward 5 seconds' },
  { keys: ['j'], command: { do: 'seek', by: -10 }, label: 'Back 10 seconds' },
  { keys: ['l'], command: { do: 'seek', by: 10 }, label: 'Forward 10 seconds' },
  { keys: ['PageDown'], command: { do: 'seek-share', by: -0.1 }, label: 'Back a tenth' },
  { keys: ['PageUp'], command: { do: 'seek-share', by: 0.1 }, label: 'Forward a tenth' },
  { keys: ['Home'], command: { do: 'seek-to', share: 0 }, label: 'To the start' },
  { keys: ['End'], command: { do: 'seek-to', share: 1 }, label: 'To the end' },
  ...Array.from({ length: 10 }, (_, n): Binding => ({
    keys: [String(n)],
    command: { do: 'seek-to', share: n / 10 },
    label: `To ${n * 10} %`,
  })),
  { keys: ['ArrowUp'], command: { do: 'volume', by: 0.1 }, label: 'Louder' },
  { keys: ['ArrowDown'], command: { do: 'volume', by: -0.1 }, label: 'Quieter' },
  { keys: ['m'], command: { do: 'toggle-mute' }, label: 'Mute' },
  { keys: ['c'], command: { do: 'toggle-captions' }, label: 'Captions' },
  { keys: ['f'], command: { do: 'toggle-fullscreen' }, label: 'Full screen' },
  { keys: ['p'], command: { do: 'toggle-pip' }, label: 'Picture in picture' },
  { keys: ['>'], command: { do: 'speed', step: 1 }, label: 'Faster' },
  { keys: ['<'], command: { do: 'speed', step: -1 }, label: 'Slower' },
  { keys: ['.'], command: { do: 'frame', step: 1 }, label: 'Next frame (paused)' },
  { keys: [','], command: { do: 'frame', step: -1 }, label: 'Previous frame (paused)' },
  { keys: ['?'], command: { do: 'help' }, label: 'Keyboard shortcuts' },
];

const byKey = new Map(bindings.flatMap(({ keys, command }) => keys.map((key) => [key, command] as const)));

/** The command of a key press; none with a modifier, which belongs to the browser. */
export function commandFor({ key, ctrlKey, metaKey, altKey }: Key): Command | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  return byKey.get(key.length === 1 ? key.toLowerCase() : key);
}

const TYPING = new Set(['INPUT', 'TEXTAREA', 'SELECT']);
/** Keys that a focused control of its own kind already understands. */
const ACTIVATES = new Set([' ', 'Enter']);
const MOVES = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);
const ROVING =
  '[role=slider],[role=menu],[role=menuitem],[role=menuitemradio],[role=listbox],[role=option],[role=tab],[role=dialog],[role=alertdialog],input[type=range]';

/**
 * Whether a press is meant for the element that has focus rather than for the player: typing, pressing a button with
 * Space, moving inside a menu or slider. `path` is the event's composed path, so that shadow roots hide nothing.
 */
export function belongsToTarget(key: string, path: readonly EventTarget[]): boolean {
  for (const node of path) {
    if (!(node instanceof HTMLElement)) continue;
    const range = node instanceof HTMLInputElement && node.type === 'range';
    if ((TYPING.has(node.tagName) && !range) || node.isContentEditable) return true;
    if (
      ACTIVATES.has(key) &&
      node.matches('button,a[href],summary,[role=button],[role^=menuitem],[role=switch],[role=checkbox]')
    )
      return true;
    if (node.matches('[role=menu],[role=dialog],[role=alertdialog],[role=listbox]')) return true;
    if (MOVES.has(key) && node.matches(ROVING)) return true;
  }
  return false;
}
