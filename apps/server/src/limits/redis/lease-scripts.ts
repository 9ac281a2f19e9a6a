/**
 * A server that has a new lease says anew what it holds. ARGV: new lease, old lease or '', lifetime of a lease, `last` or `more`,
 * then for each key: kind, amount, floor, charged, until. The old lease's share is dropped; the last part drops the lease itself.
 */
export const REGISTER = `
local now, lease, old = now_ms(), ARGV[1], ARGV[2]
if redis.call('EXISTS', ALIVE .. lease) == 0 then redis.call('SET', ALIVE .. lease, '0', 'PX', ARGV[3]) end
for i, key in ipairs(KEYS) do
  local at = 4 + (i - 1) * 5
  if old ~= '' then redis.call('HDEL', key, 'r:' .. old, 'f:' .. old) end
  hold(key, 'r:' .. lease, tonumber(ARGV[at + 2]))
  hold(key, 'f:' .. lease, tonumber(ARGV[at + 3]))
  local charged, ends = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  charge(key, lease, charged)
  if redis.call('EXISTS', key) == 1 then
    redis.call('PEXPIRE', key, int(ARGV[at + 1] == 'c' and math.max(DAY, ends - now + DAY) or DAY))
  end
end
if ARGV[4] == 'last' and old ~= '' then redis.call('DEL', ALIVE .. old) end
return redis.call('TIME')
`;

/**
 * ARGV: kind, max, from, until. Answers the time, and what is used, what of it is reserved, and whether Redis has what was
 * spent; only the time where it is another period's.
 */
export const READ = `
local now, from, ends = now_ms(), tonumber(ARGV[3]), tonumber(ARGV[4])
local at = string.format('%.17g', now)
if ARGV[1] == 'b' then return { at, int(load_bucket(KEYS[1], tonumber(ARGV[2]), ends, now).level), '0', '1' } end
if ARGV[1] == 'c' and (now < from or now >= ends) then return { at } end
local count = load_leased(KEYS[1])
return { at, int((count.spent or count.late) + count.reserved), int(count.reserved), count.spent and '1' or '0' }
`;

/**
 * Which data this is. ARGV: the id of this Redis process, an id for data that is new, lifetime. Data that another process
 * wrote may be older than what was answered, so it is none. Answers the data's id.
 */
export const BEGIN = `
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'run', ARGV[1], 'id', ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { redis.call('HGET', KEYS[1], 'id') }
`;

/**
 * A server says that PostgreSQL has all that it settled on data before this. ARGV: the data's id, the server, `open` when
 * nobody else is waited for. Answers `gone` where the data is another, or whether counting had begun, and who joined.
 */
export const JOIN = `
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return { 'gone' } end
local answer = { redis.call('HEXISTS', KEYS[1], 'open') == 1 and 'open' or 'closed' }
redis.call('HSET', KEYS[1], 'j:' .. ARGV[2], '1')
if ARGV[3] == 'open' then redis.call('HSET', KEYS[1], 'open', '1') end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'j:' then answer[#answer + 1] = string.sub(field, 3) end
end
return answer
`;
