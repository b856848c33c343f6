import { Dialog } from '@base-ui/react/dialog';
import { CircleAlert, Play, WifiOff, X } from 'lucide-react';
import { type RefObject } from 'react';
import { bindings } from '../core/hotkeys';
import { useController, usePlayer } from './use-player';

/** The still before the first frame. It is the page's largest picture, so it is asked for first. */
export function Poster({ src }: { src: string | null | undefined }) {
  const started = usePlayer((s) => s.started);
  return src && !started ? <img className="kp-poster" src={src} alt="" fetchPriority="high" decoding="async" /> : null;
}

/** For the pointer only; keys and screen readers have the Play button. */
export function BigPlay() {
  const idle = usePlayer((s) => !s.playing && !s.started && s.status !== 'failed');
  return idle ? (
    <span className="kp-big" aria-hidden="true">
      <Play fill="currentColor" />
    </span>
  ) : null;
}

export function Waiting() {
  const buffering = usePlayer((s) => s.buffering && s.status !== 'failed');
  const offline = usePlayer((s) => s.offline);
  if (offline) {
    return (
      <div className="kp-offline" role="status">
        <WifiOff aria-hidden="true" /> You are offline. Playback goes on when the network is back.
      </div>
    );
  }
  return buffering ? (
    <div className="kp-waiting" role="status">
      <span className="kp-hidden">Buffering</span>
    </div>
  ) : null;
}

export function Failure() {
  const controller = useController();
  const failure = usePlayer((s) => s.failure);
  if (!failure) return null;
  return (
    <div className="kp-failure" role="alert">
      <CircleAlert aria-hidden="true" />
      <p>{failure.message}</p>
      <code>{failure.code}</code>
      <button type="button" className="kp-retry" onClick={() => controller.retry()}>
        Try again
      </button>
    </div>
  );
}

/** What the last key did, for screen readers (polite) and for the eye. */
export function Said() {
  const said = usePlayer((s) => s.said);
  return (
    <>
      <div className="kp-hidden" aria-live="polite">
        {said.text}
      </div>
      {said.n > 0 && (
        <div key={said.n} className="kp-said" aria-hidden="true">
          {said.text}
        </div>
      )}
    </>
  );
}

const KEY_NAMES: Record<string, string> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page up',
  PageDown: 'Page down',
};
const listed = [
  ...bindings.filter(({ keys }) => !/^\d$/.test(keys[0] ?? '')),
  { keys: ['0', '…', '9'], label: 'To 0 % … 90 %' },
];

export function ShortcutSheet({
  open,
  onOpenChange,
  container,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  container: RefObject<HTMLElement | null>;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)} modal={false}>
      <Dialog.Portal container={container}>
        <Dialog.Popup className="kp-sheet">
          <div className="kp-sheet-head">
            <Dialog.Title className="kp-sheet-title">Keyboard shortcuts</Dialog.Title>
            <Dialog.Close className="kp-button" aria-label="Close">
              <X aria-hidden="true" />
            </Dialog.Close>
          </div>
          <dl className="kp-sheet-list">
            {listed.map(({ keys, label }) => (
              <div key={label}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{KEY_NAMES[key] ?? key}</kbd>
                  ))}
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
