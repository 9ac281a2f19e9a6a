import { spawnSync } from 'node:child_process';

export interface Launcher {
  /** The command line that runs `program`, so that it accepts our user and dies with us where the system can do that. */
  commandOf(program: string, args: string[], deathSignal: 'SIGINT' | 'SIGKILL'): [string, ...string[]];
}

/** The only environment the children get: nothing of ours, secrets least of all. */
export const childEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * Finds out once how programs are started here. PostgreSQL refuses to run as root; in a user namespace where
 * root is mapped to `nobody` it does not, and the files stay root's. Throws with the remedy when that is forbidden.
 */
export function createLauncher({ isRoot = process.getuid?.() === 0, works = runs } = {}): Launcher {
  const asNobody = isRoot ? ['unshare', '-U', '--map-user=65534', '--map-group=65534', '--'] : [];
  if (isRoot && !works([...asNobody, 'true'])) throw forbidden();
  const hasDeathSignal = works(['setpriv', '--pdeathsig', 'SIGKILL', 'true']);
  return {
    commandOf(program, args, deathSignal) {
      // The parent-death signal is cleared when the user changes, so it is set inside the namespace.
      const dieWithUs = hasDeathSignal ? ['setpriv', '--pdeathsig', deathSignal, '--'] : [];
      const [command = program, ...rest] = [...asNobody, ...dieWithUs, program, ...args];
      return [command, ...rest];
    },
  };
}

const forbidden = () =>
  new Error(
    'PostgreSQL refuses to run as root and this system does not allow user namespaces (unshare -U): start TokenRouter as another user, or set DATABASE_URL to a PostgreSQL server.',
  );

function runs([command = 'true', ...args]: string[]): boolean {
  return spawnSync(command, args, { env: childEnvironment, stdio: 'ignore', timeout: 5_000 }).status === 0;
}
