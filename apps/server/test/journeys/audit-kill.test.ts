import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createAuditLog } from '../../src/audit/create-audit-log.ts';
import { openAuditLab } from '../open-audit-lab.ts';
import { waitUntil } from '../wait-until.ts';

const WORKER = resolve(import.meta.dirname, '../audit-worker.ts');

test('killed again and again in the middle of changes, nothing acknowledged is missing, nothing is told twice, and the chains are whole', async () => {
  const lab = await openAuditLab();
  try {
    const place = JSON.stringify(lab.test.place);
    const begun = new Set<string>();
    const acknowledged = new Set<string>();
    for (const acknowledgedBefore of [20, 150]) {
      const child = spawn(process.execPath, [WORKER, place, lab.dataDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let rest = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const [what, id = ''] = line.split(' ');
          (what === 'done' ? acknowledged : begun).add(id);
        }
      });
      const ended = new Promise((done) => child.once('close', done));
      await waitUntil(() => acknowledged.size >= acknowledgedBefore);
      child.kill('SIGKILL');
      await ended;
    }
    // The next start brings what they left.
    const audit = await lab.open({ processName: 'server-next' });
    const told = [...(await lab.readAll('org_0')), ...(await lab.readAll('org_1'))];
    const byTarget = Map.groupBy(told, ({ targetId }) => targetId);
    expect([...acknowledged].filter((id) => byTarget.get(id)?.[0]?.outcome !== 'done')).toEqual([]);
    expect([...begun].filter((id) => byTarget.get(id) === undefined)).toEqual([]);
    expect([...byTarget.values()].filter((events) => events.length !== 1)).toEqual([]);
    const anchorsPath = join(lab.dataDir, 'none');
    const log = createAuditLog({
      audit: lab.test.store.audit,
      keys: lab.keys,
      anchorsPath,
      nowMs: lab.nowMs,
    });
    for (const chain of ['org_0', 'org_1']) {
      expect(await log.verify(chain)).toMatchObject({ is_whole: true, faults: [] });
    }
    await audit.close();
    expect(await readdir(join(lab.dataDir, 'audit'))).toEqual([]);
  } finally {
    await lab.close();
  }
}, 60_000);
