import type { SecurityReport } from '@app/contract';
import type { Store } from '@app/store';
import type { Alerts } from '../../alerts/create-alerts.ts';
import type { Anomalies } from '../../anomalies/create-anomalies.ts';
import type { AuditLog } from '../../audit/create-audit-log.ts';
import type { Credentials } from '../../credentials/create-credentials.ts';
import type { Destinations } from '../../destinations/create-destinations.ts';
import type { Setup } from '../../identity/create-setup.ts';
import type { Keys } from '../../keys/create-keys.ts';
import type { Budgets } from '../../limits/management/create-budgets.ts';
import type { Limits } from '../../limits/management/create-limits.ts';
import type { SignInPolicies } from '../../members/create-sign-in-policies.ts';
import type { Tenancy } from '../../tenancy/create-tenancy.ts';
import { type AccountOperationDeps, accountOperations } from './account/account-operations.ts';
import { alertOperations } from './alerts/alert-operations.ts';
import { anomalyOperations } from './anomalies/anomaly-operations.ts';
import { auditOperations } from './audit/audit-operations.ts';
import { budgetOperations } from './budgets/budget-operations.ts';
import { credentialOperations } from './credentials/credential-operations.ts';
import { destinationOperations } from './destinations/destination-operations.ts';
import { exportTraces, type TraceExportDeps } from './export/export-traces.ts';
import { getIngestStatus, type IngestStatusDeps } from './ingest/get-ingest-status.ts';
import { type InvitationOperationDeps, invitationOperations } from './invitations/invitation-operations.ts';
import { keyOperations } from './keys/key-operations.ts';
import { limitOperations } from './limits/limit-operations.ts';
import { type FollowDeps, followTraces } from './live/follow-traces.ts';
import { type MemberOperationDeps, memberOperations } from './members/member-operations.ts';
import type { Operation } from './operation.ts';
import { organizationOperations } from './organizations/organization-operations.ts';
import { getOverview } from './overview/get-overview.ts';
import { type PriceOperationDeps, priceOperations } from './prices/price-operations.ts';
import { projectOperations } from './projects/project-operations.ts';
import { type RemappingOperationDeps, remappingOperations } from './remappings/remapping-operations.ts';
import { type DataOperationDeps, dataOperations } from './retention/data-operations.ts';
import { type ScoreOperationDeps, scoreOperations } from './scores/score-operations.ts';
import { getSecurityReport } from './security/get-security-report.ts';
import { getSession } from './session/get-session.ts';
import { type SessionOperationDeps, sessionOperations } from './sessions/session-operations.ts';
import { completeSetup } from './setup/complete-setup.ts';
import { getSetup } from './setup/get-setup.ts';
import { signInPolicyOperations } from './sign-in-policy/sign-in-policy-operations.ts';
import { type SqlOperationDeps, sqlOperations } from './sql/sql-operations.ts';
import { type TraceOperationDeps, traceOperations } from './traces/trace-operations.ts';

export type OperationDeps = PriceOperationDeps &
  RemappingOperationDeps &
  MemberOperationDeps &
  InvitationOperationDeps &
  TraceOperationDeps &
  TraceExportDeps &
  SessionOperationDeps &
  ScoreOperationDeps &
  SqlOperationDeps &
  FollowDeps &
  IngestStatusDeps & {
    identity: AccountOperationDeps;
    keys: Keys;
    data: DataOperationDeps;
    credentials: Credentials;
    limits: Limits;
    budgets: Budgets;
    destinations: Destinations;
    /** What the checks say of this deployment. */
    readReport: () => Promise<SecurityReport>;
    alerts: Alerts;
    anomalies: Anomalies;
    auditLog: AuditLog;
    setup: Setup;
    tenants: Pick<Store['tenants'], 'listProjectsOfUser' | 'listOrganizationsOfUser'>;
    tenancy: Tenancy;
    signInPolicies: SignInPolicies;
    traces: Pick<Store['traces'], 'readOverview' | 'readKeyUsage'>;
    nowMs: () => number;
  };

/** Every operation of the management API. */
export function listOperations(deps: OperationDeps): Operation[] {
  return [
    getSetup(deps.setup),
    completeSetup(deps.setup, deps.identity.sessions),
    getSession(deps.tenants),
    ...accountOperations(deps.identity),
    ...organizationOperations(deps),
    ...projectOperations(deps.tenancy),
    ...memberOperations(deps),
    ...invitationOperations(deps),
    ...signInPolicyOperations(deps.signInPolicies),
    ...keyOperations(deps),
    ...credentialOperations(deps.credentials),
    ...limitOperations(deps.limits),
    ...budgetOperations(deps.budgets),
    ...destinationOperations(deps.destinations),
    getSecurityReport(deps.readReport),
    ...alertOperations(deps.alerts),
    ...anomalyOperations(deps.anomalies),
    ...auditOperations(deps.auditLog),
    ...traceOperations(deps),
    exportTraces(deps),
    followTraces(deps),
    ...sqlOperations(deps),
    ...sessionOperations(deps),
    ...scoreOperations(deps),
    getOverview(deps.traces, deps.nowMs),
    getIngestStatus(deps),
    ...priceOperations(deps),
    ...remappingOperations(deps),
    ...dataOperations(deps.data),
  ];
}
