import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import {
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
  type ResultSet,
} from '@clickhouse/client';
import { StoreError } from '../error.ts';
import { toStoreError } from './to-store-error.ts';

/** Where ClickHouse is. With `socketPath` the host and port of the URL are not used. */
export type ClickhouseOptions = {
  url: string;
  socketPath?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  database?: string | undefined;
  /** Certificate authorities in PEM, instead of those that Node knows, for an https URL. */
  ca?: string | undefined;
  connectionsMax?: number | undefined;
  /** How long one query may run, 20 s unless given; whole seconds. */
  queryTimeoutMs?: number | undefined;
};

/** Scalars only: lists are bounded by subqueries, and other types are escaped twice on the way. */
export type Parameters = Readonly<Record<string, string | number>>;

export type Clickhouse = {
  /** Reads rows. The statement must have a LIMIT; time, memory and result are bounded, and nothing can be written. */
  rows<Row>(sql: string, parameters: Parameters): Promise<Row[]>;
  /**
   * The same for a statement that somebody else wrote the sense of: names, types, and rows of values, within tighter bounds.
   * Its last column is a 1, which is left out again: the embedded engine repeats names and types between parts of an answer.
   */
  table(sql: string, parameters: Parameters, asked: TableQuestion): Promise<Table>;
  /** A statement without rows, for migrations. */
  command(sql: string): Promise<void>;
  /** A statement that writes, with what is bound to it. To be repeatable by its own words. */
  write(sql: string, parameters: Parameters): Promise<void>;
  /** Inserts NDJSON as it is. The same token for the same bytes changes nothing the second time. */
  insert(table: InsertTable, rows: InsertRows): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
};

/** `signal` gives the question up: ClickHouse stops working on it. Until then it is known there by its id. */
type TableQuestion = { rowsMax: number; id?: string | undefined; signal?: AbortSignal | undefined };

type Table = { names: string[]; types: string[]; rows: unknown[][] };

export type InsertTable =
  | 'spans'
  | 'contents'
  | 'trace_index'
  | 'repriced'
  | 'scores'
  | 'ingest_losses'
  | 'span_parts'
  | 'gateway_calls'
  | 'gateway_claims'
  | 'load_touched'
  | 'schema_migrations';
type InsertRows = { ndjson: Buffer; token: string };

/** ClickHouse dates contents itself. */
const columnsOf: { [table in InsertTable]?: string } = { contents: '(project_id, digest, content)' };

const readSettings: ClickHouseSettings = {
  readonly: '1',
  max_memory_usage: '1500000000',
  max_result_rows: '50000',
  max_result_bytes: '134217728',
  output_format_json_quote_64bit_integers: 1,
  date_time_output_format: 'iso',
  // Versions of a span share its start and so its month: partitions need not be merged with each other.
  do_not_merge_across_partitions_select_final: 1,
};

/** What one question of a person or an agent may take; everything else goes on beside it. */
const tableSettings: ClickHouseSettings = {
  ...readSettings,
  max_execution_time: 5,
  max_memory_usage: '600000000',
  max_threads: 1,
  // Time and cancellation are looked at between blocks: one must not hold a minute's work.
  max_block_size: '8192',
  // A server stops when whoever asked has left; the embedded engine always does.
  cancel_http_readonly_queries_on_client_close: 1,
};

const insertSettings: ClickHouseSettings = {
  max_execution_time: 60,
  max_memory_usage: '1500000000',
  date_time_input_format: 'best_effort',
  input_format_skip_unknown_fields: 1,
  insert_deduplicate: 1,
  // Merges make them anyway; until then few rows are read without.
  materialize_skip_indexes_on_insert: 0,
  // Questions merge the versions of a row anyway, so loads do not merge their own.
  optimize_on_insert: 0,
  // Threads that share the parsing cost more processor time than they save: a load is in nobody's way.
  input_format_parallel_parsing: 0,
};

const writeSettings: ClickHouseSettings = {
  max_execution_time: 60,
  max_memory_usage: '1500000000',
  do_not_merge_across_partitions_select_final: 1,
};

const commandSettings: ClickHouseSettings = { max_execution_time: 600 };

/** Opens a client. Nothing is sent until the first query, so ClickHouse may be down. */
export function openClickhouse(options: ClickhouseOptions): Clickhouse {
  const maxSockets = options.connectionsMax ?? 10;
  const agent = createAgent(options, maxSockets);
  const queryTimeoutMs = options.queryTimeoutMs ?? 20_000;
  const client = createClient({
    url: options.url,
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.database === undefined ? {} : { database: options.database }),
    ...(agent === undefined ? {} : { http_agent: agent }),
    max_open_connections: maxSockets,
    application: 'tokenrouter',
    request_timeout: 70_000,
    // Errors reach the caller; the client's own log would repeat statements on the console.
    log: { level: ClickHouseLogLevel.OFF },
  });
  return {
    rows: async <Row>(sql: string, parameters: Parameters) => {
      try {
        const answer = await client.query({
          query: sql,
          format: 'JSONEachRow',
          query_params: parameters,
          clickhouse_settings: { ...readSettings, max_execution_time: Math.ceil(queryTimeoutMs / 1000) },
        });
        return await answer.json<Row>();
      } catch (error) {
        throw toStoreError(error);
      }
    },
    table: async (sql, parameters, { rowsMax, id, signal }) => {
      try {
        const answer = await client.query({
          query: sql,
          format: 'JSONCompactEachRowWithNamesAndTypes',
          query_params: parameters,
          clickhouse_settings: { ...tableSettings, limit: String(rowsMax) },
          ...(id !== undefined && { query_id: id }),
          ...(signal !== undefined && { abort_signal: signal }),
        });
        const [names = [], types = [], ...rest] = await readTable(answer);
        const rows = rest.filter((row) => row.at(-1) === 1).map((row) => row.slice(0, -1));
        return { names: names.slice(0, -1).map(String), types: types.slice(0, -1).map(String), rows };
      } catch (error) {
        throw toStoreError(error);
      }
    },
    command: async (sql) => {
      await client.command({ query: sql, clickhouse_settings: commandSettings }).catch((error: unknown) => {
        throw toStoreError(error);
      });
    },
    write: (sql, parameters) => write(client, sql, parameters),
    insert: (table, rows) => insert(client, table, rows),
    ping: async () => (await client.ping({ select: true })).success,
    close: async () => {
      await client.close();
      agent?.destroy();
    },
  };
}

/** What an answer to somebody's own question may have; the embedded engine does not look at that itself. */
const tableBytesMax = 33_554_432;

async function readTable(answer: ResultSet<'JSONCompactEachRowWithNamesAndTypes'>): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  let bytes = 0;
  for await (const piece of answer.stream<unknown[]>()) {
    for (const row of piece) {
      bytes += row.text.length;
      if (bytes > tableBytesMax) {
        answer.close();
        throw new StoreError(
          'store_limit',
          'The answer is larger than it may be: ask for fewer rows or columns.',
        );
      }
      rows.push(row.json());
    }
  }
  return rows;
}

/** Certificates are verified, whatever a variable of the environment says of the whole process. */
function createAgent({ url, socketPath, ca }: ClickhouseOptions, maxSockets: number): http.Agent | undefined {
  if (socketPath !== undefined) {
    return new http.Agent({ keepAlive: true, maxSockets, socketPath } as http.AgentOptions);
  }
  if (!url.startsWith('https:')) return undefined;
  return new https.Agent({ keepAlive: true, maxSockets, rejectUnauthorized: true, ...(ca && { ca }) });
}

async function write(
  client: ReturnType<typeof createClient>,
  sql: string,
  parameters: Parameters,
): Promise<void> {
  const about = { query: sql, query_params: parameters, clickhouse_settings: writeSettings };
  await client.command(about).catch((error: unknown) => {
    throw toStoreError(error);
  });
}

async function insert(
  client: ReturnType<typeof createClient>,
  table: InsertTable,
  rows: InsertRows,
): Promise<void> {
  try {
    // The client's `insert` wants rows as objects for this format; `exec` sends bytes as they are.
    const { stream } = await client.exec({
      query: `INSERT INTO ${table} ${columnsOf[table] ?? ''} FORMAT JSONEachRow`,
      values: Readable.from([rows.ndjson], { objectMode: false }),
      clickhouse_settings: { ...insertSettings, insert_deduplication_token: rows.token },
    });
    for await (const _ of stream) {
      // The answer is empty, and its end is the confirmation.
    }
  } catch (error) {
    throw toStoreError(error);
  }
}
