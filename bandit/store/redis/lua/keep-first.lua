--[[
  Keeps a value under a key that has none.

  KEYS[1] key
  ARGV[1] value  ARGV[2] ms to keep it, '' = for ever
  Returns nil when it was kept, else the value that stands.

  Atomic because the standing value could expire between a refused SET and a GET.
]]
local value = filled(ARGV[1], 'value')
if ARGV[2] ~= '' and natural(ARGV[2], 'ttlMs') == 0 then fault('ttlMs must be above 0') end

local standing = redis.call('GET', KEYS[1])
if standing then return standing end

redis.call('SET', KEYS[1], value)
if ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return false
