export type { CallFilter } from './clickhouse/call-filter.ts';
export type { GroupQuestion } from './clickhouse/list-groups.ts';
export type { ClickhouseOptions } from './clickhouse/open-clickhouse.ts';
export type { AnalysisQuestion } from './clickhouse/queries/analyze-calls.ts';
export type { FoundSpan } from './clickhouse/queries/find-span.ts';
export type {
  CallMeasures,
  MeasuredKind,
  MeasureQuestion,
} from './clickhouse/queries/measure-calls.ts';
export type { Analytics, AnalyticsQuestion } from './clickhouse/queries/read-analytics.ts';
export type { HourlyQuestion, HourlyRow } from './clickhouse/queries/read-hours.ts';
export type { KeyUsageQuestion } from './clickhouse/queries/read-key-usage.ts';
export type { OverviewQuestion } from './clickhouse/queries/read-overview.ts';
export { writeMoney } from './clickhouse/write-money.ts';
export { dumpSchemas } from './dump-schemas.ts';
export { StoreError, type StoreErrorCode } from './error.ts';
export type { ExportedCall } from './exported-call.ts';
export type { Log } from './log.ts';
export { openRelationalStore, type RelationalStore } from './open-relational-store.ts';
export { openStore, type Store, type StoreOptions, type TraceStore } from './open-store.ts';
export type {
  AlertDelivery,
  AlertSubject,
  DueAlertMessage,
  StoredAlertEvent,
} from './postgres/alert-event-row.ts';
export type { AlertRule, AlertStanding, StoredAlert } from './postgres/alert-row.ts';
export type { AlertOutcome } from './postgres/alert-tables.ts';
export type { AnomalyKind, AnomalyMetric, StoredAnomaly } from './postgres/anomaly-row.ts';
export type { StoredAuditChain } from './postgres/audit-chain-row.ts';
export type { StoredAuditEvent } from './postgres/audit-event-row.ts';
export type { AuditFilter } from './postgres/audit-filter.ts';
export type { UnlinkedAuditEvent } from './postgres/audit-tables.ts';
export type { StoredNotice } from './postgres/budget-notice-row.ts';
export type { StoredCredential } from './postgres/credential-row.ts';
export type { DeletionCounts, StoredDeletion } from './postgres/deletion-row.ts';
export type { StoredDestination } from './postgres/destination-row.ts';
export type { StoredInvitation } from './postgres/invitation-row.ts';
export type { KeyChange } from './postgres/key-change.ts';
export type { ChangedLimit } from './postgres/limit-change.ts';
export type { StoredBudget, StoredLimit } from './postgres/limit-row.ts';
export type { LimitDelta, LimitUsage } from './postgres/limit-usage-row.ts';
export type { StoredMember } from './postgres/member-row.ts';
export type { LockedMembers } from './postgres/member-tables.ts';
export type { AccessPolicy, OrganizationOfUser, ProjectOfUser } from './postgres/of-user-row.ts';
export { type ChangeListener, serverSeenWithinMs } from './postgres/open-change-feeds.ts';
export type { PostgresOptions } from './postgres/open-postgres.ts';
export type { Organization } from './postgres/organization-row.ts';
export type { OwnedFilter } from './postgres/owned-rows.ts';
export type { StoredPasskey } from './postgres/passkey-row.ts';
export type { StoredProjectMember } from './postgres/project-member-row.ts';
export type { Project, ProjectDetails } from './postgres/project-row.ts';
export type { LimitSegment } from './postgres/queries/apply-limit-segment.ts';
export type { MemberReminder } from './postgres/queries/claim-member-reminders.ts';
export type { FoundAccount } from './postgres/queries/find-account.ts';
export type { InsertAlertMessage } from './postgres/queries/insert-alert-message.ts';
export type { InsertNotice } from './postgres/queries/insert-budget-notices.ts';
export type { InsertDeletion } from './postgres/queries/insert-deletion.ts';
export type { InsertKey } from './postgres/queries/insert-key.ts';
export type { InsertLimit } from './postgres/queries/insert-limit.ts';
export type { InsertRepricing } from './postgres/queries/insert-repricing.ts';
export type { AddressNews } from './postgres/queries/list-address-news.ts';

export type { CredentialChange } from './postgres/queries/list-credential-changes.ts';
export type { Erasure } from './postgres/queries/list-erasures.ts';
export type { ProjectPlace } from './postgres/queries/list-project-places.ts';
export type { ChainLink } from './postgres/queries/list-response-chain.ts';
export type { UserSession } from './postgres/queries/list-user-sessions.ts';
export type { ListedUser } from './postgres/queries/list-users.ts';
export type { KeyAddress } from './postgres/queries/note-key-addresses.ts';
export type { KeyUse } from './postgres/queries/touch-keys-used.ts';
export type { UpdateKey } from './postgres/queries/update-key.ts';
export type { UpdateLimit } from './postgres/queries/update-limit.ts';
export type { RemappingProgress, StoredRemapping } from './postgres/remapping-row.ts';
export type { RepricedModel, RepricingProgress, StoredRepricing } from './postgres/repricing-row.ts';
export type { SignInDomain, StoredSignInPolicy } from './postgres/sign-in-policy-row.ts';
export type {
  CallOwner,
  ResponseStatus,
  SealedResponse,
  StoredMode,
  StoredResponse,
} from './postgres/stored-response-row.ts';
export { toStoreError } from './postgres/to-store-error.ts';
export type { ToldFilter, ToldOfUser } from './postgres/told-of-user.ts';
export type { BilledCall, BilledSpan, RepricedSpan, RepricingCursor } from './repricing.ts';
export { listPublicTables } from './sql/public-tables.ts';
export { listFunctions } from './sql/sql-functions.ts';
