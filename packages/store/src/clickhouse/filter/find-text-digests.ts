import type { FilterTree } from '@app/contract';
import type { Clickhouse } from '../open-clickhouse.ts';
import { escapeLike, type TextDigests } from './compile-filter.ts';
import { writtenForms } from './written-forms.ts';

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
      const needles = needlesOf(text);
      const rows = await clickhouse.rows<{ digest: string }>(digestsSql(Object.keys(needles)), {
        project_id: projectId,
        ...needles,
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

const digestsSql = (names: readonly string[]) => `SELECT digest FROM contents
  WHERE project_id = {project_id:String} AND (${names.map(holds).join(' OR ')}) LIMIT 1 BY digest LIMIT ${digestsMax}`;

const holds = (name: string) => `lowerUTF8(content) LIKE concat('%', lowerUTF8({${name}:String}), '%')`;

/**
 * Contents are JSON: a text stands in them as JSON writes it. Some senders write ASCII alone, where letters of either case
 * are different signs: then the text is found as it was typed and in small letters.
 */
function needlesOf(text: string): { [name: string]: string } {
  const [once = text, twice = once] = writtenForms(text);
  const needles = new Set([once, twice, toAscii(once), toAscii(once.toLowerCase())]);
  return Object.fromEntries([...needles].map((needle, place) => [`needle_${place}`, escapeLike(needle)]));
}

function toAscii(written: string): string {
  return written.replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
