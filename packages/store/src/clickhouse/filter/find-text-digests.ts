import type { FilterTree } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { escapeLike, type TextDigests } from './compile-filter.ts';

/** What a statement can carry: a text that more contents hold is found in the first of them. */
const digestsMax = 4_000;
/** A shorter text is everywhere. */
const charsMin = 3;

/** Which contents of a project hold the texts that are looked for. Letters in either case. */
export async function findTextDigests(
  clickhouse: Clickhouse,
  projectId: string,
  texts: readonly string[],
): Promise<TextDigests> {
  const wanted = [...new Set(texts)].filter((text) => text.length >= charsMin);
  const found = await Promise.all(
    wanted.map(async (text) => {
      const rows = await clickhouse.rows<{ digest: string }>(digestsSql, {
        project_id: projectId,
        ...needlesOf(text),
      });
      return [text, rows.map(({ digest }) => digest).join(',')] as const;
    }),
  );
  return new Map(found);
}

/** The texts that a filter looks for. */
export function textsOf(tree: FilterTree): string[] {
  if (tree.kind === 'text') return [tree.text];
  if (tree.kind === 'not') return textsOf(tree.of);
  return tree.kind === 'all' || tree.kind === 'any' ? tree.of.flatMap(textsOf) : [];
}

const digestsSql = `SELECT digest FROM contents WHERE project_id = {project_id:String} AND (
    lowerUTF8(content) LIKE concat('%', lowerUTF8({needle:String}), '%')
    OR lowerUTF8(content) LIKE concat('%', lowerUTF8({ascii_needle:String}), '%')
  ) LIMIT 1 BY digest LIMIT ${digestsMax}`;

/** Contents are JSON: a text stands in them as JSON writes it, which some senders do with ASCII alone. */
function needlesOf(text: string): { needle: string; ascii_needle: string } {
  const written = JSON.stringify(text).slice(1, -1);
  const ascii = written.replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { needle: escapeLike(written), ascii_needle: escapeLike(ascii) };
}
