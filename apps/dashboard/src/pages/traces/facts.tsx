import type { Trace } from '@app/contract';
import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';

const classes: [keyof Trace['spans'][number]['usage'], string][] = [
  ['input_fresh', 'Input'],
  ['input_cache_read', 'Input read from cache'],
  ['input_cache_write', 'Input written to cache'],
  ['input_cache_write_1h', 'Input written to 1 h cache'],
  ['input_audio', 'Input audio'],
  ['input_image', 'Input image'],
  ['output_text', 'Output'],
  ['output_thinking', 'Output thinking'],
  ['output_audio', 'Output audio'],
];

/** Ids, tokens by class, how the cost was made, and what could not be translated. */
export function Facts({ trace }: { trace: Trace }) {
  const { summary } = trace;
  const call = trace.spans.find((span) => span.kind === 'call');
  const tokens = classes.filter(([name]) => call?.usage[name] !== undefined);
  return (
    <div className="flex flex-col gap-6">
      <List title="Call">
        <Fact name="Trace" isCopied>
          {trace.trace_id}
        </Fact>
        <Fact name="Request" isCopied>
          {summary.request_id}
        </Fact>
        <Fact name="Route">{trace.route}</Fact>
        <Fact name="Model asked for">{summary.model_asked ?? 'none'}</Fact>
        <Fact name="Environment">{summary.environment}</Fact>
        <Fact name="Key">{summary.key_id}</Fact>
        <Fact name="User">{summary.user_id ?? 'none'}</Fact>
      </List>
      <List title="Tokens and cost">
        {tokens.map(([name, label]) => (
          <Fact key={name} name={label}>
            {(call?.usage[name] ?? 0).toLocaleString('en-US')}
          </Fact>
        ))}
        <Fact name="Cost">{`$${summary.cost.usd} (${summary.cost_label})`}</Fact>
        <Fact name="Priced by">{call?.price_version || 'no price'}</Fact>
      </List>
      {trace.losses.length === 0 ? null : (
        <List title="Lost in translation">
          {trace.losses.map((loss) => (
            <Fact key={loss.path} name={loss.path}>
              {loss.why}
            </Fact>
          ))}
        </List>
      )}
    </div>
  );
}

function List({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold text-sm">{title}</h3>
      <dl className="divide-y divide-line rounded-xl border border-line bg-surface">{children}</dl>
    </section>
  );
}

function Fact({ name, children, isCopied = false }: { name: string; children: string; isCopied?: boolean }) {
  return (
    <div className="flex items-center gap-4 px-4 py-2.5 text-sm">
      <dt className="w-40 shrink-0 text-soft">{name}</dt>
      <dd className="min-w-0 flex-1 break-all font-mono text-xs">{children}</dd>
      {isCopied ? <CopyButton text={children} label="Copy" /> : null}
    </div>
  );
}
