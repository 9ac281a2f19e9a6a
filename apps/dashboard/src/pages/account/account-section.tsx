import { type ReactNode, useId } from 'react';

type Props = { title: string; lead: string; action?: ReactNode; children?: ReactNode };

/** A part of the account: what it is, what can be done about it. */
export function AccountSection({ title, lead, action, children }: Props) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex flex-col gap-4 rounded-xl border border-line bg-surface px-4 py-4 lg:px-5"
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-60 flex-col gap-1">
          <h2 id={id} className="font-semibold text-base">
            {title}
          </h2>
          <p className="text-soft text-sm">{lead}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}
