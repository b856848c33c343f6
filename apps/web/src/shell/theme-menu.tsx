import { IconButton, useTheme, type ThemeChoice } from '@kinora/ui';
import { Moon, Sun, SunMoon } from 'lucide-react';

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const ICON = { system: SunMoon, light: Sun, dark: Moon };
const NAME = { system: 'as the system', light: 'light', dark: 'dark' };

export function ThemeToggle() {
  const [theme, setTheme] = useTheme();
  const Icon = ICON[theme];
  return (
    <IconButton label={`Theme: ${NAME[theme]}`} onClick={() => setTheme(NEXT[theme])}>
      <Icon aria-hidden="true" />
    </IconButton>
  );
}
