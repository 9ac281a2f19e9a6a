import type { Trace } from '@app/contract';
import { plainName } from './content/plain-name.ts';

const whys = new Map([
  ['unsupported', { label: 'left out', sentence: 'cannot be said in the other dialect' }],
  ['changed', { label: 'changed', sentence: 'was said in another way that means nearly the same' }],
  ['lowered', { label: 'lowered', sentence: 'was higher than what could be granted' }],
]);
const REPLY = 'reply.';

/** What did not reach the provider, or not the caller, by the names the caller knows. */
export function Losses({ losses }: { losses: Trace['losses'] }) {
  const came = losses.filter(({ path }) => path.startsWith(REPLY));
  const sent = losses.filter(({ path }) => !path.startsWith(REPLY));
  return (
    <section>
      <h3 className="mb-2 font-semibold text-sm">Lost in translation</h3>
      <div className="divide-y divide-line rounded-xl border border-line bg-surface">
        <Group title="On the way to the provider" losses={sent} />
        <Group title="On the way back to the caller" losses={came} />
      </div>
    </section>
  );
}

function Group({ title, losses }: { title: string; losses: Trace['losses'] }) {
  if (losses.length === 0) return null;
  return (
    <div className="px-4 py-3">
      <h4 className="mb-2 text-faint text-xs">{title}</h4>
      <ul className="flex flex-col gap-2 text-sm">
        {losses.map(({ path, why }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path may be lost twice
          <li key={at} className="wrap-anywhere">
            <Loss path={path} why={why} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Loss({ path, why }: Trace['losses'][number]) {
  if (path === '...') return <span className="text-soft">and more that is not listed</span>;
  const name = path.startsWith(REPLY) ? path.slice(REPLY.length) : path;
  const { label, sentence } = whys.get(why) ?? { label: plainName(why), sentence: '' };
  return (
    <>
      <code className="rounded bg-chip px-1.5 py-0.5 font-mono text-xs">
        <bdi>{plainName(name)}</bdi>
      </code>{' '}
      <span className="font-medium">{label}</span>
      {sentence === '' ? null : <span className="text-soft">: it {sentence}.</span>}
    </>
  );
}
