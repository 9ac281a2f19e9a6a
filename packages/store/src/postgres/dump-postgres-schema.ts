import type { Database } from './open-postgres.ts';

/**
 * The schema as text, the same from PostgreSQL 15 on: tables with their columns, constraints and indexes, then
 * sequences, functions and triggers. For reading what a migration changes, not for restoring.
 */
export async function dumpPostgresSchema(db: Database): Promise<string> {
  const [columns, constraints, indexes, sequences, functions, triggers] = await Promise.all(
    [columnsSql, constraintsSql, indexesSql, sequencesSql, functionsSql, triggersSql].map((sql) =>
      db.rows<Line>(sql, []),
    ),
  );
  const tables = [...new Set((columns ?? []).map((line) => line.owner))];
  const linesOf = (lines: Line[] | undefined, owner: string) =>
    (lines ?? []).filter((line) => line.owner === owner).map((line) => line.text);
  const blocks = [
    ...(sequences ?? []).map((line) => `${line.text};`),
    ...tables.map((table) =>
      [
        `create table ${table} (`,
        [...linesOf(columns, table), ...linesOf(constraints, table)].map((text) => `  ${text}`).join(',\n'),
        ');',
        ...linesOf(indexes, table).map((text) => `${text};`),
      ].join('\n'),
    ),
    ...(functions ?? []).map((line) => `${line.text.trim()};`),
    ...(triggers ?? []).map((line) => `${line.text};`),
  ];
  return `${blocks.join('\n\n')}\n`;
}

type Line = { owner: string; text: string };

const tableFilter = `n.nspname in ('public', 'auth') and c.relname not like 'kysely\\_%'`;

const columnsSql = `select c.oid::regclass::text as owner, concat_ws(' ', quote_ident(a.attname),
    format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    'default ' || pg_get_expr(d.adbin, d.adrelid)) as text
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and ${tableFilter}
  order by c.oid::regclass::text collate "C", a.attnum`;

/** Newer versions also list what a column's `not null` says. */
const constraintsSql = `select c.oid::regclass::text as owner,
    'constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid) as text
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_namespace n on n.oid = c.relnamespace
  where k.contype <> 'n' and ${tableFilter}
  order by c.oid::regclass::text collate "C", k.contype, k.conname collate "C"`;

const indexesSql = `select c.oid::regclass::text as owner, pg_get_indexdef(i.indexrelid) as text
  from pg_index i
  join pg_class c on c.oid = i.indrelid
  join pg_namespace n on n.oid = c.relnamespace
  where ${tableFilter} and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
  order by c.oid::regclass::text collate "C", i.indexrelid::regclass::text collate "C"`;

const sequencesSql = `select c.oid::regclass::text as owner, 'create sequence ' || c.oid::regclass as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'S' and ${tableFilter}
  order by c.oid::regclass::text collate "C"`;

const functionsSql = `select p.oid::regprocedure::text as owner, pg_get_functiondef(p.oid) as text
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'public' order by p.oid::regprocedure::text collate "C"`;

const triggersSql = `select c.oid::regclass::text as owner, pg_get_triggerdef(t.oid) as text
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
  join pg_namespace n on n.oid = c.relnamespace
  where not t.tgisinternal and ${tableFilter}
  order by c.oid::regclass::text collate "C", t.tgname collate "C"`;
