import type { IngestStatus } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { Popover } from 'radix-ui';
import { ingestStatusQuery } from '../../api/ingest-status.ts';
import { formatBytes } from '../../ui/format.ts';
import { findIngestTrouble } from './ingest-trouble.ts';

/** How fresh the traces are, always in view; its figures open beside it. Trouble is told at the top of the page. */
export function IngestIndicator({ project }: { project: string }) {
  const { data: status, isError } = useQuery(ingestStatusQuery(project));
  if (status === undefined && !isError) return null;
  const trouble = status === undefined ? [] : findIngestTrouble(status);
  const dot = isError ? 'bg-faint' : trouble.length > 0 ? 'bg-warn' : 'bg-good';
  return (
    <Popover.Root>
      <Popover.Trigger className="flex items-center gap-2 rounded-lg px-2 py-1 text-left text-faint text-xs hover:bg-sunken">
        <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dot}`} />
        {status === undefined ? 'Freshness of traces unknown' : wordsOf(status, trouble.length > 0)}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={12}
          className="z-40 w-72 rounded-xl border border-line bg-raised p-4 shadow-raised"
        >
          <h2 className="mb-2 font-semibold text-sm">How traces arrive</h2>
          {status === undefined ? null : <Figures status={status} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const wordsOf = ({ lag_seconds: lag }: IngestStatus, isTroubled: boolean): string =>
  isTroubled
    ? 'Traces need attention'
    : lag < 1
      ? 'Traces arrive on time'
      : `Traces are ${Math.round(lag)} s behind`;

function Figures({ status }: { status: IngestStatus }) {
  const lost = (status.lost_by_senders ?? []).reduce((sum, { spans }) => sum + spans, 0);
  const figures: [string, string][] = [
    ['Behind', `${status.lag_seconds.toFixed(1)} s`],
    ['Waiting on disk', formatBytes(status.waiting_bytes)],
    ['Received', (status.received_spans ?? 0).toLocaleString('en-US')],
    ['Refused', (status.rejected_spans ?? 0).toLocaleString('en-US')],
    ['Lost here', status.dropped_records.toLocaleString('en-US')],
    ['Kept without content', status.dropped_contents.toLocaleString('en-US')],
    ['Lost or left out by senders', lost.toLocaleString('en-US')],
  ];
  return (
    <dl className="flex flex-col gap-1.5 text-sm">
      {figures.map(([name, value]) => (
        <div key={name} className="flex justify-between gap-4">
          <dt className="text-soft">{name}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
