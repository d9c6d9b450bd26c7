--[[
  Forgets the sums of old epochs.

  KEYS[1] statistics  KEYS[2] version
  ARGV[1] first epoch to keep
  Returns how many were dropped.

  Atomic so that the version rises with the change.
]]
local before = integer(ARGV[1], 'before')
number(KEYS[2])
local old = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local epoch = string.match(field, '/(-?%d+)$')
  if epoch and tonumber(epoch) < before then old[#old + 1] = field end
end
for _, field in ipairs(old) do redis.call('HDEL', KEYS[1], field) end
if #old > 0 then redis.call('INCR', KEYS[2]) end
return #old
