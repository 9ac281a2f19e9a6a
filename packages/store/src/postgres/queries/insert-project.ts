import { organizationQuery } from '../query.ts';

export type InsertProject = {
  id: string;
  slug: string;
  name: string;
  capture: 'full' | 'redacted' | 'metadata';
  createdAtMs: number;
};

/** False when the organization has a project of this slug, or the id is taken. */
export const insertProject = organizationQuery({
  sql: `insert into projects (organization_id, id, slug, name, capture, created_at) values ($1, $2, $3, $4, $5, $6)
    on conflict do nothing returning id`,
  values: (project: InsertProject) => [
    project.id,
    project.slug,
    project.name,
    project.capture,
    new Date(project.createdAtMs),
  ],
  read: (rows) => rows.length === 1,
});
