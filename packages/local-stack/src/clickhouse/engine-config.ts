import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The limits that hold for every query, whatever it asks for. */
export const queryLimits = {
  executionSecondsDefault: 30,
  executionSecondsMax: 300,
  memoryBytesDefault: 400_000_000,
  memoryBytesMax: 800_000_000,
} as const;

/** Environment variable from which the engine itself reads the disk's key (64 hex digits). */
export const keyVariable = 'LOCAL_CLICKHOUSE_KEY';

/**
 * Writes the engine's two configuration files into `folder` and returns the path of the main one. The second holds
 * the limits, what may never be switched on, and the rights of the one user. The key is only named in them.
 */
export function writeEngineConfig(options: {
  folder: string;
  dataPath: string;
  isEncrypted: boolean;
}): string {
  const { folder, dataPath, isEncrypted } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const usersFile = join(folder, 'users.xml');
  const mainFile = join(folder, 'config.xml');
  writeFileSync(usersFile, writeXml({ clickhouse: usersConfig }), { mode: 0o600 });
  writeFileSync(mainFile, writeXml({ clickhouse: writeMain({ dataPath, usersFile, isEncrypted }) }), {
    mode: 0o600,
  });
  return mainFile;
}

type XmlTree = { [name: string]: XmlTree | string | number };

function writeMain({
  dataPath,
  usersFile,
  isEncrypted,
}: {
  dataPath: string;
  usersFile: string;
  isEncrypted: boolean;
}): XmlTree {
  return {
    users_config: usersFile,
    ...sizes,
    merge_tree: { ...durability, ...(isEncrypted && { storage_policy: 'encrypted' }) },
    ...(isEncrypted && { storage_configuration: encryptedStorage(dataPath) }),
  };
}

function encryptedStorage(dataPath: string): XmlTree {
  return {
    disks: {
      plain: { type: 'local', path: `${dataPath}/disk/` },
      encrypted: {
        type: 'encrypted',
        disk: 'plain',
        path: 'encrypted/',
        algorithm: 'AES_256_CTR',
        [`key_hex from_env="${keyVariable}"`]: '',
      },
    },
    policies: { encrypted: { volumes: { main: { disk: 'encrypted' } } } },
  };
}

/** The engine shares a small machine with the gateway: its caches default to several gigabytes. */
const sizes: XmlTree = {
  max_server_memory_usage: 1_500_000_000,
  mark_cache_size: 33_554_432,
  primary_index_cache_size: 33_554_432,
  uncompressed_cache_size: 0,
  index_mark_cache_size: 8_388_608,
  index_uncompressed_cache_size: 0,
  query_condition_cache_size: 8_388_608,
  compiled_expression_cache_size: 8_388_608,
  text_index_tokens_cache_size: 16_777_216,
  text_index_header_cache_size: 16_777_216,
  text_index_postings_cache_size: 16_777_216,
  vector_similarity_index_cache_size: 1_048_576,
  mmap_cache_size: 64,
  background_pool_size: 2,
  background_schedule_pool_size: 2,
  max_thread_pool_size: 200,
  max_table_size_to_drop: 0,
  max_partition_size_to_drop: 0,
};

/**
 * An acknowledged insert lets the sender forget its own copy, so it should outlive a power loss as well. The engine
 * cannot sync folders of an encrypted disk (fsync_part_directory fails there), so the journal must carry those.
 */
const durability: XmlTree = { fsync_after_insert: 1, min_compressed_bytes_to_fsync_after_merge: 1 };

/**
 * Spilling would write rows in plain text: this engine keeps its temporary files outside the encrypted disk. A query
 * that outgrows its memory fails instead, and no query can change that.
 */
const noSpilling = {
  max_bytes_before_external_group_by: 0,
  max_bytes_ratio_before_external_group_by: 0,
  max_bytes_before_external_sort: 0,
  max_bytes_ratio_before_external_sort: 0,
  max_bytes_before_external_join: 0,
  max_bytes_ratio_before_external_join: 0,
  max_temporary_data_on_disk_size_for_query: 1,
  max_temporary_data_on_disk_size_for_user: 1,
} as const;

const asConstants = (settings: Record<string, number>): XmlTree =>
  Object.fromEntries(Object.keys(settings).map((name) => [name, { const: '' }]));

const usersConfig: XmlTree = {
  profiles: {
    default: {
      max_execution_time: queryLimits.executionSecondsDefault,
      max_memory_usage: queryLimits.memoryBytesDefault,
      max_threads: 2,
      // The values of parameters are part of the text here.
      max_query_size: 33_554_432,
      max_ast_elements: 1_000_000,
      max_expanded_ast_elements: 1_000_000,
      async_insert: 0,
      ...noSpilling,
      constraints: {
        max_execution_time: { min: 1, max: queryLimits.executionSecondsMax },
        max_memory_usage: { min: 1, max: queryLimits.memoryBytesMax },
        ...asConstants(noSpilling),
      },
    },
  },
  users: {
    default: {
      password: '',
      networks: { ip: '::1' },
      profile: 'default',
      quota: 'default',
      // No right to read files, addresses or other servers, and none to SYSTEM SHUTDOWN, which would signal our
      // whole process group.
      grants: {
        query:
          'GRANT SELECT, INSERT, ALTER, CREATE, DROP, TRUNCATE, OPTIMIZE, SHOW, KILL QUERY, SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM CLEANUP ON *.*',
      },
    },
  },
  quotas: { default: {} },
};

function writeXml(tree: XmlTree): string {
  return Object.entries(tree)
    .map(
      ([name, value]) =>
        `<${name}>${typeof value === 'object' ? writeXml(value) : escapeXml(value)}</${name.split(' ')[0]}>`,
    )
    .join('\n');
}

const escapeXml = (value: string | number): string =>
  String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
