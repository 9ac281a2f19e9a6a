import { parseArgs } from 'node:util';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { diagnose } from '../doctor/checks.ts';
import { describeFindings } from '../doctor/describe-findings.ts';
import { readDeployment } from '../doctor/read-deployment.ts';
import type { World } from './world.ts';

const usage = `tokenrouter doctor: check this deployment and say what to change

  --json    print the findings as JSON

Works while the server runs and when it does not. Ends with status 1 when a finding is critical.
`;

/** Checks the deployment that the settings describe. */
export async function runDoctor(args: readonly string[], world: World): Promise<number> {
  const options = {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.help) {
    world.print(usage);
    return 0;
  }
  const config = readConfig(world.variables, readTextFile);
  const findings = diagnose(await readDeployment(config, world));
  world.print(values.json ? `${JSON.stringify({ findings }, null, 2)}\n` : describeFindings(findings));
  return findings.some((finding) => finding.severity === 'critical') ? 1 : 0;
}
