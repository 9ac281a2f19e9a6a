import type { SpanDetails } from '@app/contract';
import { useMemo, useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { classNames } from '../../ui/class-names.ts';
import { MoreOf } from '../../ui/more-of.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { pretty } from '../traces/content/json.ts';
import { readReply } from '../traces/content/read-reply.ts';
import { readRequest } from '../traces/content/read-request.ts';
import { type ComparedLine, compareLines } from './compare-lines.ts';

const sides = [
  { value: 'request', label: 'Requests' },
  { value: 'reply', label: 'Responses' },
] as const;
type Side = (typeof sides)[number]['value'];

const LINES_SHOWN = 500;
const looks = { both: '', left: 'bg-bad-soft text-bad', right: 'bg-good-soft text-good' };
const signs = { both: ' ', left: '−', right: '+' };

/** How what was asked, or what was answered, differs line by line. */
export function CompareTexts({ left, right }: { left: SpanDetails; right: SpanDetails }) {
  const [side, setSide] = useState<Side>('request');
  const lines = useMemo(() => compareLines(textOf(left, side), textOf(right, side)), [left, right, side]);
  const differing = lines.filter((line) => line.side !== 'both').length;
  return (
    <Card className="flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Segmented label="Texts" value={side} options={sides} onChange={setSide} />
        <p role="status" className="text-faint text-xs tabular-nums">
          {differing === 0 ? 'They are the same' : `${differing.toLocaleString('en-US')} lines differ`}
        </p>
      </div>
      <div className="flex flex-col gap-3 overflow-x-auto rounded-lg border border-line bg-sunken py-2 font-mono text-xs leading-relaxed">
        <MoreOf items={lines} step={LINES_SHOWN} noun="lines" draw={(shown) => <Lines lines={shown} />} />
      </div>
    </Card>
  );
}

function Lines({ lines }: { lines: readonly ComparedLine[] }) {
  return (
    <div>
      {lines.map((line, at) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a finished comparison never move
          key={at}
          className={classNames('flex gap-3 px-3', looks[line.side])}
        >
          <span aria-hidden="true" className="select-none">
            {signs[line.side]}
          </span>
          {line.side === 'both' ? null : <span className="sr-only">only {line.side}:</span>}
          <span dir="auto" className="min-w-0 whitespace-pre-wrap wrap-anywhere">
            {line.text === '' ? ' ' : line.text}
          </span>
        </div>
      ))}
    </div>
  );
}

/** What a person reads of it; JSON where it is no conversation. */
function textOf(span: SpanDetails, side: Side): string {
  const value = span[side];
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (span.dialect === 'json' || span.kind === 'step') return pretty(value);
  const messages =
    side === 'request' ? readRequest(value).messages : [{ role: 'assistant', blocks: readReply(value) }];
  return messages
    .map(({ role, blocks }) => `${role}:\n${blocks.map(({ title, text }) => titled(title, text)).join('\n')}`)
    .join('\n\n');
}

const titled = (title: string | undefined, text: string): string =>
  title === undefined ? text : `[${title}] ${text}`;
