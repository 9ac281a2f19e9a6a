import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';

/** Facts with names under a heading. */
export function FactList({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold text-sm">{title}</h3>
      <dl className="divide-y divide-line rounded-xl border border-line bg-surface">{children}</dl>
    </section>
  );
}

/** One line of the list; `copies` puts a button beside it that copies this text. */
export function Fact({ name, children, copies }: { name: string; children: ReactNode; copies?: string }) {
  return (
    <div className="flex min-h-12 items-center gap-4 px-4 py-1.5 text-sm">
      <dt className="w-28 shrink-0 text-soft wrap-anywhere sm:w-40">{name}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-2">
        <span className="min-w-0 flex-1 font-mono text-xs wrap-anywhere">{children}</span>
        {copies === undefined ? null : (
          <CopyButton text={copies} look="quiet" shows="icon" label={`Copy: ${name}`} />
        )}
      </dd>
    </div>
  );
}
