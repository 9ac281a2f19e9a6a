import type { ReactNode } from 'react';

/** A named group of controls in a form. */
export function Choice({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-1.5">
      <span className="font-medium text-sm">{label}</span>
      {children}
      {hint === undefined ? null : <p className="text-faint text-xs">{hint}</p>}
    </div>
  );
}
