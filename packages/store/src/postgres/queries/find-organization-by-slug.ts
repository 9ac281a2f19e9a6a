import { installationQuery } from '../query.ts';

export type Organization = { id: string; slug: string; name: string };

export const findOrganizationBySlug = installationQuery({
  sql: 'select id, slug, name from organizations where slug = $1',
  values: (input: { slug: string }) => [input.slug],
  read: ([row]: Organization[]): Organization | undefined => row,
});
