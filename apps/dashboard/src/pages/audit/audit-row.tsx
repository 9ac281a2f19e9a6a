import type { AuditActor, AuditEvent, AuditOutcome } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { formatSecond } from '../../ui/format.ts';
import { auditText } from './audit-text.ts';

type Props = { event: AuditEvent; onOpen: () => void };

/** One event in a line; the whole of it opens at the side. */
export function AuditRow({ event, onOpen }: Props) {
  const { id, actor, action, target, outcome, at, ip, count, reason } = event;
  return (
    <li>
      <button
        type="button"
        id={`event-${id}`}
        aria-haspopup="dialog"
        onClick={onOpen}
        className="grid w-full grid-cols-1 gap-x-6 gap-y-1 px-4 py-3 text-left -outline-offset-2 transition-colors hover:bg-sunken lg:grid-cols-[11rem_minmax(0,1fr)_10rem] lg:px-5"
      >
        <span className="text-faint text-xs tabular-nums lg:pt-0.5">{formatSecond(at)}</span>
        <span className="flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-1 text-sm">
          <span className="min-w-0 font-medium wrap-anywhere">{nameOf(actor)}</span>
          <span className="text-soft">{auditText(action)}</span>
          {target === null ? null : (
            <span className="min-w-0 font-medium wrap-anywhere">{target.name ?? target.id}</span>
          )}
          <OutcomeBadge outcome={outcome} action={action} />
          {count > 1 ? <Badge>{count.toLocaleString('en-US')} times</Badge> : null}
          {reason === null ? null : (
            <span className="line-clamp-1 w-full text-faint text-xs wrap-anywhere">{reason}</span>
          )}
        </span>
        <span className="truncate font-mono text-faint text-xs lg:pt-0.5 lg:text-right">{ip}</span>
      </button>
    </li>
  );
}

function OutcomeBadge({ outcome, action }: { outcome: AuditOutcome; action: string }) {
  // "Was refused" says it already.
  if (outcome === 'done' || action === 'access.refuse') return null;
  return <Badge tone={outcome === 'refused' ? 'warn' : 'bad'}>{outcome}</Badge>;
}

const kinds: Record<AuditActor['kind'], string> = {
  person: 'Somebody',
  key: 'A key',
  operator: 'The operator',
  server: 'The server',
  anyone: 'A stranger',
};

export function nameOf({ kind, label, id }: AuditActor): string {
  const name = label ?? id;
  if (name === null) return kinds[kind];
  return kind === 'key' ? `The key ${name}` : name;
}
