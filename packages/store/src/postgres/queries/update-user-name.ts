import { userQuery } from '../query.ts';

export const updateUserName = userQuery({
  sql: 'update auth."user" set name = $2, "updatedAt" = $3 where id = $1',
  values: (input: { name: string; nowMs: number }) => [input.name, new Date(input.nowMs)],
  read: () => undefined,
});
