import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallerDialectId, dialects, type Json } from '../src/index.ts';

const ROOT = join(import.meta.dirname, '../recordings');

export type Recording = { dialect: CallerDialectId; name: string };

const IDS = (Object.keys(dialects) as CallerDialectId[]).filter((id) => existsSync(join(ROOT, id)));

export function listRecordings(kind: 'whole' | 'stream' | 'failed'): Recording[] {
  const ending = { whole: '.json', stream: '.sse', failed: '.failed.sse' }[kind];
  return IDS.flatMap((dialect) =>
    readdirSync(join(ROOT, dialect))
      .filter((file) => file.endsWith(ending) && (kind === 'failed' || !file.endsWith('.failed.sse')))
      .map((file) => ({ dialect, name: file.slice(0, -ending.length) })),
  );
}

export function readWhole({ dialect, name }: Recording): Json {
  return JSON.parse(readFileSync(join(ROOT, dialect, `${name}.json`), 'utf8'));
}

export function readStream({ dialect, name }: Recording, ending = '.sse'): Buffer {
  return readFileSync(join(ROOT, dialect, `${name}${ending}`));
}
