--[[
  Reads all of an endpoint's state that can be given back: everything but marks, records and flushes.

  KEYS[1] version  KEYS[2] statistics  KEYS[3] pulls  KEYS[4] rewarded  KEYS[5] totals  KEYS[6] voided
  KEYS[7] held  KEYS[8] born  KEYS[9] origin  KEYS[10] closed  KEYS[11] ended, and then the marks of buckets in it
  ARGV[1] … these buckets
  Returns {now in microseconds, version, born, origin or '', closed or '', statistics, pulls, rewarded, totals, voided,
  held, left, ended}, the hashes as {field, value, field, value, …}; left is what these buckets have left unsettled, ended
  are all that have left anything: where they are others, ask again with those.

  Atomic because whether a reward is within is told by its version alone.
]]
local born = bornOf(KEYS[8])
local time = redis.call('TIME')
local state = {
  string.format('%s%06d', time[1], time[2]),
  redis.call('GET', KEYS[1]) or '0',
  born,
  redis.call('GET', KEYS[9]) or '',
  redis.call('GET', KEYS[10]) or '',
}
for i = 2, 7 do state[i + 4] = redis.call('HGETALL', KEYS[i]) end

local fates = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[5])) do
  local arm, fate = string.match(field, '^(.*)/([^/]+)$')
  if fate == 'defaulted' or fate == 'written_off' then fates[#fates + 1] = fate .. '/' .. arm end
end
local ended = {}
for i, bucket in ipairs(#fates > 0 and ARGV or {}) do
  for _, fate in ipairs(fates) do
    local left = redis.call('HGET', KEYS[11 + i], fate)
    if left then
      ended[#ended + 1] = fate .. '/' .. bucket
      ended[#ended + 1] = left
    end
  end
end
state[12] = ended
state[13] = redis.call('ZRANGEBYSCORE', KEYS[11], now(), '+inf')
return state
