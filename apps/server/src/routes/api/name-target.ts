import type { AuditTarget } from '@app/contract';

type Made = { id: string; name: string };

/** What an operation that makes something is about: known once it is made. */
export function madeTarget(kind: string) {
  return (_input: unknown, made: Made | undefined): AuditTarget | undefined =>
    made && { kind, id: made.id, name: made.name };
}

/** What an operation on one thing is about: the one that the path names. */
export function pathTarget(kind: string) {
  return ({ params }: { params: { id: string } }, found?: { name?: unknown }): AuditTarget => ({
    kind,
    id: params.id,
    name: typeof found?.name === 'string' ? found.name : null,
  });
}
