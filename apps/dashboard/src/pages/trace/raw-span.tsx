import type { SpanDetails } from '@app/contract';
import { CopyButton } from '../../ui/copy-button.tsx';
import { pretty } from '../traces/content/json.ts';
import { LongText } from '../traces/long-text.tsx';

/** What was received, as it came; for the gateway's own, the record. */
export function RawSpan({ span }: { span: SpanDetails }) {
  const { attributes, request: _request, reply: _reply, ...record } = span;
  // Of other senders the record itself is what they sent, beside what they said in words of their own.
  const isWhole = span.source === 'otlp' && attributes !== null;
  const value = isWhole ? attributes : { ...record, attributes };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <p className="text-soft text-sm">
          {!isWhole
            ? 'The record that was kept of it.'
            : `As it was received${span.convention ? `, read as ${span.convention}` : ''}.`}
        </p>
        <CopyButton text={() => pretty(value)} label="Copy JSON" />
      </div>
      <div className="overflow-hidden rounded-xl border border-line bg-surface p-4">
        <LongText text={pretty(value)} className="font-mono text-xs leading-relaxed" />
      </div>
    </div>
  );
}
