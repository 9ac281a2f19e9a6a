import { GatewayError } from '@app/protocol';

/** Whose limits: one project's, or those over a whole organization. */
export type LimitPlace = { organizationId: string; projectId: string | undefined };

export function placeOf(project: { id: string; organizationId: string }): LimitPlace {
  return { organizationId: project.organizationId, projectId: project.id };
}

/** Over a whole organization. */
export function wholeOf(organization: { id: string }): LimitPlace {
  return { organizationId: organization.id, projectId: undefined };
}

/** Who makes, changes or ends limits. Absent for the operator, on the machine itself. */
export type LimitActor = { id: string; mode: 'live' | 'test' };

/** What a test key does stays in test mode: one that leaked cannot lift the limits of production. */
export function refuseTestMode(actor: LimitActor | undefined): void {
  if (actor?.mode !== 'test') return;
  throw new GatewayError(
    'insufficient_permissions',
    'A test key cannot write limits or budgets, because they hold for live calls. Use a live key.',
    { retryable: false },
  );
}

/** What came from the configuration file changes there. */
export function refuseFileSource(found: { source: 'api' | 'file'; id: string }): void {
  if (found.source !== 'file') return;
  throw new GatewayError(
    'conflict',
    `"${found.id}" comes from the configuration file and changes there: edit tokenrouter.yaml and start again.`,
    { retryable: false },
  );
}

export function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_parameter', message, { param, retryable: false });
}
