import type { TraceSummary } from '@app/contract';
import type { KeyboardEvent } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { classNames } from '../../ui/class-names.ts';
import { formatCount, formatDuration, formatTime } from '../../ui/format.ts';
import { Cost } from './cost.tsx';
import { Status } from './status.tsx';

type Props = { rows: readonly TraceSummary[]; openId: string | undefined; onOpen: (traceId: string) => void };

/** A table on a wide screen, a list of cards on a phone; the same facts in the same order. */
export function TraceTable({ rows, openId, onOpen }: Props) {
  return (
    <Card className="overflow-hidden">
      <table className="hidden w-full table-fixed text-sm lg:table">
        <thead>
          <tr className="border-line border-b text-left text-faint text-xs">
            <Heading className="w-32">Time</Heading>
            <Heading className="w-24">Status</Heading>
            <Heading className="w-52">Model</Heading>
            <Heading>Message</Heading>
            <Heading className="w-32 text-right">Tokens in / out</Heading>
            <Heading className="w-28 text-right">Cost</Heading>
            <Heading className="w-24 text-right">Duration</Heading>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row
              key={row.trace_id + row.span_id}
              row={row}
              isOpen={row.trace_id === openId}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      <ul className="divide-y divide-line lg:hidden">
        {rows.map((row) => (
          <Item key={row.trace_id + row.span_id} row={row} onOpen={onOpen} />
        ))}
      </ul>
    </Card>
  );
}

function Heading({ children, className = '' }: { children: string; className?: string }) {
  return (
    <th scope="col" className={`px-3 py-2.5 font-medium first:pl-5 last:pr-5 ${className}`}>
      {children}
    </th>
  );
}

type RowProps = { row: TraceSummary; isOpen: boolean; onOpen: (traceId: string) => void };

function Row({ row, isOpen, onOpen }: RowProps) {
  const open = () => onOpen(row.trace_id);
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') open();
  };
  return (
    <tr
      onClick={open}
      onKeyDown={onKey}
      className={classNames(
        'cursor-pointer border-line border-b last:border-0 hover:bg-sunken',
        isOpen && 'bg-accent-soft',
      )}
    >
      <td className="whitespace-nowrap py-2.5 pr-3 pl-5">
        <button
          type="button"
          onClick={open}
          className="text-left text-soft tabular-nums"
          title={row.started_at}
        >
          {formatTime(row.started_at)}
        </button>
      </td>
      <td className="px-3 py-2.5">
        <Status status={row.status} />
      </td>
      <td className="truncate px-3 py-2.5" title={nameOf(row)}>
        {nameOf(row)} {row.mode === 'test' ? <Badge>test</Badge> : null}
      </td>
      <td className="truncate px-3 py-2.5 text-soft">{row.input_preview || row.error_code || '–'}</td>
      <td className="px-3 py-2.5 text-right text-soft tabular-nums">
        {formatCount(row.input_tokens)} / {formatCount(row.output_tokens)}
      </td>
      <td className="px-3 py-2.5 text-right tabular-nums">
        <Cost cost={row.cost} label={row.cost_label} />
      </td>
      <td className="py-2.5 pr-5 pl-3 text-right text-soft tabular-nums">
        {formatDuration(row.duration_ms)}
      </td>
    </tr>
  );
}

function Item({ row, onOpen }: { row: TraceSummary; onOpen: (traceId: string) => void }) {
  return (
    <li>
      <button
        type="button"
        onClick={() => onOpen(row.trace_id)}
        className="flex w-full flex-col gap-1.5 px-4 py-3 text-left"
      >
        <span className="flex w-full items-center gap-2 text-sm">
          <Status status={row.status} />
          <span className="truncate font-medium">{nameOf(row)}</span>
          {row.mode === 'test' ? <Badge>test</Badge> : null}
          <span className="ml-auto shrink-0 text-faint text-xs tabular-nums">
            {formatTime(row.started_at)}
          </span>
        </span>
        <span className="line-clamp-2 break-words text-soft text-sm">
          {row.input_preview || row.error_code || '–'}
        </span>
        <span className="flex gap-3 text-faint text-xs tabular-nums">
          <span>
            {formatCount(row.input_tokens)} / {formatCount(row.output_tokens)} tokens
          </span>
          <Cost cost={row.cost} label={row.cost_label} />
          <span>{formatDuration(row.duration_ms)}</span>
        </span>
      </button>
    </li>
  );
}

const nameOf = (row: TraceSummary): string => row.model ?? row.model_asked ?? 'no model';
