import type { Log } from '@app/store';
import type { Audit } from './audit.ts';

/** What is done is written to the log, without what changed: for servers whose chain cannot be opened. */
export function createLogAudit(log: Pick<Log, 'info'>): Audit {
  const tell = (
    outcome: string,
    { action, actor }: { action: string; actor: { kind: string; id?: string | undefined } },
  ) => log.info({ action, outcome, actor: actor.kind, id: actor.id }, 'Somebody did something.');
  return {
    begin: async (event) => ({
      done: async (done) => tell('done', done),
      failed: async () => tell('failed', event),
    }),
    record: async ({ outcome = 'done', ...event }) => tell(outcome, event),
    noteRefusal: (refusal) => tell('refused', { ...refusal, action: 'access.refuse' }),
    close: async () => undefined,
  };
}
