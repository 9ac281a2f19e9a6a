import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

type Tone = 'bad' | 'warn' | 'good' | 'info';

const tones: Record<Tone, string> = {
  bad: 'bg-bad-soft text-bad',
  warn: 'bg-warn-soft text-warn',
  good: 'bg-good-soft text-good',
  info: 'bg-accent-soft text-accent-strong',
};

/** A sentence that needs attention. A bad one is read out at once. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={classNames('rounded-lg px-3.5 py-2.5 text-sm', tones[tone])}
    >
      {children}
    </div>
  );
}
