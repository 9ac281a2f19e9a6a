import type { ExportLine } from '@app/contract';
import { expect, test } from 'vitest';
import { createExports, type ExportsDeps } from './create-exports.ts';

const project = { id: 'proj_1', organizationId: 'org_1', slug: 'p', name: 'P', capture: 'full' as const };
const asked = { project, search: {}, isTestOnly: false };
const deps = (changes: Partial<ExportsDeps> = {}): ExportsDeps => ({
  traces: { readClock: async () => 0, listCallsToExport: async () => ({ calls: [], next: undefined }) },
  owned: {
    listResponsesToExport: async () => [],
    listItemsToExport: async () => [],
    listToldEvents: async () => [],
    listToldAnomalies: async () => [],
  },
  readSealed: { response: () => null, item: () => null },
  sources: [],
  nowMs: () => 0,
  ...changes,
});

async function readLines(lines: AsyncIterable<ExportLine>): Promise<ExportLine[]> {
  const all: ExportLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

test('one export of a project runs at a time, and the next may begin once it was read to its end', async () => {
  const exports = createExports(deps());
  const first = await exports.begin(asked);
  await expect(exports.begin(asked)).rejects.toMatchObject({ code: 'conflict' });
  expect((await readLines(first)).map(({ kind }) => kind)).toEqual(['export', 'end']);
  await expect(exports.begin(asked)).resolves.toBeDefined();
});

test('a reader who leaves before the first line, or in the middle, lets the next one begin', async () => {
  const exports = createExports(deps());
  await (await exports.begin(asked))[Symbol.asyncIterator]().return?.();
  for await (const _ of await exports.begin(asked)) break;
  await expect(exports.begin(asked)).resolves.toBeDefined();
});

test('a source that fails ends the export without its last line, and the next one may begin', async () => {
  const failing = {
    kind: 'key',
    list: async function* (): AsyncGenerator<object> {
      yield { id: 'key_1' };
      throw new Error('The database is away.');
    },
  };
  const exports = createExports(deps({ sources: [failing] }));
  const kinds: string[] = [];
  const reading = async () => {
    for await (const { kind } of await exports.begin(asked)) kinds.push(kind);
  };
  await expect(reading()).rejects.toThrow('away');
  expect(kinds).toEqual(['export', 'key']);
  await expect(exports.begin(asked)).resolves.toBeDefined();
});

test('a trace store that is away is told before the first line', async () => {
  const away = async () => {
    throw new Error('ClickHouse does not answer.');
  };
  const exports = createExports(deps({ traces: { ...deps().traces, readClock: away } }));
  await expect(exports.begin(asked)).rejects.toThrow('does not answer');
  await expect(exports.begin(asked)).rejects.toThrow('does not answer');
});
