import { useEffect, useEffectEvent, useRef, useState, type PointerEvent } from 'react';
import { PlayerController } from '../core/controller';
import { belongsToTarget, commandFor } from '../core/hotkeys';
import { type GrantSource } from '../engine/grant-keeper';
import { Controls } from './controls';
import { BigPlay, Failure, Poster, Said, ShortcutSheet, Waiting } from './overlays';
import { useActivity } from './use-activity';
import { ControllerContext } from './use-player';

export interface PlayerProps {
  /** Names the player for screen readers. */
  title: string;
  /** Asks for a playback grant, and later for its renewals. */
  grant: GrantSource;
  protocol?: 'hls' | 'dash';
  durationMs?: number | null;
  poster?: string | null;
  beaconUrl?: string | undefined;
  /** Seconds. */
  startAt?: number;
  /** Who listens to keys: the whole page (our watch page), or only the player when it has focus. */
  hotkeys?: 'document' | 'player';
  className?: string;
}

/** A video player with its own controls. Give it a `key` per video. */
export function Player({
  title,
  grant,
  protocol = 'hls',
  durationMs,
  poster,
  beaconUrl,
  startAt,
  hotkeys = 'player',
  className,
}: PlayerProps) {
  const [controller] = useState(() => new PlayerController());
  const root = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [menus, setMenus] = useState(0);
  const [help, setHelp] = useState(false);
  const { idle, wake, controls } = useActivity(controller, root, menus > 0 || help);

  const open = useEffectEvent((element: HTMLVideoElement, box: HTMLElement) =>
    controller.open(element, box, {
      grant,
      protocol,
      beaconUrl,
      ...(durationMs && { durationMs }),
      ...(startAt && { startAt }),
    }),
  );
  useEffect(() => {
    if (!video.current || !root.current) return undefined;
    return open(video.current, root.current);
  }, [controller, protocol, beaconUrl]);

  useEffect(() => controller.setKnownDuration(durationMs ?? null), [controller, durationMs]);

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    wake();
    if (event.defaultPrevented || belongsToTarget(event.key, event.composedPath())) return;
    const command = commandFor(event);
    if (!command) return;
    if (command.do === 'help') setHelp(true);
    else if (!controller.perform(command)) return;
    event.preventDefault();
  });
  useEffect(() => {
    const target: HTMLElement | Document | null = hotkeys === 'document' ? document : root.current;
    const listen = (event: Event) => onKey(event as KeyboardEvent);
    target?.addEventListener('keydown', listen);
    return () => target?.removeEventListener('keydown', listen);
  }, [hotkeys]);

  const onSurface = (event: PointerEvent) => {
    if (event.button !== 0) return;
    // A touch first brings the controls back; only then it means something.
    if (event.pointerType === 'touch' && idle) return;
    if (event.pointerType === 'touch' && controller.store.get().started) return;
    controller.toggle();
  };

  return (
    <ControllerContext value={controller}>
      <div
        ref={root}
        className={`kp ${className ?? ''}`}
        role="region"
        aria-label={`Video player: ${title}`}
        tabIndex={-1}
        data-idle={idle || undefined}
        onPointerMove={wake}
        onPointerDown={wake}
        onFocus={wake}
      >
        <video ref={video} className="kp-video" playsInline preload="auto" crossOrigin="anonymous" />
        <Poster src={poster} />
        <div className="kp-surface" onPointerUp={onSurface} onDoubleClick={() => controller.toggleFullscreen()}>
          <BigPlay />
        </div>
        <Waiting />
        <Said />
        <div ref={controls} className="kp-controls">
          <Controls
            container={root}
            onMenu={(opened) => setMenus((n) => Math.max(0, n + (opened ? 1 : -1)))}
            onHelp={() => setHelp(true)}
          />
        </div>
        <Failure />
        <ShortcutSheet open={help} onOpenChange={setHelp} container={root} />
      </div>
    </ControllerContext>
  );
}
