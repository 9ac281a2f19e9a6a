import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DraftedEvent } from './draft-event.ts';
import { type OutboxDeps, openAuditSpool, setAside } from './open-outbox.ts';
import { readOutboxSegment } from './outbox-record.ts';

type AdoptDeps = Omit<OutboxDeps, 'dir'> & {
  /** Holds the folders of all processes. */
  root: string;
  /** Folders of processes that live, by name. */
  isOwn: (name: string) => boolean;
  /** Whether a server asks: a command cannot tell a server that lives from one that is gone. */
  isServer: boolean;
};

/** A command that shows no sign of life for so long is gone. */
const GONE_AFTER_MS = 120_000;

/**
 * Brings what processes left that are gone into the chains: events as they are, and intents that nothing followed as
 * they were written for that case. Doing it again adds nothing. Answers with how many folders were emptied.
 */
export async function adoptOutboxes(deps: AdoptDeps): Promise<number> {
  const { root, isOwn, isServer, nowMs } = deps;
  const names = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  let adopted = 0;
  for (const { name } of names) {
    if (isOwn(name)) continue;
    const dir = join(root, name);
    // There is one server per data folder, so another server's folder is a dead one's.
    const isGone = name.startsWith('server-')
      ? isServer
      : nowMs() - (await stat(dir)).mtimeMs > GONE_AFTER_MS;
    if (!isGone) continue;
    await adopt(dir, deps);
    adopted += 1;
  }
  return adopted;
}

async function adopt(dir: string, deps: AdoptDeps): Promise<void> {
  const { key, append, log } = deps;
  const spool = openAuditSpool({ ...deps, dir });
  const waiting = new Map<string, DraftedEvent>();
  const done: string[] = [];
  let isWhole = true;
  for (const segment of spool.listSealed()) {
    const { records, isDamaged } = await readOutboxSegment(segment, key);
    for (const { kind, event } of records) {
      if (kind === 'intent') waiting.set(event.id, event);
      else waiting.delete(event.id);
    }
    await append(records.filter(({ kind }) => kind === 'event').map(({ event }) => event));
    if (isDamaged) setAside(spool, segment.id, log);
    else done.push(segment.id);
    isWhole &&= !isDamaged;
  }
  await append([...waiting.values()]);
  for (const id of done) await spool.remove(id);
  await spool.close();
  if (isWhole) await rm(dir, { recursive: true, force: true });
}
