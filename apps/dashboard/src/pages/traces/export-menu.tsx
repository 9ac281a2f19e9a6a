import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type TraceFilter, traceExportAddress } from '../../api/traces.ts';

const formats = [
  { format: 'ndjson', label: 'NDJSON', note: 'a JSON object per line' },
  { format: 'csv', label: 'CSV', note: 'for spreadsheets' },
  { format: 'parquet', label: 'Parquet', note: 'for analysis' },
] as const;

/** What the filters leave, as a file. */
export function ExportMenu({ project, filter }: { project: string; filter: TraceFilter }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="inline-flex h-9 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3.5 font-medium text-sm hover:bg-sunken">
        <Download aria-hidden="true" className="size-4" /> Export
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-40 w-64 rounded-xl border border-line bg-raised p-1.5 shadow-raised"
        >
          {formats.map(({ format, label, note }) => (
            <DropdownMenu.Item key={format} asChild>
              <a
                href={traceExportAddress(project, filter, format)}
                download={`traces.${format}`}
                className="flex items-baseline justify-between gap-3 rounded-md px-2.5 py-2 text-sm outline-none data-highlighted:bg-sunken"
              >
                {label} <span className="text-faint text-xs">{note}</span>
              </a>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
