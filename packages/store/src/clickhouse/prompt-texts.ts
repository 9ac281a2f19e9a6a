import type { Clickhouse } from './open-clickhouse.ts';

/** The beginnings of system prompts, by the span of which each is. */
export type PromptTexts = ReadonlyMap<string, string>;

/** A call with the prompt: its ids and the hour in which it began, in seconds. */
type Sample = { sample_hour: number; sample_trace: string; sample_span: string };

const previewCharsMax = 300;
const samplesMax = 600;
const listOf = (name: string) =>
  `(SELECT arrayJoin(splitByChar(',', {${name}:String})) AS each LIMIT ${samplesMax})`;

/** Where a request has a field of its own for instructions, it refers to what they say. */
const samplesSql = `SELECT span_id, arraySlice(content_digests, 1, 6) AS digests,
    extract(request, '"(?:system|instructions|systemInstruction|system_instruction)":\\\\[?\\\\{"[$]content":"([A-Za-z0-9_-]+)') AS own
  FROM spans FINAL PREWHERE project_id = {project_id:String}
    AND toUnixTimestamp(toStartOfHour(started_at)) IN (SELECT toUInt32(arrayJoin(splitByChar(',', {hours:String}))) AS hour LIMIT ${samplesMax})
    AND trace_id IN ${listOf('traces')} AND span_id IN ${listOf('spans')}
  LIMIT 1 BY span_id LIMIT ${samplesMax}`;

const contentsSql = `SELECT digest, content FROM contents WHERE project_id = {project_id:String}
    AND digest IN (SELECT arrayJoin(splitByChar(',', {digests:String})) AS each LIMIT 5000)
  LIMIT 1 BY digest LIMIT 5000`;

/** What the prompts of some rows say, where the content of a call with them is kept. */
export async function findPromptTexts(
  clickhouse: Clickhouse,
  projectId: string,
  rows: readonly Sample[],
): Promise<PromptTexts> {
  if (rows.length === 0) return new Map();
  const samples = await clickhouse.rows<{ span_id: string; digests: string[]; own: string }>(samplesSql, {
    project_id: projectId,
    hours: [...new Set(rows.map((row) => row.sample_hour))].join(','),
    traces: [...new Set(rows.map((row) => row.sample_trace))].join(','),
    spans: [...new Set(rows.map((row) => row.sample_span))].join(','),
  });
  const digests = new Set(samples.flatMap((sample) => [sample.own, ...sample.digests]));
  digests.delete('');
  if (digests.size === 0) return new Map();
  const found = await clickhouse.rows<{ digest: string; content: string }>(contentsSql, {
    project_id: projectId,
    digests: [...digests].join(','),
  });
  const contents = new Map(found.map(({ digest, content }) => [digest, parse(content)]));
  return new Map(
    samples.map((sample) => [
      sample.span_id,
      shorten(
        instructionsOf(contents.get(sample.own)) ||
          (sample.digests.map((digest) => systemTextOf(contents.get(digest))).find(Boolean) ?? ''),
      ),
    ]),
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

/** The text of a message that gives instructions; what anybody else said is no prompt. */
function systemTextOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('role' in value)) return '';
  return value.role === 'system' || value.role === 'developer' ? instructionsOf(value) : '';
}

/** A text, blocks of text, or what holds them. */
function instructionsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(instructionsOf).filter(Boolean).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  if ('text' in value) return instructionsOf(value.text);
  if ('parts' in value) return instructionsOf(value.parts);
  return 'content' in value ? instructionsOf(value.content) : '';
}

function shorten(text: string): string {
  const line = text
    .slice(0, 2 * previewCharsMax)
    .replace(/\s+/g, ' ')
    .trim();
  return line.slice(0, previewCharsMax).toWellFormed();
}
