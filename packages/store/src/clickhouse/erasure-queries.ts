import type { Pause } from './mutations.ts';
import type { Clickhouse } from './open-clickhouse.ts';
import {
  clearReplacedParts,
  countErasable,
  countMatchingCalls,
  countReplacedParts,
  countStaged,
  countStagedLeft,
  listStagedRequests,
} from './queries/count-erasable.ts';
import { eraseContents, eraseSpans, readClock, restoreTraceIndex } from './queries/erase-staged.ts';
import { blankSpans, dropMonths, expireSpans, findContentCutoff } from './queries/expire-spans.ts';
import { listCallsToExport } from './queries/list-calls-to-export.ts';
import { readStorageUse } from './queries/read-storage-use.ts';
import { endErasure, stageErasure } from './queries/stage-erasure.ts';
import { stageOrphans } from './queries/stage-orphans.ts';

/** What deletes, counts and hands out a project's traces. */
export function erasureQueries(clickhouse: Clickhouse, pause: Pause) {
  return {
    countErasable: countErasable(clickhouse),
    countMatchingCalls: countMatchingCalls(clickhouse),
    stageErasure: stageErasure(clickhouse),
    countStaged: countStaged(clickhouse),
    listStagedRequests: listStagedRequests(clickhouse),
    eraseSpans: eraseSpans(clickhouse, pause),
    restoreTraceIndex: restoreTraceIndex(clickhouse),
    stageOrphans: stageOrphans(clickhouse),
    eraseContents: eraseContents(clickhouse, pause),
    countStagedLeft: countStagedLeft(clickhouse),
    countReplacedParts: countReplacedParts(clickhouse),
    clearReplacedParts: clearReplacedParts(clickhouse),
    endErasure: endErasure(clickhouse),
    expireSpans: expireSpans(clickhouse, pause),
    blankSpans: blankSpans(clickhouse, pause),
    dropMonths: dropMonths(clickhouse),
    findContentCutoff: findContentCutoff(clickhouse),
    readStorageUse: readStorageUse(clickhouse),
    readClock: readClock(clickhouse),
    listCallsToExport: listCallsToExport(clickhouse),
  };
}
