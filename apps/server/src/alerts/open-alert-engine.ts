import type { Schedule } from '@app/gateway';
import type { RelationalStore, StoredAlert } from '@app/store';
import { singleFlight } from '../snapshot/single-flight.ts';
import { callMetrics } from './alert-metrics.ts';
import type { createComposeOutcome, Seen } from './create-compose-outcome.ts';
import { type Findings, judgeAlert } from './judge-alert.ts';
import type { createMeasureRules } from './measure-rules.ts';
import type { createWatchEvents, Heard } from './watch-events.ts';

export type AlertEngineDeps = {
  alerts: Pick<
    RelationalStore['alerts'],
    'alone' | 'listEnabledAlerts' | 'listAlertSubjects' | 'touchAlerts' | 'saveOutcome'
  >;
  measure: ReturnType<typeof createMeasureRules>;
  watch: ReturnType<typeof createWatchEvents>;
  compose: ReturnType<typeof createComposeOutcome>;
  /** What comes before rules are looked at: whatever is unusual is found. */
  findAnomalies: (nowMs: number) => Promise<void>;
  /** Called when a message waits for delivery. */
  onMessage: () => void;
  /** How far the trace store is behind, in milliseconds. */
  lagMs: () => number;
  nowMs: () => number;
  monotonicMs: () => number;
  schedule: Schedule;
  onWarning: (message: string, error: unknown) => void;
};

export type AlertEngine = {
  /** Looks at everything that is due now, unless another server does. */
  run(): Promise<void>;
  close(): Promise<void>;
};

const EVERY_MS = 60_000;
/** A look at all rules ends after this long; those left over come first in the next. */
const BUDGET_MS = 45_000;
const RULES_BATCH = 2_000;
/** Calls reach the trace store within seconds; windows end before that, so that none is missed. */
const SETTLED_MS = 15_000;
const LAG_MS_MAX = 3_600_000;

/** Looks at all rules once a minute, on one server at a time. After a pause that is one look, not one per minute missed. */
export function openAlertEngine(deps: AlertEngineDeps): AlertEngine {
  let cancel = (): void => undefined;
  let isClosed = false;
  const once = singleFlight(async () => {
    try {
      await deps.alerts.alone(() => look(deps));
    } catch (error) {
      deps.onWarning('Alerts could not be looked at; it is tried again in a minute.', error);
    }
  });
  const plan = (): void => {
    if (isClosed) return;
    // On the minute, so that all servers ask for the lock at about the same time and one of them has it.
    cancel = deps.schedule(EVERY_MS - (deps.nowMs() % EVERY_MS), () => void once(false).finally(plan));
  };
  plan();
  return {
    run: () => once(false),
    close: async () => {
      isClosed = true;
      cancel();
      // A look under way is waited for: what it found out is kept whole or not at all.
      await once(false);
    },
  };
}

async function look(deps: AlertEngineDeps): Promise<void> {
  const nowMs = deps.nowMs();
  const untilMs = deps.monotonicMs() + BUDGET_MS;
  const hasTime = () => deps.monotonicMs() < untilMs;
  const lagMs = Math.min(Math.max(0, deps.lagMs()), LAG_MS_MAX);
  const toMs = Math.floor((nowMs - SETTLED_MS - lagMs) / 1_000) * 1_000;
  await deps.findAnomalies(toMs).catch((error: unknown) => {
    deps.onWarning('What is unusual could not be found out; it is tried again in a minute.', error);
  });
  for (let after = ''; ; ) {
    const rules = await deps.alerts.listEnabledAlerts({ after, limit: RULES_BATCH });
    const due = rules.filter((rule) => isDue(rule, nowMs));
    await lookAt(deps, due, { nowMs, toMs, hasTime });
    after = rules.at(-1)?.id ?? '';
    if (rules.length < RULES_BATCH || !hasTime()) return;
  }
}

type Times = { nowMs: number; toMs: number; hasTime: () => boolean };

const MINUTE_MS = 60_000;

/** What is measured over hours or weeks changes slowly and costs more: it is looked at every 5 or 15 minutes. */
function isDue({ metric, windowMinutes, checkedAtMs }: StoredAlert, nowMs: number): boolean {
  if (checkedAtMs === undefined || callMetrics[metric] === undefined) return true;
  const everyMinutes = windowMinutes <= 360 ? 1 : windowMinutes <= 1_440 ? 5 : 15;
  // A clock that was set back must not stop a rule.
  return nowMs < checkedAtMs || nowMs - checkedAtMs >= everyMinutes * MINUTE_MS - MINUTE_MS / 2;
}

async function lookAt(deps: AlertEngineDeps, due: readonly StoredAlert[], times: Times): Promise<void> {
  if (due.length === 0) return;
  const measured = await deps.measure(due, times);
  const subjects = await deps.alerts.listAlertSubjects({ alertIds: due.map(({ id }) => id) });
  const quiet: Parameters<typeof deps.alerts.touchAlerts>[0]['touches'][number][] = [];
  for (const rule of due) {
    const heard = await hear(deps, rule, { measured: measured.get(rule.id), nowMs: times.nowMs });
    if (heard === undefined) continue;
    const before = subjects.get(rule.id) ?? [];
    const judgement = judgeAlert({ rule, before, findings: heard.findings, nowMs: times.nowMs });
    if (judgement.isChanged)
      await keep(deps, rule, {
        ends: endsOf(rule, heard),
        overall: heard.findings.overall,
        judgement,
        nowMs: times.nowMs,
      });
    else
      quiet.push({
        ...endsOf(rule, heard),
        id: rule.id,
        revision: rule.revision,
        value: heard.findings.overall,
      });
  }
  if (quiet.length > 0) await deps.alerts.touchAlerts({ checkedAtMs: times.nowMs, touches: quiet });
}

async function hear(
  deps: AlertEngineDeps,
  rule: StoredAlert,
  { measured, nowMs }: { measured: Findings | undefined; nowMs: number },
): Promise<Heard | undefined> {
  if (measured !== undefined) return { findings: measured };
  if (callMetrics[rule.metric] !== undefined) return undefined;
  try {
    return await deps.watch(rule, nowMs);
  } catch (error) {
    deps.onWarning('A rule of alerts could not read what happened; it is looked at again.', error);
    return undefined;
  }
}

function endsOf(rule: StoredAlert, heard: Heard) {
  return {
    cursor: heard.cursor ?? rule.cursor,
    installationCursor: heard.installationCursor ?? rule.installationCursor,
  };
}

/** Writes down what changed and, with it or not at all, what is to be told of it. What cannot be kept is found again. */
async function keep(deps: AlertEngineDeps, rule: StoredAlert, seen: Seen): Promise<void> {
  try {
    const outcome = await deps.compose(rule, seen);
    if ((await deps.alerts.saveOutcome(outcome)) && outcome.messages.length > 0) deps.onMessage();
  } catch (error) {
    deps.onWarning('What a rule of alerts found cannot be kept now; it is looked at again.', error);
  }
}
