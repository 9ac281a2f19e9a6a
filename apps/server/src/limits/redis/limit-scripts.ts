import { createHash } from 'node:crypto';
import { BEGIN, JOIN, READ, REGISTER } from './lease-scripts.ts';

/** One atomic step on the counts. `sha` is how Redis knows it once it was loaded. */
export type LimitScript = { text: string; sha: string };

export type LimitScripts = {
  reserve: LimitScript;
  settle: LimitScript;
  register: LimitScript;
  read: LimitScript;
  begin: LimitScript;
  join: LimitScript;
};

/** All keys share one hash tag, so that a cluster keeps them on one shard, where one script can see them. */
export const KEY_PREFIX = '{tokenrouter}:';

/** Redis' own time, in milliseconds with a fraction: servers' clocks differ. */
const REDIS_TIME = "local t = redis.call('TIME')\n  return tonumber(t[1]) * 1000 + tonumber(t[2]) / 1000";

/**
 * The scripts that count. Leases: `r:<lease>` and `f:<lease>` of a count are what a server holds of it and what stays
 * charged if that server is gone, which it is when its key `alive:<lease>` has expired. `timeBody` is Lua that returns
 * epoch milliseconds; only tests have another than Redis' own.
 */
export function createLimitScripts(timeBody: string = REDIS_TIME): LimitScripts {
  const scriptOf = (body: string): LimitScript => {
    const text = `${preludeWith(timeBody)}${body}`;
    return { text, sha: createHash('sha1').update(text).digest('hex') };
  };
  return {
    reserve: scriptOf(RESERVE),
    settle: scriptOf(SETTLE),
    register: scriptOf(REGISTER),
    read: scriptOf(READ),
    begin: scriptOf(BEGIN),
    join: scriptOf(JOIN),
  };
}

/** A count is kept a day beyond its period, for claims that settle late. */
const preludeWith = (timeBody: string): string => `
local DAY = 86400000
local SAFE = 9007199254740991
local ALIVE = '${KEY_PREFIX}alive:'
local function now_ms()
  ${timeBody}
end
local function int(n) return string.format('%.0f', n) end
local function add(a, b) return math.min(a + b, SAFE) end
local seen = {}
local function is_live(lease)
  if seen[lease] == nil then seen[lease] = redis.call('EXISTS', ALIVE .. lease) == 1 end
  return seen[lease]
end
-- Says that every step of this lease up to seq has been done; false when the lease is gone.
local function mark(lease, seq)
  local done = redis.call('GET', ALIVE .. lease)
  if not done then return false end
  if tonumber(done) < seq then redis.call('SET', ALIVE .. lease, int(seq), 'XX', 'KEEPTTL') end
  return true
end
local function fields(key)
  local flat, found = redis.call('HGETALL', key), {}
  for at = 1, #flat, 2 do found[flat[at]] = flat[at + 1] end
  return found
end
-- A count with leases. What a dead server held is free again, but for its floor.
local function load_leased(key)
  local found, reserved, floors, late_of = fields(key), 0, 0, {}
  local spent, late = tonumber(found.spent), 0
  for field, value in pairs(found) do
    local kind, lease = string.sub(field, 1, 2), string.sub(field, 3)
    if kind == 'l:' then
      late = add(late, tonumber(value))
      late_of[lease] = tonumber(value)
    elseif kind == 'r:' and is_live(lease) then
      reserved = reserved + tonumber(value)
    elseif kind == 'r:' then
      floors = floors + tonumber(found['f:' .. lease] or '0')
      redis.call('HDEL', key, field, 'f:' .. lease)
    end
  end
  if floors > 0 and spent then
    spent = add(spent, floors)
    redis.call('HSET', key, 'spent', int(spent))
  elseif floors > 0 then
    late = add(late, floors)
    redis.call('HINCRBY', key, 'l:', int(floors))
  end
  return { spent = spent, late = late, late_of = late_of, reserved = reserved }
end
-- Charges what is not held. What is charged before the count has a total is late, and known by who charged it.
local function charge(key, lease, used)
  local spent = redis.call('HGET', key, 'spent')
  local had = spent or redis.call('HGET', key, 'l:' .. lease) or '0'
  local sum = add(tonumber(had), used)
  if used > 0 then redis.call('HSET', key, spent and 'spent' or ('l:' .. lease), int(sum)) end
  return sum
end
local function load_bucket(key, max, window, now)
  local found = redis.call('HMGET', key, 'level', 'at', 'max', 'window', 'steps', 'lows')
  local count = { level = tonumber(found[1] or '0'), at = tonumber(found[2] or now), lows = {} }
  -- Steps never begin anew, so that a claim on a forgotten bucket is older than any in this one.
  count.steps = tonumber(found[5] or math.floor(now))
  for low in string.gmatch(found[6] or '', '%d+') do count.lows[#count.lows + 1] = tonumber(low) end
  local rate_max = math.max(1, tonumber(found[3] or max))
  local rate_window = tonumber(found[4] or window)
  local elapsed = now - count.at
  if elapsed > 0 then
    local drained = math.floor(elapsed * rate_max / rate_window)
    if drained >= count.level then
      count.level = 0
      count.at = now
    else
      count.level = count.level - drained
      count.at = count.at + drained * rate_window / rate_max
    end
  end
  count.max, count.window = max, window
  return count
end
local function drop_above(lows, level)
  while #lows > 0 and lows[#lows] >= level do
    lows[#lows] = nil
    lows[#lows] = nil
  end
end
local function note_low(count)
  local lows = count.lows
  count.steps = count.steps + 1
  drop_above(lows, count.level)
  lows[#lows + 1] = count.steps
  lows[#lows + 1] = count.level
  if #lows > 64 then
    lows[4] = lows[2]
    table.remove(lows, 1)
    table.remove(lows, 1)
  end
end
local function give_back(count, step, excess)
  local lows, from = count.lows, 1
  while from <= #lows and lows[from] <= step do from = from + 2 end
  local returned = math.min(excess, count.level, lows[from + 1] or count.level)
  count.level = count.level - returned
  for at = from + 1, #lows, 2 do lows[at] = math.max(0, lows[at] - returned) end
  local later = {}
  for at = from, #lows do later[#later + 1] = lows[at] end
  for at = #lows, from, -1 do lows[at] = nil end
  drop_above(lows, later[2] or 0)
  for at = 1, #later do lows[#lows + 1] = later[at] end
end
local function save_bucket(key, count)
  local lows = {}
  for at = 1, #count.lows do lows[at] = int(count.lows[at]) end
  redis.call('HSET', key, 'level', int(count.level), 'at', string.format('%.17g', count.at), 'max', int(count.max),
    'window', int(count.window), 'steps', int(count.steps), 'lows', table.concat(lows, ' '))
  local drains = math.min(count.level * count.window / math.max(1, count.max), 30 * DAY)
  redis.call('PEXPIRE', key, int(math.ceil(drains) + count.window))
end
-- What a server holds of a count; a field of 0 is none.
local function hold(key, field, amount)
  if amount == 0 then return end
  if redis.call('HINCRBY', key, field, int(amount)) <= 0 then redis.call('HDEL', key, field) end
end
`;

/**
 * ARGV: lease, seq, then for each key: kind, amount, floor, max, from, until, enforced, seed. `b` a bucket (`until` its
 * window), `c` a calendar period, `p` places. Answers `lease`, `clock` with the time, `missing` with the position
 * of each count to be seeded and what is late of it by this lease, or `taken` or `refused` with the time and five numbers for each claim.
 */
const RESERVE = `
local now, lease = now_ms(), ARGV[1]
if not mark(lease, tonumber(ARGV[2])) then return { 'lease' } end
local claims, counts, missing = {}, {}, {}
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 8
  local claim = { kind = ARGV[at + 1], amount = tonumber(ARGV[at + 2]), floor = tonumber(ARGV[at + 3]) }
  claim.max, claim.ends = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 6])
  claim.enforced = ARGV[at + 7] == '1'
  claims[i] = claim
  if claim.kind == 'c' and (now < tonumber(ARGV[at + 5]) or now >= claim.ends) then return { 'clock', tostring(int(now)) } end
  if not counts[key] then
    counts[key] = claim.kind == 'b' and load_bucket(key, claim.max, claim.ends, now) or load_leased(key)
  end
  local count, seed = counts[key], ARGV[at + 8]
  if claim.kind == 'c' and not count.spent then
    if seed == '' then
      missing[#missing + 1], missing[#missing + 2] = int(i - 1), int(count.late_of[lease] or 0)
    else
      count.spent = add(tonumber(seed), count.late)
      redis.call('HSET', key, 'spent', int(count.spent))
      for name in pairs(count.late_of) do redis.call('HDEL', key, 'l:' .. name) end
      redis.call('PEXPIRE', key, int(claim.ends - now + DAY))
    end
  end
end
if #missing > 0 then return { 'missing', unpack(missing) } end
local refused = false
for i, key in ipairs(KEYS) do
  local claim, count = claims[i], counts[key]
  if claim.kind == 'b' then
    claim.before = count.level
    claim.exceeded = count.level + claim.amount > claim.max
    note_low(count)
    claim.step = count.steps
    count.level = add(count.level, claim.amount)
  else
    claim.before = (count.spent or 0) + count.reserved
    claim.exceeded = claim.before + claim.amount > claim.max
    count.reserved = count.reserved + claim.amount
  end
  if claim.exceeded and claim.enforced then refused = true end
end
local answer = { refused and 'refused' or 'taken', string.format('%.17g', now) }
local first = {}
for i, key in ipairs(KEYS) do
  local claim, count = claims[i], counts[key]
  if first[key] == nil then first[key] = claim.before end
  local used = refused and first[key] or count.level or ((count.spent or 0) + count.reserved)
  for _, value in ipairs({ claim.exceeded and 1 or 0, used, count.spent or 0, claim.step or 0 }) do
    answer[#answer + 1] = int(value)
  end
end
if refused then return answer end
for i, key in ipairs(KEYS) do
  local claim, count = claims[i], counts[key]
  if claim.kind == 'b' then
    save_bucket(key, count)
  else
    hold(key, 'r:' .. lease, claim.amount)
    hold(key, 'f:' .. lease, claim.floor)
    redis.call('PEXPIRE', key, int(claim.kind == 'c' and claim.ends - now + DAY or DAY))
  end
end
return answer
`;

/**
 * ARGV: lease, seq, then for each key: kind, amount, floor, used, max, until, step. An amount of 0 with something used
 * only charges. Answers what is spent of each, 0 where that is not counted; and last whether the lease is alive.
 */
const SETTLE = `
local now, lease, answer = now_ms(), ARGV[1], {}
local alive = mark(lease, tonumber(ARGV[2]))
for i, key in ipairs(KEYS) do
  local at = 2 + (i - 1) * 7
  local kind, amount, floor = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local used, max, ends = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])
  local spent = 0
  if kind == 'b' then
    if used ~= amount then
      local count = load_bucket(key, max, ends, now)
      note_low(count)
      if used > amount then
        count.level = add(count.level, used - amount)
      else
        give_back(count, tonumber(ARGV[at + 7]), amount - used)
      end
      save_bucket(key, count)
    end
  else
    -- Where the lease was given up for dead, its share is gone and there is nothing to take back.
    if redis.call('HEXISTS', key, 'r:' .. lease) == 1 then hold(key, 'r:' .. lease, -amount) end
    if redis.call('HEXISTS', key, 'f:' .. lease) == 1 then hold(key, 'f:' .. lease, -floor) end
    if kind == 'c' then
      spent = charge(key, lease, used)
      if redis.call('EXISTS', key) == 1 then redis.call('PEXPIRE', key, int(math.max(DAY, ends - now + DAY))) end
    end
  end
  answer[i] = int(spent)
end
answer[#answer + 1] = alive and '1' or '0'
return answer
`;
