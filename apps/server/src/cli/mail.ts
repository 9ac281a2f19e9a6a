import { parseArgs } from 'node:util';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { openConfiguredMailer } from '../start/open-messages.ts';
import type { World } from './world.ts';

const usage = `tokenrouter mail test ADDRESS: send a mail by the server that is configured

Takes "mail" of tokenrouter.yaml. Ends with status 1 when the mail server did not take it.
`;

/** Runs \`mail ...\`. Resolves to the exit status: 0 done, 1 failed, 2 used wrongly. */
export async function runMail(args: readonly string[], world: World): Promise<number> {
  const options = { help: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (values.help) {
    world.print(usage);
    return 0;
  }
  const [action, to, ...rest] = positionals;
  if (action !== 'test' || to === undefined || rest.length > 0) {
    world.warn(usage);
    return 2;
  }
  const mailer = openConfiguredMailer(readConfig(world.variables, readTextFile), (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  });
  const text = 'Mail from TokenRouter arrives here.\n';
  await mailer.send({ to, subject: 'A test of TokenRouter', text });
  world.print(`The mail server took a mail to ${to}.\n`);
  return 0;
}
