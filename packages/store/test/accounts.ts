import type { Database } from '../src/postgres/open-postgres.ts';

/** The sign-in library's table of accounts, as far as queries of ours read it. */
export async function createAccountsTable(db: Database): Promise<void> {
  await db.rows(
    `create table if not exists auth."user" (
      id text primary key, name text not null, email text not null unique, "twoFactorEnabled" boolean
    )`,
    [],
  );
}

/** An account `user_<name>` with the address `<name>@example.com`. */
export async function insertAccount(db: Database, name: string, hasTwoFactor = false): Promise<string> {
  await db.rows('insert into auth."user" values ($1, $2, $3, $4)', [
    `user_${name}`,
    name,
    `${name}@example.com`,
    hasTwoFactor,
  ]);
  return `user_${name}`;
}
