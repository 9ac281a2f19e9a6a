import { Download } from 'lucide-react';
import { useState } from 'react';
import { exportAddress } from '../../api/retention.ts';
import { Card } from '../../ui/card.tsx';
import { DataFilterFields, emptyFilter, filterOf } from './data-filter-fields.tsx';

/** Hands out everything that the project, or one person in it, has here. */
export function ExportData({ project }: { project: string }) {
  const [draft, setDraft] = useState(emptyFilter);
  const { trace_id: _, ...search } = filterOf(draft);
  return (
    <section aria-labelledby="export" className="flex flex-col gap-3">
      <h2 id="export" className="font-semibold text-base">
        Export
      </h2>
      <Card className="flex flex-col gap-5 px-4 py-5 lg:px-5">
        <p className="max-w-2xl text-soft text-sm">
          Traces with their contents, kept responses, keys without their secrets, limits and members, as one
          file with a line for each. Without a choice it is everything that the project has.
        </p>
        <DataFilterFields draft={draft} hasTrace={false} onChange={setDraft} />
        <a
          href={exportAddress(project, search)}
          download="export.ndjson"
          className="inline-flex h-9 items-center gap-2 self-end rounded-lg border border-line-strong bg-surface px-3.5 font-medium text-sm transition-colors hover:bg-sunken"
        >
          <Download aria-hidden="true" className="size-4" /> Export
        </a>
      </Card>
    </section>
  );
}
