import http from 'node:http';
import { createClient } from '@clickhouse/client';
import type { ClickhouseOptions, Parameters } from '../src/clickhouse/open-clickhouse.ts';

/** What the engine itself says that a statement reads, as the text of `EXPLAIN QUERY TREE`. Rejects for one that it refuses. */
export async function explainTree(
  place: ClickhouseOptions,
  statement: { sql: string; parameters: Parameters },
): Promise<string> {
  const { url, socketPath, username, password, database } = place;
  const client = createClient({
    url,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ...(socketPath !== undefined && { http_agent: new http.Agent({ socketPath } as http.AgentOptions) }),
  });
  try {
    const query = `EXPLAIN QUERY TREE ${statement.sql}`;
    const asked = { query, query_params: statement.parameters, format: 'JSONEachRow' as const };
    const lines = await (await client.query(asked)).json<{ explain: string }>();
    return lines.map(({ explain }) => explain).join('\n');
  } finally {
    await client.close();
  }
}

export type ReadTable = { name: string; isConfined: boolean };

/**
 * The tables that a tree reads, and whether the question right around each wants its rows to be of `projectId`. Throws for a
 * tree that reads anything else, or asks for a project anywhere else.
 */
export function listReadTables(tree: string, projectId: string): ReadTable[] {
  const lines = tree.split('\n').filter((line) => line.trim() !== '');
  if (lines.some((line) => /^\s*TABLE_FUNCTION/.test(line))) throw new Error(`A table function:\n${tree}`);
  return lines.flatMap((line, at) => {
    const [, id, name] = /^\s*TABLE id: (\d+),.* table_name: ([^,\s]+)/.exec(line) ?? [];
    if (id === undefined || name === undefined) return [];
    return [{ name, isConfined: isConfined(lines, { at, id, projectId }) }];
  });
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

type Place = { at: number; id: string; projectId: string };

function isConfined(lines: readonly string[], { at, id, projectId }: Place): boolean {
  const around = lines.slice(0, at).findLastIndex((line) => /^\s*QUERY id:/.test(line));
  const depth = indentOf(lines[around] ?? '');
  const rest = lines.slice(around + 1);
  const end = rest.findIndex((line) => indentOf(line) <= depth);
  const own = end < 0 ? rest : rest.slice(0, end);
  const where = own.findIndex((line) => line.trimEnd() === `${' '.repeat(depth + 2)}WHERE`);
  if (where < 0) return false;
  const conditions = own.slice(where + 1).filter((line) => indentOf(line) > depth + 2);
  const root = /function_name: (\w+)/.exec(conditions[0] ?? '')?.[1];
  const level = indentOf(conditions[0] ?? '') + (root === 'and' ? 6 : 0);
  if (root !== 'and' && root !== 'equals') return false;
  return conditions.some((line, place) => {
    if (indentOf(line) !== level || !line.includes('function_name: equals')) return false;
    const [column = '', constant = ''] = conditions.slice(place + 3, place + 5);
    return (
      column.includes('column_name: project_id,') &&
      column.trimEnd().endsWith(`source_id: ${id}`) &&
      constant.includes(`constant_value: '${projectId}',`)
    );
  });
}
