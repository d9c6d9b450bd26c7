--[[
  Keeps what was said of an endpoint's arms, unless something was said since.

  KEYS[1] controls
  ARGV[1] revision that the caller knows, 0 = none  ARGV[2] the next one  ARGV[3] text
  Returns 1, or 0 when the revision is another one.

  Atomic because two gateways may speak of different arms at once, and neither word may be lost.
]]
local expected = natural(ARGV[1], 'expected')
natural(ARGV[2], 'revision')
local kept = redis.call('GET', KEYS[1]) or '0 '
local revision = natural(string.match(kept, '^(%S*) '), 'the revision of the controls')
local next = ARGV[2] .. ' ' .. filled(ARGV[3], 'text')
if revision ~= expected then return 0 end

redis.call('SET', KEYS[1], next)
return 1
