import {
  Keyboard,
  Maximize,
  Minimize,
  Pause,
  PictureInPicture2,
  Play,
  RotateCcw,
  Volume1,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { type ReactNode, type RefObject } from 'react';
import { clock } from '../core/words';
import { AudioMenu, CaptionsMenu, QualityMenu, SpeedMenu } from './menus';
import { SeekBar } from './seek-bar';
import { useController, usePlayer } from './use-player';

/** A toggle: its name never changes, its state is told by `aria-pressed`. */
function Toggle({
  label,
  pressed,
  keys,
  onPress,
  className,
  children,
}: {
  label: string;
  pressed: boolean;
  keys: string;
  onPress: () => void;
  className?: string;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={`kp-button ${className ?? ''}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys}
      title={`${label} (${keys.split(' ')[0]})`}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

function PlayToggle() {
  const controller = useController();
  const playing = usePlayer((s) => s.playing);
  const ended = usePlayer((s) => s.ended);
  const Icon = playing ? Pause : ended ? RotateCcw : Play;
  return (
    <Toggle label="Play" pressed={playing} keys="k Space" onPress={() => controller.toggle()}>
      <Icon aria-hidden="true" fill={ended && !playing ? 'none' : 'currentColor'} />
    </Toggle>
  );
}

function Volume() {
  const controller = useController();
  const muted = usePlayer((s) => s.muted);
  const volume = usePlayer((s) => s.volume);
  const heard = muted ? 0 : volume;
  const Icon = heard === 0 ? VolumeX : heard < 0.5 ? Volume1 : Volume2;
  return (
    <div className="kp-volume">
      <Toggle label="Mute" pressed={muted} keys="m" onPress={() => controller.toggleMute()}>
        <Icon aria-hidden="true" />
      </Toggle>
      <input
        type="range"
        className="kp-volume-range"
        aria-label="Volume"
        aria-valuetext={`${Math.round(heard * 100)} %`}
        min={0}
        max={1}
        step={0.05}
        value={heard}
        onChange={(event) => controller.setVolume(Number(event.target.value))}
      />
    </div>
  );
}

function Time() {
  const time = usePlayer((s) => s.time);
  const duration = usePlayer((s) => s.duration);
  return (
    <span className="kp-time">
      {clock(time, duration)} <span className="kp-time-whole">/ {clock(duration)}</span>
    </span>
  );
}

const canPip = () => typeof document !== 'undefined' && document.pictureInPictureEnabled;

export interface ControlsProps {
  container: RefObject<HTMLElement | null>;
  onMenu: (open: boolean) => void;
  onHelp: () => void;
}

export function Controls({ container, onMenu, onHelp }: ControlsProps) {
  const controller = useController();
  const fullscreen = usePlayer((s) => s.fullscreen);
  const pip = usePlayer((s) => s.pip);
  const placed = { container, onOpenChange: onMenu };
  return (
    <>
      <SeekBar />
      <div className="kp-row">
        <PlayToggle />
        <Volume />
        <Time />
        <span className="kp-space" />
        <CaptionsMenu {...placed} />
        <AudioMenu {...placed} />
        <SpeedMenu {...placed} />
        <QualityMenu {...placed} />
        <button
          type="button"
          className="kp-button kp-wide"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          aria-keyshortcuts="?"
          onClick={onHelp}
        >
          <Keyboard aria-hidden="true" />
        </button>
        {canPip() && (
          <Toggle
            label="Picture in picture"
            className="kp-wide"
            pressed={pip}
            keys="p"
            onPress={() => controller.togglePip()}
          >
            <PictureInPicture2 aria-hidden="true" />
          </Toggle>
        )}
        <Toggle label="Full screen" pressed={fullscreen} keys="f" onPress={() => controller.toggleFullscreen()}>
          {fullscreen ? <Minimize aria-hidden="true" /> : <Maximize aria-hidden="true" />}
        </Toggle>
      </div>
    </>
  );
}
