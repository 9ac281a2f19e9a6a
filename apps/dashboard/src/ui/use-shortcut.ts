import { useEffect } from 'react';

/** Runs on this key, unless somebody is writing or holds a modifier; not at all without `run`. */
export function useShortcut(key: string, run: (() => void) | undefined): void {
  useEffect(() => {
    if (run === undefined) return;
    const hear = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target))
        return;
      event.preventDefault();
      run();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [key, run]);
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
