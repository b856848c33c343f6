import { Menu } from '@base-ui/react/menu';
import { AudioLines, Captions, Check, Gauge, Settings2 } from 'lucide-react';
import { type ReactNode, type RefObject } from 'react';
import { qualityLabel } from '../core/controller';
import { SPEEDS } from '../core/state';
import { rungName } from '../core/words';
import { useController, usePlayer } from './use-player';

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly note?: string | undefined;
}

interface ChoiceMenuProps {
  name: string;
  icon: ReactNode;
  /** Shown on the button and read with its name. */
  current: string;
  showCurrent?: boolean;
  choices: readonly Choice[];
  value: string;
  onChoose: (value: string) => void;
  container: RefObject<HTMLElement | null>;
  onOpenChange: (open: boolean) => void;
}

/** A button with a group of radio items: arrows, type-ahead and Escape work, and focus returns to the button. */
function ChoiceMenu({
  name,
  icon,
  current,
  showCurrent = false,
  choices,
  value,
  onChoose,
  container,
  onOpenChange,
}: ChoiceMenuProps) {
  return (
    <Menu.Root modal={false} onOpenChange={(open) => onOpenChange(open)}>
      <Menu.Trigger className="kp-button" aria-label={`${name}: ${current}`} title={name}>
        {icon}
        {showCurrent && <span className="kp-button-text">{current}</span>}
      </Menu.Trigger>
      <Menu.Portal container={container}>
        <Menu.Positioner className="kp-menu-position" side="top" align="end" sideOffset={10} collisionPadding={8}>
          <Menu.Popup className="kp-menu" aria-label={name}>
            <Menu.Group>
              <Menu.GroupLabel className="kp-menu-title">{name}</Menu.GroupLabel>
              <Menu.RadioGroup value={value} onValueChange={(next: string) => onChoose(next)}>
                {choices.map((choice) => (
                  <Menu.RadioItem key={choice.value} value={choice.value} className="kp-menu-item" closeOnClick>
                    <Menu.RadioItemIndicator className="kp-menu-check" keepMounted>
                      <Check aria-hidden="true" />
                    </Menu.RadioItemIndicator>
                    <span>{choice.label}</span>
                    {choice.note && <span className="kp-menu-note">{choice.note}</span>}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
            </Menu.Group>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

type Placed = Pick<ChoiceMenuProps, 'container' | 'onOpenChange'>;
const OFF = 'off';
const AUTO = 'auto';

const megabits = (bitrate: number) => `${(bitrate / 1e6).toFixed(bitrate < 1e6 ? 2 : 1)} Mbit/s`;

export function QualityMenu(placed: Placed) {
  const controller = useController();
  const rungs = usePlayer((s) => s.tracks.rungs);
  const chosen = usePlayer((s) => s.tracks.chosenRung);
  const label = usePlayer(qualityLabel);
  if (rungs.length === 0) return null;
  return (
    <ChoiceMenu
      {...placed}
      name="Quality"
      icon={<Settings2 aria-hidden="true" />}
      current={label}
      showCurrent
      value={chosen ?? AUTO}
      choices={[
        { value: AUTO, label: chosen ? 'Auto' : label },
        ...rungs.map((rung) => ({ value: rung.id, label: rungName(rung), note: megabits(rung.bitrate) })),
      ]}
      onChoose={(value) => controller.chooseRung(value === AUTO ? undefined : value)}
    />
  );
}

export function CaptionsMenu(placed: Placed) {
  const controller = useController();
  const text = usePlayer((s) => s.tracks.text);
  const active = usePlayer((s) => s.tracks.activeText);
  if (text.length === 0) return null;
  return (
    <ChoiceMenu
      {...placed}
      name="Captions"
      icon={<Captions aria-hidden="true" data-on={active !== undefined || undefined} />}
      current={text.find(({ id }) => id === active)?.label ?? 'off'}
      value={active ?? OFF}
      choices={[{ value: OFF, label: 'Off' }, ...text.map(({ id, label }) => ({ value: id, label }))]}
      onChoose={(value) => controller.chooseText(value === OFF ? undefined : value)}
    />
  );
}

export function AudioMenu(placed: Placed) {
  const controller = useController();
  const audio = usePlayer((s) => s.tracks.audio);
  const active = usePlayer((s) => s.tracks.activeAudio);
  if (audio.length < 2) return null;
  return (
    <ChoiceMenu
      {...placed}
      name="Audio"
      icon={<AudioLines aria-hidden="true" />}
      current={audio.find(({ id }) => id === active)?.label ?? 'default'}
      value={active ?? ''}
      choices={audio.map(({ id, label }) => ({ value: id, label }))}
      onChoose={(value) => controller.chooseAudio(value)}
    />
  );
}

export function SpeedMenu(placed: Placed) {
  const controller = useController();
  const rate = usePlayer((s) => s.rate);
  return (
    <ChoiceMenu
      {...placed}
      name="Speed"
      icon={<Gauge aria-hidden="true" />}
      current={`${rate}×`}
      value={String(rate)}
      choices={SPEEDS.map((speed) => ({ value: String(speed), label: speed === 1 ? 'Normal' : `${speed}×` }))}
      onChoose={(value) => controller.setRate(Number(value))}
    />
  );
}
