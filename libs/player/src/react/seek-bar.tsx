import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { clock, spoken } from '../core/words';
import { SeekPreview } from './seek-preview';
import { useController, usePlayer } from './use-player';

const percent = (part: number, whole: number) => `${whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : 0}%`;
const STEP: Record<string, number> = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5 };

/** Where the playhead is, and a way to move it: pointer, touch or keys. Time runs left to right in every script. */
export function SeekBar() {
  const controller = useController();
  const time = usePlayer((s) => s.time);
  const duration = usePlayer((s) => s.duration);
  const available = usePlayer((s) => s.available);
  const buffered = usePlayer((s) => s.buffered);
  const bar = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number>();
  const [drag, setDrag] = useState<number>();
  const [focused, setFocused] = useState(false);

  const timeAt = (event: PointerEvent) => {
    const box = bar.current?.getBoundingClientRect();
    return box && box.width > 0 ? Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * duration : 0;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step =
      STEP[event.key] ??
      (event.key === 'PageUp' ? duration / 10 : event.key === 'PageDown' ? -duration / 10 : undefined);
    if (step !== undefined) controller.seek(time + step);
    else if (event.key === 'Home') controller.seek(0);
    else if (event.key === 'End') controller.seek(available);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shown = drag ?? time;
  const preview = drag ?? hover ?? (focused ? time : undefined);

  return (
    <div
      ref={bar}
      className="kp-seek"
      role="slider"
      tabIndex={0}
      aria-label="Seek"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={Math.round(shown)}
      aria-valuetext={`${spoken(shown)} of ${spoken(duration)}`}
      data-dragging={drag !== undefined || undefined}
      onKeyDown={onKeyDown}
      onFocus={(event) => setFocused(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocused(false)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag(timeAt(event));
      }}
      onPointerMove={(event) => {
        const at = timeAt(event);
        setHover(at);
        if (drag !== undefined) setDrag(at);
      }}
      onPointerUp={(event) => {
        if (drag === undefined) return;
        controller.seek(timeAt(event));
        setDrag(undefined);
        if (event.pointerType === 'touch') setHover(undefined);
      }}
      onPointerCancel={() => setDrag(undefined)}
      onPointerLeave={() => setHover(undefined)}
    >
      <div className="kp-track">
        {available > 0 && available < duration - 0.5 && (
          <div className="kp-track-missing" style={{ left: percent(available, duration) }} />
        )}
        {buffered.map(([from, to]) => (
          <div
            key={from}
            className="kp-track-buffered"
            style={{ left: percent(from, duration), width: percent(to - from, duration) }}
          />
        ))}
        <div className="kp-track-played" style={{ width: percent(shown, duration) }} />
      </div>
      <div className="kp-thumb" style={{ left: percent(shown, duration) }} />
      {preview !== undefined && duration > 0 && (
        <SeekPreview time={preview} share={preview / duration} label={clock(preview, duration)} />
      )}
    </div>
  );
}
