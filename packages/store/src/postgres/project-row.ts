export type Project = {
  id: string;
  organizationId: string;
  slug: string;
  name: string;
  capture: 'full' | 'redacted' | 'metadata';
};

export type ProjectRow = {
  id: string;
  organization_id: string;
  slug: string;
  name: string;
  capture: Project['capture'];
};

export function readProject(row: ProjectRow): Project {
  return {
    id: row.id,
    organizationId: row.organization_id,
    slug: row.slug,
    name: row.name,
    capture: row.capture,
  };
}

/** A project as it is shown where projects are managed. */
export type ProjectDetails = Project & { createdAtMs: number };

export type ProjectDetailsRow = ProjectRow & { created_at: Date };

export function readProjectDetails(row: ProjectDetailsRow): ProjectDetails {
  return { ...readProject(row), createdAtMs: row.created_at.getTime() };
}
