import { parseArgs } from 'node:util';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Variables } from '../config/resolve-references.ts';
import { diagnose } from '../doctor/checks.ts';
import { describeDiagnosis } from '../doctor/describe-findings.ts';
import type { Finding, Severity } from '../doctor/finding.ts';
import { readDeployment } from '../doctor/read-deployment.ts';
import { writeReport } from '../doctor/write-report.ts';
import { readVersion } from '../start/read-version.ts';
import type { World } from './world.ts';

const usage = `tokenrouter doctor: check this deployment and say what to change

  --json           print the report as JSON, as the API gives it
  --config PATH    check with another configuration file
  --quiet          print critical findings and warnings alone, nothing when there are none
  --strict         end with status 1 for warnings too

Works while the server runs and when it does not; what cannot be asked is said to be unchecked. Ends with status 1
when a finding is critical and not accepted in the configuration, with 2 when the settings cannot be read, else with 0.
`;

/** Checks the deployment that the settings describe. */
export async function runDoctor(args: readonly string[], world: World): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    config: { type: 'string' },
    quiet: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    world.print(usage);
    return 0;
  }
  const variables: Variables = {
    ...world.variables,
    ...(values.config !== undefined && { TOKENROUTER_CONFIG: values.config }),
  };
  const config = readConfig(variables, readTextFile);
  const facts = await readDeployment(config, { ...world, variables });
  const diagnosis = diagnose(facts);
  const failing = diagnosis.findings.filter((finding) =>
    counts(finding, values.strict ? 'warning' : 'critical'),
  );
  if (values.json) {
    const about = { nowMs: facts.nowMs, mode: config.mode, version: readVersion() };
    world.print(`${JSON.stringify(writeReport(diagnosis, about), null, 2)}\n`);
  } else {
    const shown = values.quiet
      ? {
          ...diagnosis,
          findings: diagnosis.findings.filter((finding) => counts(finding, 'warning')),
          skipped: [],
        }
      : diagnosis;
    const isColoured = world.isTerminal && !variables.NO_COLOR;
    if (!values.quiet || shown.findings.length > 0) world.print(describeDiagnosis(shown, { isColoured }));
  }
  return failing.length > 0 ? 1 : 0;
}

const RANK: Record<Severity, number> = { critical: 2, warning: 1, notice: 0 };

const counts = ({ severity, accepted }: Finding, least: Severity): boolean =>
  !accepted && RANK[severity] >= RANK[least];
