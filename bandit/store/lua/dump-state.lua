--[[
  Reads all of an endpoint's state that can be given back: everything but marks, records and flushes.

  KEYS[1] version  KEYS[2] statistics  KEYS[3] pulls  KEYS[4] rewarded  KEYS[5] totals  KEYS[6] voided
  KEYS[7] held  KEYS[8] born  KEYS[9] origin  KEYS[10] closed
  Returns {now in microseconds, version, born, origin or '', closed or '', statistics, pulls, rewarded, totals, voided,
  held}, the hashes as {field, value, field, value, …}.

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
return state
