import { randomBytes } from 'node:crypto';
import { openRelationalStore } from '@app/store';
import { createAuditKeys } from '../src/audit/audit-keys.ts';
import { openAudit } from '../src/audit/open-audit.ts';
import { schedule } from '../src/start/schedule.ts';

/** A process that changes things without end, to be killed: it prints what it begins, and what was acknowledged. */
const [place = '{}', dataDir = ''] = process.argv.slice(2);
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };
const store = await openRelationalStore({ postgres: JSON.parse(place), log });
const audit = await openAudit({
  audit: store.audit,
  keys: createAuditKeys(Buffer.alloc(32, 3)),
  dataDir,
  processName: `server-${process.pid}`,
  required: true,
  ids: { nowMs: () => Date.now(), randomBytes },
  schedule,
  log,
});

async function changeForEver(lane: number): Promise<void> {
  for (let at = 0; ; at += 1) {
    const id = `${process.pid}-${lane}-${at}`;
    const event = {
      organizationId: `org_${lane % 2}`,
      action: 'limit.change' as const,
      actor: { kind: 'person' as const, id: 'ada' },
      target: { kind: 'limit', id, name: null },
    };
    const entry = await audit.begin(event);
    process.stdout.write(`begun ${id}\n`);
    await entry.done({ ...event, after: { at } });
    process.stdout.write(`done ${id}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, lane) => changeForEver(lane)));
