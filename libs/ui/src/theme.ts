import { useSyncExternalStore } from 'react';

export type ThemeChoice = 'system' | 'light' | 'dark';

// The same key is read by the page's small blocking script, so that the first paint has the right colours.
const KEY = 'kinora.theme';
const listeners = new Set<() => void>();
const system = () => window.matchMedia('(prefers-color-scheme: dark)');

export function themeChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system'; // storage can be forbidden
  }
}

const resolved = (choice: ThemeChoice) => (choice === 'system' ? (system().matches ? 'dark' : 'light') : choice);

export function setTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // The choice then lasts as long as the page.
  }
  document.documentElement.dataset.theme = resolved(choice);
  listeners.forEach((notify) => notify());
}

function subscribe(notify: () => void): () => void {
  const query = system();
  const followSystem = () => {
    if (themeChoice() === 'system') setTheme('system');
  };
  listeners.add(notify);
  query.addEventListener('change', followSystem);
  return () => {
    listeners.delete(notify);
    query.removeEventListener('change', followSystem);
  };
}

/** What the person chose, and how to choose. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  return [useSyncExternalStore(subscribe, themeChoice), setTheme];
}
