import { CatchBoundary } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { pretty, type Unknown } from './content/json.ts';
import { LongText } from './long-text.tsx';
import { PlainJson } from './plain-json.tsx';

const forms = [
  { value: 'read', label: 'Readable' },
  { value: 'raw', label: 'JSON' },
] as const;

/** Recorded content as a person reads it, or as it is. What cannot be drawn for reading is shown as it is. */
export function ContentView({ value, children }: { value: Unknown; children: ReactNode }) {
  const [form, setForm] = useState<(typeof forms)[number]['value']>('read');
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-2">
        <Segmented label="Form" value={form} options={forms} onChange={setForm} />
        <CopyButton text={() => pretty(value)} label="Copy JSON" />
      </div>
      <CatchBoundary getResetKey={() => form} errorComponent={() => <PlainJson value={value} />}>
        {form === 'read' ? children : <Raw value={value} />}
      </CatchBoundary>
    </div>
  );
}

function Raw({ value }: { value: Unknown }) {
  const text = useMemo(() => pretty(value), [value]);
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface p-4">
      <LongText text={text} className="font-mono text-xs leading-relaxed" />
    </div>
  );
}
