export type Organization = {
  id: string;
  slug: string;
  name: string;
  /** IANA name. */
  zone: string;
  createdAtMs: number;
};

export type OrganizationRow = { id: string; slug: string; name: string; zone: string; created_at: Date };

export function readOrganization({ id, slug, name, zone, created_at }: OrganizationRow): Organization {
  return { id, slug, name, zone, createdAtMs: created_at.getTime() };
}
