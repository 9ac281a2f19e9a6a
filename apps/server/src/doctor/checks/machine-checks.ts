import { type Check, found, inProduction, onlyInProduction } from '../check.ts';

export const machineChecks: readonly Check[] = [
  {
    name: 'file-permissions',
    area: 'machine',
    title: 'Data, keys and configuration are readable by this account alone.',
    why: 'Other accounts on this machine could read keys and traces.',
    run: (facts) =>
      facts.files
        .filter(({ mode, isMounted }) => (mode & (isMounted ? 0o007 : 0o077)) !== 0)
        .map((file) =>
          found(
            inProduction(facts, 'critical'),
            `${file.path} (${file.holds}) can be read by others (mode ${(file.mode & 0o777).toString(8)}).`,
            `chmod go= ${file.path}`,
          ),
        ),
  },
  {
    name: 'file-owner',
    area: 'machine',
    title: 'Data, keys and configuration belong to this account, or to root.',
    why: 'Another account that owns them can change what this server trusts.',
    needs: ['runtime'],
    run: (facts) =>
      facts.files
        .filter(({ uid }) => uid !== undefined && uid !== 0 && uid !== facts.runtime?.uid)
        .map(({ path, uid, holds }) =>
          found(
            inProduction(facts, 'critical'),
            `${path} (${holds}) belongs to account ${uid}, not to the one that runs the server.`,
            `chown ${facts.runtime?.uid} ${path}`,
          ),
        ),
  },
  {
    name: 'open-folders',
    area: 'machine',
    title: 'No other account can put another folder in their place.',
    why: 'Whoever may write a folder may replace what is in it.',
    run: (facts) =>
      facts.openFolders.map(({ path, above }) =>
        found(
          inProduction(facts, 'critical'),
          `Everybody may write ${path}, in which ${above} lies.`,
          `chmod o-w ${path}`,
        ),
      ),
  },
  {
    name: 'root-account',
    area: 'machine',
    title: 'The server runs under an account of its own.',
    why: 'A mistake in anything that runs as root is a mistake with the whole machine.',
    needs: ['runtime'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        facts.runtime?.uid === 0
          ? [found('warning', 'The server runs as root.', 'Run it under an account of its own.')]
          : [],
      ),
  },
  {
    name: 'core-dumps',
    area: 'machine',
    title: 'A crash writes no memory to disk.',
    why: 'Keys and prompts of calls under way would lie there in the clear.',
    needs: ['runtime'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        facts.runtime?.dumpsMemory
          ? [
              found(
                'warning',
                'A crash could write the memory of this process to disk.',
                'Set LimitCORE=0 in its systemd unit, or run "ulimit -c 0" before it.',
              ),
            ]
          : [],
      ),
  },
  {
    name: 'swap',
    area: 'machine',
    title: 'Memory is not swapped to a disk in the clear.',
    why: 'Keys that are in memory would lie there for whoever gets the disk.',
    needs: ['runtime'],
    run: (facts) =>
      onlyInProduction(facts, () =>
        (facts.runtime?.swap ?? []).map((place) =>
          found(
            'notice',
            `Memory may be swapped to ${place}.`,
            'Encrypt it, or set MemorySwapMax=0 in the systemd unit.',
          ),
        ),
      ),
  },
];
