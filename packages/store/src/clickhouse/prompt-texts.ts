import type { Clickhouse } from './open-clickhouse.ts';

/** The beginnings of system prompts, by the digest of the content that holds them. */
export type PromptTexts = ReadonlyMap<string, string>;

const previewCharsMax = 300;

const contentsSql = `SELECT digest, content FROM contents WHERE project_id = {project_id:String}
    AND digest IN (SELECT arrayJoin(splitByChar(',', {digests:String})) AS each LIMIT 2000)
  LIMIT 1 BY digest LIMIT 2000`;

/** What the prompts of some rows say, where their content is kept: a text of its own, or the first message of a call. */
export async function findPromptTexts(
  clickhouse: Clickhouse,
  projectId: string,
  rows: readonly { digest: string; first_content: string }[],
): Promise<PromptTexts> {
  const digests = new Set(rows.flatMap((row) => [row.digest, row.first_content]));
  digests.delete('');
  if (digests.size === 0) return new Map();
  const found = await clickhouse.rows<{ digest: string; content: string }>(contentsSql, {
    project_id: projectId,
    digests: [...digests].join(','),
  });
  return new Map(
    found.flatMap(({ digest, content }) => {
      const text = systemTextOf(parse(content));
      return text === '' ? [] : [[digest, shorten(text)] as const];
    }),
  );
}

/** A content is a JSON value, or a cut of one that is too long. */
function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** A text, or a message that gives instructions; what a user said is no prompt. */
function systemTextOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(systemTextOf).filter(Boolean).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  if ('role' in value && value.role !== 'system' && value.role !== 'developer') return '';
  if ('text' in value) return systemTextOf(value.text);
  if ('parts' in value) return systemTextOf(value.parts);
  return 'content' in value ? systemTextOf(value.content) : '';
}

function shorten(text: string): string {
  const line = text
    .slice(0, 2 * previewCharsMax)
    .replace(/\s+/g, ' ')
    .trim();
  return line.slice(0, previewCharsMax).toWellFormed();
}
