import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelationalStore, StoredAuditEvent } from '@app/store';
import { createAuditKeys } from '../src/audit/audit-keys.ts';
import { type OpenAudit, openAudit } from '../src/audit/open-audit.ts';
import { schedule } from '../src/start/schedule.ts';
import { openTestStore, silentLog, type TestStore } from './open-test-store.ts';

export type AuditLab = {
  test: TestStore;
  dataDir: string;
  keys: ReturnType<typeof createAuditKeys>;
  /** Moves the clock of everything that is opened here. */
  advance(byMs: number): void;
  nowMs(): number;
  open(more?: {
    processName?: string;
    required?: boolean;
    audit?: RelationalStore['audit'];
  }): Promise<OpenAudit>;
  /** All links of a chain. */
  readAll(organizationId: string): Promise<StoredAuditEvent[]>;
  close(): Promise<void>;
};

/** Audit chains on a PostgreSQL and a data folder of their own. */
export async function openAuditLab(): Promise<AuditLab> {
  const test = await openTestStore();
  const dataDir = await mkdtemp(join(tmpdir(), 'audit-data-'));
  const keys = createAuditKeys(Buffer.alloc(32, 3));
  let movedMs = 0;
  const nowMs = () => Date.now() + movedMs;
  const { audit } = test.store;
  return {
    test,
    dataDir,
    keys,
    nowMs,
    advance: (byMs) => {
      movedMs += byMs;
    },
    open: (more = {}) =>
      openAudit({
        ...{ audit, keys, dataDir, required: false },
        ...{ ids: { nowMs, randomBytes }, schedule, log: silentLog, processName: 'server-one' },
        ...more,
      }),
    readAll: async (organizationId) => {
      const all: StoredAuditEvent[] = [];
      for (;;) {
        const page = await audit.readAuditEvents(organizationId, { afterSequence: all.length, limit: 5_000 });
        all.push(...page);
        if (page.length === 0) return all;
      }
    },
    close: async () => {
      await test.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
