import { useSyncExternalStore } from 'react';

/** True while the page is scrolled down by more than this. */
export function useScrolled(px: number): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('scroll', changed, { passive: true });
      return () => removeEventListener('scroll', changed);
    },
    () => scrollY > px,
  );
}
