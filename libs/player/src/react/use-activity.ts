import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react';
import { type PlayerController } from '../core/controller';

const HIDE_AFTER_MS = 3000;

/**
 * Whether the controls may hide: the video plays, no menu is open, nobody moved for three seconds. They never take focus
 * with them: focus by keyboard keeps them on screen, focus by pointer goes to the player itself.
 */
export function useActivity(controller: PlayerController, root: RefObject<HTMLElement | null>, held: boolean) {
  const controls = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [active, setActive] = useState(true);
  const playing = useSyncExternalStore(
    controller.store.subscribe,
    () => controller.store.get().playing && controller.store.get().started,
  );

  const wake = useCallback(() => {
    setActive(true);
    clearTimeout(timer.current);
    const rest = () => {
      const box = controls.current;
      if (box?.querySelector(':focus-visible')) {
        timer.current = setTimeout(rest, HIDE_AFTER_MS);
        return;
      }
      if (box?.contains(document.activeElement)) root.current?.focus({ preventScroll: true });
      setActive(false);
    };
    timer.current = setTimeout(rest, HIDE_AFTER_MS);
  }, [root]);

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (playing) clearTimeout(timer.current);
    if (playing) timer.current = setTimeout(() => setActive(false), HIDE_AFTER_MS);
  }, [playing]);

  return { idle: playing && !active && !held, wake, controls };
}
