export { isAllowed, listAllowed, notAllowed } from './admission/allowed.ts';
export { type Counting, factsOf, type LimitDeps, tagsOf } from './admission/counting.ts';
export { createReserve, type Reserve, type Reserved } from './admission/reserve.ts';
export type {
  Asked,
  CallerKeys,
  Decoration,
  KeyModeAsked,
  RouteMode,
  Running,
  Settled,
} from './asked.ts';
export { createJourney, type Journey, type JourneyDeps } from './journey.ts';
export { boundOf, safeClaim, safeFloor, safeUsed, windowOf } from './limits/amounts.ts';
export { type Told, tellRefused, tellShadow, tellSpent } from './limits/budget-news.ts';
export { createFindPeriod, type FindPeriod, type PeriodBounds } from './limits/calendar-period.ts';
export type * from './limits/limit.ts';
export type * from './limits/limit-journal.ts';
export {
  createMemoryLimits,
  type MemoryLimits,
  type MemoryLimitsDeps,
} from './limits/memory/create-memory-limits.ts';
export type { Outcome } from './outcome.ts';
export type * from './ports.ts';
export {
  createKeyPool,
  createKeyTier,
  createPooledKey,
  type KeyHealth,
  type KeyTier,
  type PooledKey,
  type PoolKey,
} from './provider-keys/create-key-pool.ts';
export { openTargetQueue, type TargetQueue, withFirstKey } from './provider-keys/open-target-queue.ts';
export {
  openSessionSpending,
  type SessionSpending,
  type SessionSpendingInput,
} from './realtime/open-session-spending.ts';
export { openRealtimeMeter, type RealtimeMeter, type RealtimeMeterInput } from './realtime/realtime-meter.ts';
export { sumCosts } from './record/call-cost.ts';
export { tightestCapture } from './record/capture-of.ts';
export { defaultSettings, type JourneySettings } from './settings.ts';
export { type Admission, type Admit, createAdmit } from './steps/admit.ts';
export {
  type Authenticate,
  type AuthenticateDeps,
  createAuthenticate,
  type Presenting,
} from './steps/authenticate.ts';
export { readMultipart } from './unary/multipart/read-multipart.ts';
export type {
  ObjectKind,
  ObjectRegistry,
  ObjectSearch,
  OwnedObject,
} from './unary/object-registry.ts';
export { createOwnObjects, type OwnObjects } from './unary/own-objects.ts';
export type { UnaryAsked } from './unary/unary-asked.ts';
export { createUnaryJourney, type UnaryJourney, type UnaryJourneyDeps } from './unary/unary-journey.ts';
export type {
  OperationQuestion,
  UnaryInput,
  UnaryOperation,
  UnarySnapshot,
} from './unary/unary-operation.ts';
export { createUnaryOperations, type UnaryOperationDeps } from './unary/unary-operations.ts';
