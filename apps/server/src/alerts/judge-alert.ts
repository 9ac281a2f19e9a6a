import type { AlertSubject, StoredAlert } from '@app/store';

/** How one subject of a rule stands at this moment. */
export type Finding = {
  /** The id of a key, a user, a model; empty where all is one. */
  subject: string;
  value: number;
  /** How many calls that is about, where it is about calls. */
  calls?: number | undefined;
  isBreach: boolean;
  /** For what happens at one moment: it is held to go on until then. */
  heldUntilMs?: number | undefined;
  /** In words, where they do not follow from the figures. */
  text?: string | undefined;
};

/** What one look at a rule found. */
export type Findings = {
  found: readonly Finding[];
  /** What everything in the rule's scope amounts to; undefined where that says nothing. */
  overall: number | undefined;
  /** False where there were too few calls to say anything. */
  hasData: boolean;
};

/** A change of state of one subject. */
export type Change = {
  subject: string;
  state: 'firing' | 'resolved';
  /** Undefined where there is nothing to measure any more. */
  value: number | undefined;
  calls: number | undefined;
  text: string | undefined;
  /** False where a cool-down keeps it quiet. */
  isTold: boolean;
};

export type Judgement = {
  state: StoredAlert['state'];
  stateSinceMs: number;
  subjects: AlertSubject[];
  changes: Change[];
  /** How many more are in breach than a rule can fire for. */
  more: number;
  /** Whether anything differs but the figures. */
  isChanged: boolean;
};

/** A rule fires for so many at once; the others are counted. */
export const SUBJECTS_MAX = 1_000;
const MINUTE_MS = 60_000;

export type JudgeInput = {
  rule: Pick<StoredAlert, 'direction' | 'cooldownMinutes' | 'state' | 'stateSinceMs'>;
  before: readonly AlertSubject[];
  findings: Findings;
  nowMs: number;
};

/**
 * What a rule does about what was found. Nothing is told twice: a subject that begins to fire is told at once, unless a
 * message said so less than a cool-down ago; then it is told when that has passed, if it still fires. That it is over is
 * told when its beginning was.
 */
export function judgeAlert({ rule, before, findings, nowMs }: JudgeInput): Judgement {
  const cooldownMs = rule.cooldownMinutes * MINUTE_MS;
  const known = new Map(before.map((each) => [each.subject, each]));
  const breaching = findings.found.filter(({ isBreach }) => isBreach).sort(worstFirst(rule.direction));
  const kept = breaching.slice(0, SUBJECTS_MAX);
  const subjects: AlertSubject[] = [];
  const changes: Change[] = [];
  for (const finding of kept) {
    const step = fire(known.get(finding.subject), finding, { cooldownMs, nowMs });
    subjects.push(step.subject);
    if (step.change !== undefined) changes.push(step.change);
  }
  const breached = new Set(kept.map(({ subject }) => subject));
  const found = new Map(findings.found.map((each) => [each.subject, each]));
  for (const subject of before) {
    if (breached.has(subject.subject)) continue;
    const rest = calm(subject, found.get(subject.subject), { cooldownMs, nowMs });
    if (rest.subject !== undefined) subjects.push(rest.subject);
    if (rest.change !== undefined) changes.push(rest.change);
  }
  const isFiring = subjects.some((each) => each.isFiring);
  const state = isFiring ? 'firing' : findings.hasData ? 'ok' : 'no_data';
  const isSame = state === rule.state;
  return {
    state,
    stateSinceMs: isSame ? rule.stateSinceMs : nowMs,
    subjects,
    changes,
    more: breaching.length - kept.length,
    isChanged: !isSame || changes.length > 0 || differ(before, subjects),
  };
}

type Times = { cooldownMs: number; nowMs: number };
type Step = { subject: AlertSubject; change?: Change };

function fire(before: AlertSubject | undefined, finding: Finding, { cooldownMs, nowMs }: Times): Step {
  const { subject, value, calls, text } = finding;
  const isQuiet = before?.toldAtMs !== undefined && nowMs - before.toldAtMs < cooldownMs;
  const goesOn = before?.isFiring === true;
  // What happens at one moment is something new each time.
  const isNew = !goesOn || finding.heldUntilMs !== undefined;
  const isToldNow = !isQuiet && (isNew || !before.isTold);
  const row: AlertSubject = {
    subject,
    isFiring: true,
    sinceMs: goesOn ? before.sinceMs : nowMs,
    value,
    toldAtMs: isToldNow ? nowMs : before?.toldAtMs,
    isTold: isToldNow || (!isNew && before.isTold),
    heldUntilMs: finding.heldUntilMs,
    explanation: text ?? '',
  };
  if (!isNew && !isToldNow) return { subject: row };
  return { subject: row, change: { subject, state: 'firing', value, calls, text, isTold: isToldNow } };
}

/** One that is not in breach now: it goes on while it is held, is over when it fired, and is forgotten after its cool-down. */
function calm(
  before: AlertSubject,
  finding: Finding | undefined,
  { cooldownMs, nowMs }: Times,
): Partial<Step> {
  const isQuiet = before.toldAtMs !== undefined && nowMs - before.toldAtMs < cooldownMs;
  if (!before.isFiring) return isQuiet ? { subject: before } : {};
  if (before.heldUntilMs !== undefined) return hold(before, isQuiet, nowMs);
  const change: Change = {
    subject: before.subject,
    state: 'resolved',
    value: finding?.value,
    calls: finding?.calls,
    text: finding?.text,
    isTold: before.isTold,
  };
  if (!isQuiet) return { change };
  const rest = { ...before, isFiring: false, isTold: false, sinceMs: nowMs, value: finding?.value ?? 0 };
  return { subject: rest, change };
}

/** What happened at one moment is never told to be over; what a cool-down kept quiet is told after it. */
function hold(before: AlertSubject, isQuiet: boolean, nowMs: number): Partial<Step> {
  if (!before.isTold && !isQuiet) {
    const { subject, value, explanation: text } = before;
    const change: Change = { subject, state: 'firing', value, calls: undefined, text, isTold: true };
    return { subject: { ...before, isTold: true, toldAtMs: nowMs }, change };
  }
  if (nowMs < (before.heldUntilMs ?? 0)) return { subject: before };
  if (!isQuiet) return {};
  return { subject: { ...before, isFiring: false, isTold: false, sinceMs: nowMs, heldUntilMs: undefined } };
}

function worstFirst(direction: 'above' | 'below') {
  const sign = direction === 'above' ? 1 : -1;
  return (a: Finding, b: Finding) => sign * (b.value - a.value) || (a.subject < b.subject ? -1 : 1);
}

/** Figures of what goes on firing change with every look and are written down too. */
function differ(before: readonly AlertSubject[], after: readonly AlertSubject[]): boolean {
  if (before.length !== after.length) return true;
  const known = new Map(before.map((each) => [each.subject, each]));
  return after.some((each) => {
    const old = known.get(each.subject);
    return (
      old === undefined ||
      old.isFiring !== each.isFiring ||
      old.isTold !== each.isTold ||
      old.value !== each.value ||
      old.heldUntilMs !== each.heldUntilMs
    );
  });
}
