import type { AuditAction, AuditTarget } from '@app/contract';
import type { RelationalStore } from '@app/store';
import type { Audit } from '../audit/audit.ts';

/** Where a request came from. */
export type Whence = {
  ip?: string | undefined;
  userAgent?: string | undefined;
  requestId?: string | undefined;
};

type TrailPerson = {
  id: string;
  email: string;
  sessionId?: string | undefined;
};

type TrailEvent = {
  action: AuditAction;
  outcome?: 'done' | 'refused' | 'failed';
  reason?: string;
  target?: AuditTarget;
  after?: unknown;
};

export type SignInTrail = {
  /** Writes down what somebody did, for each organization they belong to, or for the installation. */
  record(person: TrailPerson, event: TrailEvent, whence: Whence): Promise<void>;
  /** Writes down what nobody known did, or tried to. `typed` is what stood where an address belongs. */
  recordStranger(event: TrailEvent & { typed?: string | undefined }, whence: Whence): Promise<void>;
};

export type SignInTrailDeps = {
  audit: Pick<Audit, 'record'>;
  tenants: Pick<RelationalStore['tenants'], 'listOrganizationsOfUser' | 'findUserByEmail'>;
  digest: (text: string) => string;
};

/** Somebody in more organizations than this is written down in the first of them. */
const ORGANIZATIONS_MAX = 20;

/** Signing in happens before it is known for which organization: it is written down for every one that it lets somebody into. */
export function createSignInTrail({ audit, tenants, digest }: SignInTrailDeps): SignInTrail {
  const record: SignInTrail['record'] = async (person, event, whence) => {
    const organizations = (await tenants.listOrganizationsOfUser(person.id)).slice(0, ORGANIZATIONS_MAX);
    const chains = organizations.length === 0 ? [undefined] : organizations;
    for (const organization of chains) {
      await audit.record({
        ...event,
        ...whence,
        organizationId: organization?.id,
        actor: {
          kind: 'person',
          id: person.id,
          label: person.email,
          role: organization?.role,
          sessionId: person.sessionId,
        },
      });
    }
  };
  return {
    record,
    recordStranger: async ({ typed, ...event }, whence) => {
      const email = typed?.trim().toLowerCase();
      const known = email === undefined ? undefined : await tenants.findUserByEmail({ email });
      if (known !== undefined && email !== undefined) return record({ id: known.id, email }, event, whence);
      // People type passwords into that field: what nobody is called is kept as a digest.
      const after = email === undefined ? event.after : { typed: digest(`typed:${email}`).slice(0, 16) };
      await audit.record({ ...event, ...whence, after, actor: { kind: 'anyone' } });
    },
  };
}
