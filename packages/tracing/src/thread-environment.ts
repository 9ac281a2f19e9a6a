import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * The environment of a thread that shares its process's cache of compiled code, and nothing else of it. A thread has no
 * part in that cache by itself, and would compile all that it loads with each start.
 */
export function threadEnvironment(): { NODE_COMPILE_CACHE?: string } {
  // What is asked for is a folder; what is told is the folder of this version of Node in it.
  const dir = getCompileCacheDir();
  return dir === undefined ? {} : { NODE_COMPILE_CACHE: dirname(dir) };
}
