--[[
  Reads an endpoint's state if it has changed.

  KEYS[1] version  KEYS[2] statistics  KEYS[3] pulls  KEYS[4] rewarded  KEYS[5] totals  KEYS[6] voided
  KEYS[7] held  KEYS[8] born
  ARGV[1] version that the caller knows, '' = none  ARGV[2] 'held', or '' = that is left out, empty
  Returns nil when that is still the version, else {version, born, statistics, pulls, rewarded, totals, voided, held},
  each but the first two {field, value, field, value, …}.

  Atomic because sums, counts and version must belong together.
]]
local version = redis.call('GET', KEYS[1]) or '0'
local born = bornOf(KEYS[8])
if version == ARGV[1] then return false end
local state = { version, born }
for i = 2, 6 do state[i + 1] = redis.call('HGETALL', KEYS[i]) end
state[8] = ARGV[2] == 'held' and redis.call('HGETALL', KEYS[7]) or {}
return state
