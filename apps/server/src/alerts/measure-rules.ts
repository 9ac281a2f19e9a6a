import type { RelationalStore, Store, StoredAlert } from '@app/store';
import type { Findings } from './judge-alert.ts';
import { type PlannedQuestion, planQuestions, subjectsMax } from './plan-questions.ts';
import { type Keyless, readFindings } from './read-findings.ts';

export type MeasureDeps = {
  measureCalls: Store['traces']['measureCalls'];
  listProjects: RelationalStore['tenants']['listProjects'];
  sumRefusedCalls: RelationalStore['alerts']['sumRefusedCalls'];
  /** The organization that runs the installation, which hears of calls without a good key. */
  installation: string;
  onWarning: (message: string, error: unknown) => void;
};

export type MeasureTimes = {
  /** Windows end here. */
  toMs: number;
  /** True while there is time for another question. */
  hasTime: () => boolean;
};

/** Measures rules on calls, one question after the other; a rule that could not be measured is not in the answer. */
export function createMeasureRules(deps: MeasureDeps) {
  return async (
    rules: readonly StoredAlert[],
    { toMs, hasTime }: MeasureTimes,
  ): Promise<Map<string, Findings>> => {
    const found = new Map<string, Findings>();
    const projects = new Map<string, string[]>();
    const projectsOf = async (organizationId: string) => {
      const known = projects.get(organizationId);
      if (known !== undefined) return known;
      const listed = (await deps.listProjects(organizationId)).map(({ id }) => id);
      projects.set(organizationId, listed);
      return listed;
    };
    for (const planned of planQuestions(rules)) {
      if (!hasTime()) break;
      try {
        const projectIds = planned.projectIds ?? (await projectsOf(planned.organizationId));
        for (const [id, findings] of await ask(deps, { ...planned, projectIds }, toMs))
          found.set(id, findings);
      } catch (error) {
        deps.onWarning('Rules of alerts could not be measured; they are looked at again.', error);
      }
    }
    return found;
  };
}

const MINUTE_MS = 60_000;

async function ask(
  deps: MeasureDeps,
  planned: PlannedQuestion & { projectIds: string[] },
  toMs: number,
): Promise<[string, Findings][]> {
  const { question, projectIds, windowMinutes, rules } = planned;
  const times = { fromMs: toMs - windowMinutes * MINUTE_MS, toMs };
  const answer = await deps.measureCalls({ ...question, ...times, projectIds, subjectsMax });
  const keyless = rules.some(({ rule }) => hearsOfKeyless(rule, deps.installation))
    ? { calls: await deps.sumRefusedCalls(times) }
    : undefined;
  return rules.map((each) => {
    const counted: Keyless | undefined = hearsOfKeyless(each.rule, deps.installation) ? keyless : undefined;
    return [each.rule.id, readFindings(each, answer, counted)];
  });
}

/** Calls without a good key belong to no project: the organization that runs the installation counts them as refused. */
function hearsOfKeyless({ metric, projectId, organizationId, scope }: StoredAlert, installation: string) {
  const isWhole = projectId === undefined && organizationId === installation;
  return isWhole && metric === 'refusal_rate' && Object.keys(scope).length === 0;
}
