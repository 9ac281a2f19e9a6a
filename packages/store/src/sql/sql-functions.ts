import { SqlFault } from './sql-fault.ts';
import type { SqlExpression } from './sql-tree.ts';

/**
 * What a question may call: functions of their arguments alone. None reads a file, the network, a setting, a dictionary
 * or another table, none waits, and none makes many bytes out of few.
 */
const scalar = `
  abs arrayAll arrayAvg arrayConcat arrayCount arrayDistinct arrayElement arrayExists arrayFilter arrayFirst arrayJoin
  arrayMap arrayMax arrayMin arrayReverse arraySlice arraySort arraySum assumeNotNull bitAnd bitOr ceil coalesce concat
  countSubstrings dateDiff date_diff date_trunc dateTrunc empty endsWith equals exp extract extractAll floor formatDateTime
  formatReadableQuantity formatReadableSize formatReadableTimeDelta fromUnixTimestamp greater greaterOrEquals greatest has
  hasAll hasAny if ifNull indexOf intDiv isNotNull isNull JSONExtractBool JSONExtractFloat JSONExtractInt
  JSONExtractKeys JSONExtractRaw JSONExtractString JSONExtractUInt JSONHas JSONLength JSONType least left length
  lengthUTF8 less lessOrEquals like ilike locate log log10 log2 lower lowerUTF8 match minus modulo multiIf multiply
  multiSearchAny negate not notEmpty notEquals now now64 nullIf parseDateTimeBestEffort parseDateTimeBestEffortOrNull plus
  position positionCaseInsensitive positionUTF8 pow power replace replaceAll replaceOne replaceRegexpAll replaceRegexpOne
  reverse right round roundBankers sign splitByChar splitByString sqrt startsWith substring substringUTF8 subtractDays
  subtractHours subtractMinutes addDays addHours addMinutes addMonths subtractMonths timeSlot toDate toDateTime toDateTime64
  toDayOfMonth toDayOfWeek toDecimal64 toFloat32 toFloat64 toHour toInt32 toInt64 toIntervalDay toIntervalHour
  toIntervalMinute toISOWeek toMinute toMonday toMonth toQuarter toSecond toStartOfDay toStartOfFifteenMinutes
  toStartOfFiveMinutes toStartOfHour toStartOfInterval toStartOfMinute toStartOfMonth toStartOfQuarter toStartOfTenMinutes
  toStartOfWeek toStartOfYear toString today toUInt32 toUInt64 toUnixTimestamp toWeek toYear toYYYYMM toYYYYMMDD trim
  trimLeft trimRight trunc tuple tupleElement upper upperUTF8 yesterday cityHash64 sipHash64 runningDifference
`;
const aggregate = `
  any anyLast argMax argMin avg count countDistinct groupArray groupArrayDistinct groupUniqArray max median min quantile
  quantileExact quantileTDigest quantiles quantilesTDigest sum stddevPop stddevSamp topK uniq uniqExact uniqCombined uniqHLL12
  varPop varSamp corr covarPop simpleLinearRegression
`;
const window =
  'row_number rank dense_rank lag lead lagInFrame leadInFrame first_value last_value nth_value ntile';

const words = (text: string) => text.trim().split(/\s+/);
const aggregates = words(aggregate);

/** By the name in small letters; several spellings of one are as good as the right one. */
const functions: ReadonlyMap<string, string> = new Map(
  [...words(scalar), ...aggregates, ...aggregates.map((name) => `${name}If`), ...words(window)].map(
    (name) => [name.toLowerCase(), name],
  ),
);

/** The function of this name as ClickHouse spells it. Throws `SqlFault` for one that may not be called. */
export function findFunction(name: string, at: number): string {
  const found = functions.get(name.toLowerCase());
  if (found !== undefined) return found;
  throw new SqlFault(at, `There is no function ${name} here. docs/sql.md lists those that there are.`);
}

/** Those whose answer is at hand for every row of a window: others begin anew for each, in no time that can be bounded. */
const light = words('count sum avg min max any anyLast argMin argMax stddevPop stddevSamp varPop varSamp');
const withWindow: ReadonlySet<string> = new Set([
  ...words(window),
  ...light,
  ...light.map((name) => `${name}If`),
]);

/** These compare each entry of one list with each of another. */
const pairing: ReadonlySet<string> = new Set(['hasAll', 'hasAny', 'multiSearchAny']);

/** Throws `SqlFault` for a call whose work grows with the square of what it is given. */
export function checkCall(call: Extract<SqlExpression, { kind: 'call' }>, at: number): void {
  const { name, over, arguments: given } = call;
  if (over !== undefined && !withWindow.has(name))
    throw new SqlFault(at, `Before OVER stands one of ${[...withWindow].join(', ')}.`);
  if (pairing.has(name) && given[1]?.kind !== 'array')
    throw new SqlFault(at, `${name} compares with values that are written out: ${name}(tags, ['a', 'b']).`);
}

/** Every function that may be called, for the documentation. */
export const listFunctions = (): string[] => [...functions.values()].sort((a, b) => a.localeCompare(b));
