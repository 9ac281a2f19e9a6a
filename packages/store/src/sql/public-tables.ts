/** A column that may be asked for: how it is made, its type and what it says. */
type PublicColumn = { name: string; sql: string; type: string; about: string };

export type PublicTable = {
  name: string;
  about: string;
  /** The table behind it, with what confines it to one project. */
  from: string;
  columns: readonly PublicColumn[];
};

const column = (name: string, type: string, about: string): PublicColumn => ({
  name,
  sql: name,
  type,
  about,
});

/** One that is made of others. */
const made = (sql: string, { name, type, about }: PublicColumn): PublicColumn => ({ name, sql, type, about });

const sumOf = (...columns: string[]): string => columns.map((each) => `ifNull(${each}, 0)`).join(' + ');

const spanColumns: readonly PublicColumn[] = [
  column('trace_id', 'String', 'The trace; 32 hexadecimal digits.'),
  column('span_id', 'String', 'The span; 16 hexadecimal digits.'),
  column('parent_span_id', 'String', 'The span around it; empty for a root.'),
  column(
    'kind',
    'String',
    'call: counted and priced; attempt: one try at it; seen: the same call as its caller saw it; step: anything else.',
  ),
  column('source', 'String', 'gateway, sdk, otlp, langfuse or events.'),
  column('type', 'String', 'generation, embedding, tool, agent, chain, retriever and so on.'),
  column('name', 'String', 'What the span is called.'),
  column('trace_name', 'String', 'What its trace is called, where the sender says so.'),
  column('request_id', 'String', 'The request.'),
  column('key_id', 'String', 'The key it came with.'),
  column('mode', 'String', 'live or test.'),
  column('environment', 'String', 'For example production.'),
  column('service', 'String', 'The sender’s service.'),
  column('release', 'String', 'The sender’s release.'),
  column('user_id', 'String', 'For whom; empty where nobody was named.'),
  column('session_id', 'String', 'What belongs together; empty where nothing was named.'),
  column('tags', 'Array(String)', 'Labels.'),
  column('started_at', 'DateTime64(9)', 'In UTC.'),
  column('ended_at', 'DateTime64(9)', 'In UTC.'),
  made('duration_us / 1000', column('duration_ms', 'Float64', 'Milliseconds.')),
  made('ttft_us / 1000', column('ttft_ms', 'Nullable(Float64)', 'Milliseconds to the first token.')),
  column('status', 'UInt16', 'The HTTP status; 0 where none came.'),
  column('outcome', 'String', 'ok, failed or cancelled.'),
  column('error_code', 'String', 'Empty where it did not fail.'),
  column('error_message', 'String', 'Empty where it did not fail.'),
  column('provider', 'String', 'Who answered.'),
  column('model', 'String', 'The model that answered.'),
  column('model_asked', 'String', 'The model that was asked for.'),
  column('prompt_name', 'String', 'The prompt, where its caller names it.'),
  column('prompt_version', 'String', 'Its version.'),
  column('tool_name', 'String', 'Of a tool call.'),
  column('finish_reason', 'String', 'Why it ended.'),
  made(
    sumOf(
      'input_fresh',
      'input_cache_read',
      'input_cache_read_audio',
      'input_cache_read_image',
      'input_cache_write',
      'input_cache_write_1h',
      'input_audio',
      'input_image',
    ),
    column('input_tokens', 'UInt64', 'All that went in.'),
  ),
  made(
    sumOf('output_text', 'output_thinking', 'output_audio', 'output_image'),
    column('output_tokens', 'UInt64', 'All that came out.'),
  ),
  made(
    sumOf('input_cache_read', 'input_cache_read_audio', 'input_cache_read_image'),
    column('cache_read_tokens', 'UInt64', 'Of those that went in, read from a cache.'),
  ),
  made('cost_nanos / 1000000000', column('cost_usd', 'Float64', 'Dollars; sum it over kind = ‘call’.')),
  column('cost_nanos', 'Int64', 'The same in billionths of a dollar, exact.'),
  column('cost_label', 'String', 'exact, estimated, unknown or sandbox.'),
  column('price_version', 'String', 'Which prices made the cost.'),
  column('input_preview', 'String', 'The beginning of the last message.'),
  column('output_preview', 'String', 'The beginning of the answer.'),
];

const scoreColumns: readonly PublicColumn[] = [
  column('score_id', 'String', 'The score.'),
  column('trace_id', 'String', 'What it is about.'),
  column('span_id', 'String', 'Empty when it is about the whole trace.'),
  column('session_id', 'String', 'The session it is about, if it is about one.'),
  column('name', 'String', 'What was judged.'),
  column('value', 'Nullable(Float64)', 'The number; 1 and 0 for yes and no.'),
  column('text_value', 'String', 'The category, where it is no number.'),
  column('comment', 'String', 'Why.'),
  column('source', 'String', 'user, evaluation, annotation or api.'),
  column('at', 'DateTime64(3)', 'In UTC.'),
];

/** The tables that can be asked, by name. Each is a question of ours over one project, never the table itself. */
export const publicTables: ReadonlyMap<string, PublicTable> = new Map(
  [
    {
      name: 'spans',
      about: 'Every span of every trace. Count and sum over kind = ‘call’.',
      from: 'spans FINAL WHERE project_id = {project_id:String}',
      columns: spanColumns,
    },
    {
      name: 'calls',
      about: 'The counted calls of models: spans with kind = ‘call’.',
      from: `spans FINAL WHERE project_id = {project_id:String} AND kind = 'call'`,
      columns: spanColumns,
    },
    {
      name: 'scores',
      about: 'Judgements about traces, spans and sessions.',
      from: 'scores FINAL WHERE project_id = {project_id:String}',
      columns: scoreColumns,
    },
  ].map((table) => [table.name, table]),
);

/** The same as a list, for who shows what can be asked. */
export const listPublicTables = (): PublicTable[] => [...publicTables.values()];

/** The question that stands in the place of a table. */
export function writePublicTable(table: PublicTable): string {
  const columns = table.columns.map(({ name, sql }) => (sql === name ? name : `${sql} AS ${name}`));
  return `(SELECT ${columns.join(', ')} FROM ${table.from})`;
}
