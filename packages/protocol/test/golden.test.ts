import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CallerDialectId, collect, dialects } from '../src/index.ts';

const ROOT = join(import.meta.dirname, '../golden');
const ids: CallerDialectId[] = ['openai-chat', 'anthropic-messages'];
const cases = readdirSync(ROOT).filter((name) => !name.endsWith('.md'));

function readCase(name: string): { own: CallerDialectId; body: ReturnType<typeof JSON.parse> } {
  const file = readdirSync(join(ROOT, name)).find((one) => one.startsWith('in.')) ?? '';
  const own = file === 'in.openai-chat.json' ? 'openai-chat' : 'anthropic-messages';
  return { own, body: JSON.parse(readFileSync(join(ROOT, name, file), 'utf8')) };
}

describe.each(cases.filter((name) => name.startsWith('call-')))('%s', (name) => {
  test.each(ids)('reaches a provider of %s as agreed', async (id) => {
    const { own, body } = readCase(name);
    const written = dialects[id].outbound.writeCall(dialects[own].inbound.readCall(body), 'target-model');
    await expect(`${JSON.stringify(written, null, 2)}\n`).toMatchFileSnapshot(
      join(ROOT, name, `out.${id}.json`),
    );
  });
});

describe.each(cases.filter((name) => name.startsWith('reply-')))('%s', (name) => {
  test.each(ids)('reaches a caller of %s as agreed', async (id) => {
    const { own, body } = readCase(name);
    const written = dialects[id].inbound.writeReply(collect(dialects[own].outbound.readReply(body)));
    await expect(`${JSON.stringify(written, null, 2)}\n`).toMatchFileSnapshot(
      join(ROOT, name, `out.${id}.json`),
    );
  });
});
