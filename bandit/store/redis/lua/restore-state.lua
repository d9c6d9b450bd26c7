--[[
  Adds a dump to data that began after it was taken, once.

  KEYS[1] version  KEYS[2] statistics  KEYS[3] pulls  KEYS[4] rewarded  KEYS[5] totals  KEYS[6] voided
  KEYS[7] held  KEYS[8] born  KEYS[9] origin  KEYS[10] closed  KEYS[11] ended, and then the marks of buckets in it
  ARGV[1] when the dump was taken, microseconds  ARGV[2] version to add  ARGV[3] closed, '' = none
  ARGV[4] origin from now on  ARGV[5] 'bare' = also where it was said that nothing was given back, or ''
  ARGV[6] and so on: number of the key, field, value; number, … A field '' is a bucket, and until when it can be changed.
  Returns 'restored', 'older' when the data is older than the dump, or 'settled' when it was said before what it began
  with.

  Atomic because of several gateways exactly one may do it, and none may learn between its parts.
]]
local at = natural(ARGV[1], 'at')
local raise = natural(ARGV[2], 'version')
local dumpClosed = ARGV[3] ~= '' and integer(ARGV[3], 'closed')
filled(ARGV[4], 'origin')
if (#ARGV - 5) % 3 ~= 0 then fault('fields must come in threes') end
if natural(bornOf(KEYS[8]), 'born') <= at then return 'older' end
local origin = redis.call('GET', KEYS[9])
if origin and not (origin == 'bare' and ARGV[5] == 'bare') then return 'settled' end

local closed = number(KEYS[10])
number(KEYS[1])
local sums = {}
local counts = {}
local ends = {}
for i = 6, #ARGV, 3 do
  local index = natural(ARGV[i], 'number of the key')
  local key, field = KEYS[index], ARGV[i + 1]
  if not key then fault('there must be a key of every number') end
  if field == '' then
    local bucket, changeableUntil = string.match(ARGV[i + 2], '^(-?%d+) (%d+)$')
    if not bucket then fault('a bucket and the moment until which it can be changed must be integers') end
    ends[#ends + 1] = { key, bucket, changeableUntil, marksEnd(changeableUntil) }
  elseif index == 2 or index == 7 then
    sums[#sums + 1] = { key, field, sumsPlus(key, field, vector(ARGV[i + 2], field)) }
  else
    counter(key, field)
    natural(ARGV[i + 2], field)
    counts[#counts + 1] = { key, field, ARGV[i + 2] }
  end
end

for _, each in ipairs(sums) do redis.call('HSET', each[1], each[2], each[3]) end
for _, each in ipairs(counts) do redis.call('HINCRBY', each[1], each[2], each[3]) end
for _, each in ipairs(ends) do
  redis.call('PEXPIREAT', each[1], each[4])
  redis.call('ZADD', KEYS[11], each[3], each[2])
end
if dumpClosed and not (closed and closed >= dumpClosed) then redis.call('SET', KEYS[10], ARGV[3]) end
redis.call('INCRBY', KEYS[1], raise)
redis.call('SET', KEYS[9], ARGV[4])
return 'restored'
