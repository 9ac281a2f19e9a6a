import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { toStoreError } from './to-store-error.ts';

/** Where PostgreSQL is: a connection string, or a host (a folder, for a unix socket) with what belongs to it. */
export type PostgresOptions = {
  connectionString?: string | undefined;
  host?: string | undefined;
  port?: number | undefined;
  user?: string | undefined;
  password?: string | undefined;
  database?: string | undefined;
  ssl?: pg.ConnectionConfig['ssl'] | undefined;
  /** Most connections of the pool. One more listens, and two more are open while migrating. */
  connectionsMax?: number | undefined;
};

/** What a query needs: a pool, or one connection inside a transaction. */
export type Database = {
  /** Runs one statement with bound parameters. Rejects with `StoreError` where the cause is a known one. */
  rows<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<Row[]>;
};

/** What may differ from the pool's connections. */
type ConnectionLimits = {
  /** Where tables are looked up. */
  schema?: string;
  statementTimeoutMs?: number;
  connectionsMax?: number;
};

export type Postgres = Database & {
  /** A connection outside every pool, not yet connected; the caller ends it. */
  createClient(limits?: ConnectionLimits): pg.Client;
  /** Another pool. The caller may end it; if not, it is closed with this one. */
  openPool(limits: ConnectionLimits): pg.Pool;
  transaction<T>(run: (db: Database) => Promise<T>): Promise<T>;
  /** True when PostgreSQL answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
};

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 30_000;

/** So long a connection may take to end. */
const GOODBYE_MS = 1_000;

/**
 * Opens a pool. `onError` hears of idle connections that died, which happens whenever PostgreSQL restarts and
 * is no reason to stop: the next query opens another.
 */
export function openPostgres(options: PostgresOptions, onError: (error: Error) => void): Postgres {
  const place = placeOf(options);
  const pools = new Set<pg.Pool>();
  const connected = new Set<pg.PoolClient>();
  const openPool = (limits: ConnectionLimits) => {
    const max = limits.connectionsMax ?? options.connectionsMax ?? 10;
    const opened = new pg.Pool({ ...place, ...configOf(limits), max, idleTimeoutMillis: 30_000 });
    opened.on('error', onError);
    // The pool hears of idle connections only; one that dies while it is lent, between two statements, would end the process.
    opened.on('connect', (client) => {
      client.on('error', () => undefined);
      connected.add(client);
      client.once('end', () => connected.delete(client));
    });
    pools.add(opened);
    return opened;
  };
  const pool = openPool({});
  const rows = rowsOf(pool);
  return {
    rows,
    createClient: (limits = {}) => new pg.Client({ ...place, ...configOf(limits) }),
    openPool,
    transaction: (run) => transaction(pool, run),
    ping: () =>
      rows('select 1', []).then(
        () => true,
        () => false,
      ),
    close: async () => {
      // A pool is over before its connections are: whoever stops PostgreSQL next would cut them off.
      const gone = [...connected].map((client) => new Promise((resolve) => client.once('end', resolve)));
      await Promise.all([...pools].map((each) => (each.ending ? undefined : each.end())));
      await Promise.race([Promise.all(gone), delay(GOODBYE_MS, undefined, { ref: false })]);
    },
  };
}

function placeOf(options: PostgresOptions): pg.ClientConfig {
  const place: pg.ClientConfig = {};
  if (options.connectionString !== undefined) place.connectionString = options.connectionString;
  if (options.host !== undefined) place.host = options.host;
  if (options.port !== undefined) place.port = options.port;
  if (options.user !== undefined) place.user = options.user;
  if (options.password !== undefined) place.password = options.password;
  if (options.database !== undefined) place.database = options.database;
  if (options.ssl !== undefined) place.ssl = options.ssl;
  // A variable of the environment may ask for TLS, which a unix socket does not speak.
  else if (options.host?.startsWith('/')) place.ssl = false;
  return place;
}

function configOf(limits: ConnectionLimits): pg.ClientConfig {
  const timeoutMs = limits.statementTimeoutMs ?? statementTimeoutMs;
  return {
    ...(limits.schema === undefined ? {} : { options: `-c search_path=${schemaName(limits.schema)}` }),
    application_name: 'tokenrouter',
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    // A server that vanished without closing its sockets never ends a statement by itself.
    query_timeout: timeoutMs + connectTimeoutMs,
  };
}

function schemaName(schema: string): string {
  if (!/^[a-z_]{1,63}$/.test(schema)) throw new Error(`"${schema}" is not the name of a schema.`);
  return schema;
}

function rowsOf(client: pg.Pool | pg.PoolClient): Database['rows'] {
  return async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) => {
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } catch (error) {
      throw toStoreError(error);
    }
  };
}

async function transaction<T>(pool: pg.Pool, run: (db: Database) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  const rows = rowsOf(client);
  let broken = false;
  try {
    await rows('begin', []);
    const result = await run({ rows });
    await rows('commit', []);
    return result;
  } catch (error) {
    await rows('rollback', []).catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    // A connection that could not roll back is closed instead of going back to the pool.
    client.release(broken);
  }
}
