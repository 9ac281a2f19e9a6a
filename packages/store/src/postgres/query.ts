import type { Database } from './open-postgres.ts';

type Row = Record<string, unknown>;

/** One statement: its text, what is bound to it, and how its rows become the answer. */
type Statement<Input, R extends Row, Output> = {
  sql: string;
  /** What is bound after the scope's id: from `$2` on, or from `$1` on where there is no scope. */
  values: (input: Input) => readonly unknown[];
  read: (rows: R[], input: Input) => Output;
};

/** A query that needs nothing but its scope is called without a second argument. */
type Given<Input> = unknown extends Input ? [] : [input: Input];

type Scope = 'project' | 'organization' | 'user';

/** A query bound to nothing yet: `insertKey(db)(projectId, key)`. Its text and scope can be looked at. */
export type ScopedQuery<Input, Output> = {
  (db: Database): (scopeId: string, ...given: Given<Input>) => Promise<Output>;
  readonly scope: Scope;
  readonly sql: string;
};

export type InstallationQuery<Input, Output> = {
  (db: Database): (...given: Given<Input>) => Promise<Output>;
  readonly scope: 'installation';
  readonly sql: string;
};

/** A query inside one project: `$1` is the project's id, always. */
export function projectQuery<Input, R extends Row, Output>(statement: Statement<Input, R, Output>) {
  return scopedQuery('project', statement);
}

/** A query inside one organization: `$1` is the organization's id, always. */
export function organizationQuery<Input, R extends Row, Output>(statement: Statement<Input, R, Output>) {
  return scopedQuery('organization', statement);
}

/** A query about what one user may see: `$1` is the user's id, always. */
export function userQuery<Input, R extends Row, Output>(statement: Statement<Input, R, Output>) {
  return scopedQuery('user', statement);
}

/** A query over the whole installation, for the server itself; never with ids that a caller chose. */
export function installationQuery<Input, R extends Row, Output>(
  statement: Statement<Input, R, Output>,
): InstallationQuery<Input, Output> {
  const bind =
    (db: Database) =>
    async (...given: Given<Input>) => {
      const input = given[0] as Input;
      return statement.read(await db.rows<R>(statement.sql, statement.values(input)), input);
    };
  return Object.assign(bind, { scope: 'installation' as const, sql: statement.sql });
}

function scopedQuery<Input, R extends Row, Output>(
  scope: Scope,
  statement: Statement<Input, R, Output>,
): ScopedQuery<Input, Output> {
  const bind =
    (db: Database) =>
    async (scopeId: string, ...given: Given<Input>) => {
      const input = given[0] as Input;
      return statement.read(await db.rows<R>(statement.sql, [scopeId, ...statement.values(input)]), input);
    };
  return Object.assign(bind, { scope, sql: statement.sql });
}
