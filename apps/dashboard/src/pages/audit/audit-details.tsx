import type { AuditEvent } from '@app/contract';
import type { AuditFilter } from '../../api/audit.ts';
import { Button } from '../../ui/button.tsx';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatMoment } from '../../ui/format.ts';
import { nameOf } from './audit-row.tsx';
import { findDifferences } from './find-differences.ts';

type Props = { event: AuditEvent; onFilter: (changed: AuditFilter) => void };

/** Who did what from where, what it changed, and its place in the chain. */
export function AuditDetails({ event, onFilter }: Props) {
  const { actor, ip, target } = event;
  return (
    <div className="flex flex-col gap-6 p-4 sm:p-5">
      <FactList title="Who and from where">
        <Fact name="Who" {...(actor.id === null ? {} : { copies: actor.id })}>
          {nameOf(actor)}
        </Fact>
        <Fact name="As">{[kinds[actor.kind], actor.role].filter((part) => part).join(', ')}</Fact>
        {actor.session_id === null ? null : <Fact name="Session">{actor.session_id}</Fact>}
        <Fact name="Address">{ip ?? 'none'}</Fact>
        <Fact name="Program">{event.user_agent ?? 'none'}</Fact>
        <Fact name="When">{formatMoment(event.at)}</Fact>
        {event.reason === null ? null : <Fact name="Reason">{event.reason}</Fact>}
        {event.count === 1 ? null : <Fact name="How often">{event.count} times within a minute</Fact>}
      </FactList>
      <Changes event={event} />
      <FactList title="Its place in the chain">
        <Fact name="Number">{event.sequence}</Fact>
        <Fact name="Event" copies={event.id}>
          {event.id}
        </Fact>
        {event.request_id === null ? null : (
          <Fact name="Request" copies={event.request_id}>
            {event.request_id}
          </Fact>
        )}
        <Fact name="Code" copies={event.mac}>
          {event.mac}
        </Fact>
      </FactList>
      <div className="flex flex-wrap gap-2">
        {actor.id === null ? null : (
          <Button onClick={() => onFilter({ actor: actor.id ?? undefined })}>All by {nameOf(actor)}</Button>
        )}
        {target === null ? null : (
          <Button onClick={() => onFilter({ target: target.id })}>All about this {target.kind}</Button>
        )}
        {ip === null ? null : <Button onClick={() => onFilter({ ip })}>All from {ip}</Button>}
      </div>
    </div>
  );
}

const kinds = {
  person: 'signed in',
  key: 'an API key',
  operator: 'the command line of the server',
  server: 'the server itself',
  anyone: 'nobody that was recognised',
};

function Changes({ event: { before, after } }: { event: AuditEvent }) {
  const differences = findDifferences(before, after);
  if (differences.length === 0) return null;
  return (
    <section>
      <h3 className="mb-2 font-semibold text-sm">What changed</h3>
      <dl className="divide-y divide-line rounded-xl border border-line bg-surface text-sm">
        {differences.map(({ path, before: was, after: is }) => (
          <div key={path} className="flex flex-col gap-1 px-4 py-2 sm:flex-row sm:gap-4">
            <dt className="shrink-0 text-soft wrap-anywhere sm:w-40">{path === '' ? 'value' : path}</dt>
            <dd className="flex min-w-0 flex-1 flex-col gap-0.5 font-mono text-xs">
              {was === undefined ? null : <del className="text-bad wrap-anywhere">{was}</del>}
              {is === undefined ? null : <ins className="text-good no-underline wrap-anywhere">{is}</ins>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
