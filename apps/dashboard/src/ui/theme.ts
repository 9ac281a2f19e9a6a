/** `system` follows the machine. The choice is kept in this browser. */
export type Theme = 'light' | 'dark' | 'system';

const STORAGE_KEY = 'theme';
const prefersDark = () => matchMedia('(prefers-color-scheme: dark)');

export function readTheme(): Theme {
  const kept = localStorage.getItem(STORAGE_KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(STORAGE_KEY, theme);
  applyTheme();
}

/** Sets the theme on the document; call it before the first paint. */
export function applyTheme(): void {
  const theme = readTheme();
  document.documentElement.dataset.theme =
    theme === 'system' ? (prefersDark().matches ? 'dark' : 'light') : theme;
}

/** Follows the machine while the choice is `system`. */
export function followSystemTheme(): void {
  prefersDark().addEventListener('change', applyTheme);
}
