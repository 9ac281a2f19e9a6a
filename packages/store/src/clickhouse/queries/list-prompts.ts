import type { PromptDetails, PromptList, StretchSearch } from '@app/contract';
import type { Filter } from '../filter/compile-filter.ts';
import { createSearchFilters } from '../filter/create-search-filters.ts';
import { andAll, fieldFilters, parametersOf } from '../filter/field-filters.ts';
import { commonColumns, type Grouping, type GroupQuestion, listGroups } from '../list-groups.ts';
import type { Clickhouse } from '../open-clickhouse.ts';
import { type PromptRow, promptColumns, promptId, promptSumColumns, readPromptRow } from '../prompt-row.ts';
import { findPromptTexts } from '../prompt-texts.ts';
import { inStretch, readStretch, stretchParameters } from '../stretch.ts';

/** Prompts with what they add up to, the dearest first. */
export function listPrompts(clickhouse: Clickhouse) {
  return async (projectId: string, question: GroupQuestion): Promise<PromptList> => {
    const { rows, nextCursor } = await listGroups<PromptRow>(clickhouse, projectId, { question, grouping });
    const texts = await findPromptTexts(clickhouse, projectId, rows);
    return {
      data: rows.map((row) => ({
        id: row.id,
        name: row.id.startsWith('name:') ? row.id.slice(5) : null,
        versions: Number(row.versions),
        ...readPromptRow(row, texts),
      })),
      next_cursor: nextCursor,
    };
  };
}

type PromptQuestion = Pick<StretchSearch, 'range' | 'from' | 'to' | 'environment' | 'filter'> & {
  nowMs: number;
};

/** A prompt and its versions, the most lately used first; `undefined` when it was not used within the stretch. */
export function findPrompt(clickhouse: Clickhouse) {
  return async (
    projectId: string,
    id: string,
    question: PromptQuestion,
  ): Promise<PromptDetails | undefined> => {
    const filters = [
      ...fieldFilters({ environment: question.environment }),
      ...(await createSearchFilters(clickhouse, projectId, { filter: question.filter })),
    ];
    const scope = {
      ...parametersOf(filters),
      ...stretchParameters(readStretch(question)),
      project_id: projectId,
      prompt_id: id,
    };
    const [[whole], versions] = await Promise.all([
      clickhouse.rows<PromptRow>(promptSql(`''`, filters), scope),
      clickhouse.rows<PromptRow>(promptSql(version, filters), scope),
    ]);
    if (whole === undefined) return undefined;
    const texts = await findPromptTexts(clickhouse, projectId, [whole, ...versions]);
    const name = id.startsWith('name:') ? id.slice(5) : null;
    return {
      prompt: { id, name, versions: Number(whole.versions), ...readPromptRow(whole, texts) },
      versions: versions.map((row) => ({
        version: row.id,
        digest: row.digest,
        ...readPromptRow(row, texts),
      })),
    };
  };
}

/** What its caller named so, or else what the system prompt is. */
const version = `if(prompt_version != '', prompt_version, prompt_digest)`;

const isPrompt = `kind = 'call' AND (prompt_name != '' OR prompt_digest != '')`;

const grouping: Grouping = {
  order: 'dearest',
  id: promptId,
  where: isPrompt,
  columns: `uniq(${version}) AS versions, ${promptColumns}`,
  summed: {
    family: 'prompt_all',
    id: promptId,
    where: `(prompt_name != '' OR prompt_digest != '')`,
    keys: ['prompt_name', 'prompt_version', 'prompt_digest'],
    columns: `uniq(${version}) AS versions, ${promptSumColumns}`,
    reads: ['latency', 'last_trace', 'last_span', 'models'],
  },
};

const promptSql = (group: string, filters: readonly Filter[]) => `SELECT ${group} AS id,
    ${commonColumns}, uniq(${version}) AS versions, ${promptColumns}
  FROM spans FINAL
  WHERE project_id = {project_id:String} AND ${inStretch} AND ${isPrompt} ${andAll(filters)}
    AND ${promptId} = {prompt_id:String}
  GROUP BY id ORDER BY last_at DESC LIMIT 500`;
