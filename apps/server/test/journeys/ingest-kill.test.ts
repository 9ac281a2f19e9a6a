import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_KEY } from '../open-ingest-lab.ts';
import { otlpBody } from '../otlp-body.ts';
import { readBatchRecords } from '../read-batch-records.ts';
import { testKeys } from '../test-keys.ts';
import { waitUntil } from '../wait-until.ts';

const ENTRY = resolve(import.meta.dirname, '../ingest-process.ts');

async function start(dir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [ENTRY, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout ?? child, 'data');
  return { child, url: String(text).trim() };
}

/** Sends batches one after the other until the server is gone; those that it acknowledged. */
async function sendUntilGone(url: string, sender: number, acknowledged: string[]): Promise<void> {
  for (let number = 0; ; number += 1) {
    const name = `sender ${sender} batch ${number} ${url}`;
    const body = otlpBody(Array.from({ length: 40 }, () => ({ name })));
    try {
      const reply = await fetch(`${url}/v1/traces`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${testKeys.ingest}`, 'content-type': 'application/json' },
      });
      if (reply.status === 200) acknowledged.push(name);
    } catch {
      return;
    }
  }
}

test('killed in the middle of requests, a server has every batch that it acknowledged, whole and once', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'ingest-kill-'));
  const acknowledged: string[] = [];
  try {
    const { child, url } = await start(dir);
    const gone = once(child, 'close');
    const senders = Array.from({ length: 4 }, (_, sender) => sendUntilGone(url, sender, acknowledged));
    await waitUntil(() => acknowledged.length >= 60);
    child.kill('SIGKILL');
    await Promise.all([gone, ...senders]);
    const kept = readBatchRecords(dir, LAB_KEY).map(({ bytes }) => {
      const names = [...bytes.toString().matchAll(/"name":"(sender[^"]*)"/g)].map(([, name]) => name);
      return new Set(names).size === 1 && names.length === 40 ? names[0] : 'torn';
    });
    expect(acknowledged.filter((name) => !kept.includes(name))).toEqual([]);
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept).not.toContain('torn');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
