/** Which of what alerts and anomalies tell is meant: all of a project, or what names one user of its calls. */
export type ToldFilter = {
  /** Undefined for everything. */
  user: { id: string; mention: string } | undefined;
  fromMs: number | undefined;
  /** Not included. */
  toMs: number | undefined;
};

const path = '/user/';

/** A filter that names a user. `mention` is how sentences name it. */
export type ToldOfUser = ToldFilter & { user: NonNullable<ToldFilter['user']> };

/** What the conditions below bind as `$2` to `$5`, in order. */
export function toldValues({ user, fromMs, toMs }: ToldFilter): unknown[] {
  return [
    user?.id ?? null,
    user?.mention ?? null,
    fromMs === undefined ? null : new Date(fromMs),
    toMs === undefined ? null : new Date(toMs),
  ];
}

/** What messages are searched for, as `$6` and `$7`: a sentence's words and the end of a name, as they stand in JSON. */
export function toldInJson({ user }: ToldOfUser): string[] {
  return [JSON.stringify(user.mention).slice(1, -1), JSON.stringify(`${path}${user.id}`).slice(1)];
}

/** The organization of the project. */
export const ownOrganization = '(select organization_id from projects where id = $1)';

/** The name at the end of what an alert about an anomaly is about. */
const endsInUser = (column: string) => `right(${column}, length('${path}' || $2)) = '${path}' || $2`;

const during = (column: string) =>
  `($4::timestamptz is null or ${column} >= $4) and ($5::timestamptz is null or ${column} < $5)`;

export const toldEvents = `($2::text is null or strpos(explanation, $3) > 0 or ${endsInUser('subject')}) and ${during('at')}`;

export const toldMessages = `organization_id = ${ownOrganization}
  and coalesce(message ->> 'projectId', $1) = $1
  and (strpos(message::text, $6) > 0 or strpos(message::text, $7) > 0) and ${during('created_at')}`;

/** What a rule of the project, or of its whole organization, holds against the user now. */
export const toldSubjects = `a.id = s.alert_id and a.organization_id = ${ownOrganization}
  and coalesce(a.project_id, $1) = $1
  and (a.scope_user = $2 or (a.per = 'user' and s.subject = $2) or ${endsInUser('s.subject')}
    or strpos(s.explanation, $3) > 0)
  and ($5::timestamptz is null or s.since < $5)`;

export const isAnomalyOfUser = `(kind = 'user' and subject = $2)`;

export const toldAnomalies = `($2::text is null or ${isAnomalyOfUser} or strpos(explanation, $3) > 0
    or contributors @> jsonb_build_array(jsonb_build_object('kind', 'user', 'id', $2::text)))
  and ($4::timestamptz is null or to_at >= $4) and ($5::timestamptz is null or from_at < $5)`;
