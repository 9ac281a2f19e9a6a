import type { Clickhouse } from '../../packages/store/src/clickhouse/open-clickhouse.ts';

export type Scale = { spans: number; contents: number; fromMs: number; days: number };

export const projectId = 'proj_scale';
/** Few large inserts: a store at rest is what is asked, and on the way there each row is merged once or twice only. */
const batchRows = 75_000;

const settings = `SETTINGS max_threads = 1, max_block_size = 8192, min_insert_block_size_rows = 75000, min_insert_block_size_bytes = 120000000, max_memory_usage = 800000000`;

/** Two traces of 1 to 15 spans lie in every 16 rows, at random; each with an agent around calls, tools and retrievals. */
const place = `intDiv(number, 16) AS pair, number % 16 AS row, 1 + cityHash64(pair) % 15 AS cut,
    pair * 2 + (row >= cut) AS trace, if(row >= cut, row - cut, row) AS pos, if(row >= cut, 16 - cut, cut) AS size,
    cityHash64(number, 'h') AS h, cityHash64(trace, 't') AS ht`;

const models = `['gpt-5', 'gpt-5-mini', 'claude-sonnet-5', 'claude-haiku-5', 'gemini-3-pro', 'gemini-3-flash', 'mistral-large', 'llama-4']`;
const providers = `['openai', 'openai', 'anthropic', 'anthropic', 'google', 'google', 'mistral', 'groq']`;
const syllables = `['an','be','co','da','el','fo','ga','hi','in','ju','ka','lo','me','no','or','pa','qui','ra','se','to','un','va','wi','xe','yo','za','chi','sto','pra','len']`;
const wordsOf = (count: string, seed: string) => `arrayStringConcat(arrayMap(i -> concat(
    ${syllables}[1 + cityHash64(${seed}, i) % 30], ${syllables}[1 + cityHash64(${seed}, i, 2) % 30],
    ${syllables}[1 + cityHash64(${seed}, i, 3) % 12]), range(${count})), ' ')`;
const digestOf = (n: string) => `leftPad(toString(${n}), 43, '0')`;

/** Rows as their senders' calls would make them, by the engine itself. */
function spansSql(
  { spans, contents, fromMs, days }: Scale,
  [from, count]: readonly [number, number],
): string {
  const traceCount = Math.ceil((spans / 16) * 2);
  const stepNanos = Math.floor((days * 86_400_000_000_000) / traceCount);
  const isCall = `(pos % 5 IN (1, 3) OR size = 1)`;
  return `INSERT INTO spans (organization_id, project_id, trace_id, span_id, parent_span_id, version, kind, source, type,
      name, trace_name, request_id, key_id, mode, environment, service, release, user_id, session_id, route, dialect, stream,
      started_at, ended_at, duration_us, ttft_us, status, outcome, error_code, error_message, provider, model, model_asked,
      tags, prompt_name, prompt_version, tool_name, finish_reason, input_fresh, input_cache_read, output_text, cost_nanos,
      cost_label, price_version, losses, capture, request, reply, content_digests, input_preview, output_preview)
    SELECT 'org', '${projectId}', lower(hex(MD5(toString(trace)))), lower(hex(h)),
      if(pos = 0, '', lower(hex(cityHash64(number - 1, 'h')))), 1,
      if(is_call, 'call', if(pos % 5 = 4, 'seen', 'step')), if(ht % 3 = 0, 'gateway', 'otlp'),
      if(is_call, 'generation', ['agent', 'x', 'tool', 'x', 'retriever'][1 + pos % 5]),
      if(pos = 0, 'agent.run', if(is_call, 'chat', if(pos % 5 = 2, 'tool.search', 'retrieve'))), 'assistant',
      concat('req_', toString(h)), concat('key_', toString(ht % 40)), if(ht % 20 = 0, 'test', 'live'),
      if(ht % 10 < 7, 'production', 'staging'), 'assistant', concat('v', toString(intDiv(trace, ${Math.ceil(traceCount / 20)}))),
      concat('user_', toString(ht % 10000)), concat('session_', toString(intDiv(trace, 4))), '/v1/chat/completions',
      'openai-chat', h % 2 = 0, at, addNanoseconds(at, took * 1000), took, if(is_call, 100000 + h % 900000, NULL),
      if(failed, 500, 200), if(failed, 'failed', 'ok'), if(failed, 'provider_failed', ''), if(failed, 'upstream said no', ''),
      if(is_call, ${providers}[m], ''), if(is_call, ${models}[m], ''), if(is_call, ${models}[m], ''),
      if(pos = 0, ['team:search'], []), if(is_call AND ht % 3 = 0, concat('prompt_', toString(ht % 50)), ''),
      if(is_call AND ht % 3 = 0, toString(intDiv(trace, ${Math.ceil(traceCount / 5)})), ''), if(pos % 5 = 2, 'search', ''),
      if(is_call, 'stop', ''), if(is_call, 200 + h % 3000, NULL), if(is_call, h % 2000, NULL), if(is_call, 20 + h % 700, NULL),
      if(is_call, 100000 + h % 30000000, 0), 'exact', '2026-04-01', '[]', 'full',
      if(is_call, concat('{"model":"m","messages":[{"$content":"', c1, '"},{"$content":"', c2, '"}]}'), ''),
      if(is_call, concat('{"parts":[{"$content":"', c3, '"}]}'), ''), if(is_call, [c1, c2, c3], []),
      if(is_call, ${wordsOf('14', 'h')}, ''), if(is_call, ${wordsOf('14', 'h + 1')}, '')
    FROM (
      SELECT *, ${isCall} AS is_call, 1 + h % 8 AS m, h % 50 = 0 AS failed, 200000 + h % 3000000 AS took,
        fromUnixTimestamp64Nano(toInt64(${fromMs}000000 + trace * ${stepNanos} + pos * 700000000), 'UTC') AS at,
        ${digestOf('ht % 100')} AS c1, ${digestOf(`intDiv(number, ${Math.ceil(spans / contents)})`)} AS c2,
        ${digestOf(`intDiv(number, ${Math.ceil(spans / contents)}) + 1`)} AS c3
      FROM (SELECT number, ${place} FROM numbers(${from}, ${count}))
    ) ${settings}`;
}

const contentsSql = (from: number, count: number) => `INSERT INTO contents (project_id, digest, content)
  SELECT '${projectId}', ${digestOf('number')}, concat('{"role":"', if(number < 100, 'system', 'user'), '","content":"',
    ${wordsOf('70', 'number')}, if(number % 100000 = 77, ' Zanzibar needle', ''), '"}') FROM numbers(${from}, ${count}) ${settings}`;

/** Fills an empty store: spans over so many days, three of a hundred in a second version, and what they refer to. */
export async function fillSpans(
  clickhouse: Clickhouse,
  scale: Scale,
  print: (line: string) => void,
): Promise<void> {
  for (let from = 0; from < scale.contents; from += batchRows) {
    await clickhouse.command(contentsSql(from, Math.min(batchRows, scale.contents - from)));
  }
  print(`${scale.contents} contents stored`);
  await clickhouse.command('SYSTEM STOP MERGES spans');
  for (let from = 0; from < scale.spans; from += batchRows) {
    await clickhouse.command(spansSql(scale, [from, Math.min(batchRows, scale.spans - from)]));
    if ((from / batchRows) % 2 === 1) await clickhouse.command(laterVersionsSql(scale, from));
    if ((from / batchRows) % 10 === 9) print(`${from + batchRows} spans stored`);
  }
  await clickhouse.command('SYSTEM START MERGES spans');
  await clickhouse.command(`INSERT INTO trace_index (project_id, trace_id, first_at, last_at) SELECT project_id, trace_id, min(started_at), max(ended_at) FROM spans
    GROUP BY project_id, trace_id ${settings}`);
}

/** A later version of three spans of a hundred come soon after the first, as a late end or a join brings it. */
function laterVersionsSql({ spans, fromMs, days }: Scale, from: number): string {
  const atOf = (row: number) => Math.floor(fromMs + (row / spans) * days * 86_400_000);
  return `INSERT INTO spans (* EXCEPT (version), version) SELECT * EXCEPT (version), 2 FROM spans
    WHERE cityHash64(span_id) % 100 < 3 AND started_at >= fromUnixTimestamp64Milli(${atOf(from - batchRows)}, 'UTC')
      AND started_at < fromUnixTimestamp64Milli(${atOf(from + batchRows)}, 'UTC') ${settings}`;
}
