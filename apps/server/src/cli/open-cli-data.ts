import type {
  DataFilter,
  Deletion,
  ExportLine,
  ExportSearch,
  RetentionChange,
  RetentionPolicy,
} from '@app/contract';
import type { Project, RelationalStore } from '@app/store';
import { readConfig } from '../config/read-config.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { IdSource } from '../ids.ts';
import { createLimitManagement } from '../limits/management/create-limit-management.ts';
import { createDeletions, type Deletions } from '../retention/create-deletions.ts';
import { createRetention, type Retention } from '../retention/create-retention.ts';
import { exportProject } from '../retention/export-project.ts';
import { exportSources } from '../retention/export-sources.ts';
import { createReadSealed } from '../retention/read-sealed.ts';
import { readDefaultPolicy } from '../retention/retention-policy.ts';
import { loadSharedSecrets } from '../start/load-shared-secrets.ts';
import { openSecrets } from '../start/open-secrets.ts';
import { openCliStore } from './open-cli-store.ts';
import type { World } from './world.ts';

export type CliData = {
  store: RelationalStore;
  retention: Retention;
  deletions: Deletions;
  changeRetention(project: Project, change: RetentionChange): Promise<RetentionPolicy>;
  beginDeletion(project: Project, asked: { filter: DataFilter; isDryRun: boolean }): Promise<Deletion>;
  export(project: Project, search: ExportSearch): AsyncIterable<ExportLine>;
  /** How many servers were seen within so long. */
  liveServers(withinMs: number): Promise<number>;
  close(): Promise<void>;
};

/** A project's data for a command, while the server runs on the same data folder and when it does not. */
export async function openCliData(world: World, ids: IdSource): Promise<CliData> {
  const config = readConfig(world.variables, readTextFile);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: (_: unknown, text: string) => world.warn(`${text}\n`) };
  const { store, openTraces, close } = await openCliStore(config, log, world.keepStore);
  try {
    const secrets = await openSecrets(config, world.variables);
    const traces = await openTraces(async () => secrets.dataKeys['clickhouse-disk']);
    const { responseKey } = await loadSharedSecrets(store.secrets, secrets.masterKey, ids.nowMs());
    const { nowMs } = ids;
    const { deletions: table, owned } = store;
    const defaults = readDefaultPolicy(config.file.retention);
    const retention = createRetention({ retention: store.retention, traces, defaults, nowMs });
    const deletions = createDeletions({ deletions: table, traces, owned, ids, wake: silent });
    const sources = exportSources({
      ...{ retention, store },
      keys: { list: (id, search) => store.keys.listKeys(id, { ...search, nowMs: nowMs() }) },
      ...createLimitManagement({
        ...{ store, ids, readCount: silent, findLimit: silent, hasModel: () => false, deliver: silent },
        flush: async () => undefined,
      }),
    });
    const exporting = { traces, owned, readSealed: createReadSealed(responseKey), sources, nowMs };
    return {
      ...{ store, retention, deletions, close },
      changeRetention: (project, change) => retention.update(project.id, change, undefined),
      beginDeletion: (project, { filter, isDryRun }) =>
        deletions.begin(project, { filter, isDryRun, isTestOnly: false, requestedBy: undefined }),
      export: (project, search) => exportProject(exporting, { project, search, isTestOnly: false }),
      liveServers: async (seenWithinMs) =>
        await table.countUnansweredRounds({ round: Number.MAX_SAFE_INTEGER, seenWithinMs }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}
