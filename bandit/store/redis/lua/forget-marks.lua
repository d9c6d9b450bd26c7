--[[
  Notes how far a journal has come, and lets go of the marks of buckets that cannot be changed any more: once each journal
  has brought all that it accepted until then. A journal of which nothing is heard is waited for, but not for ever; time in
  which nobody looks, as while the server is away, does not count.

  KEYS[1] journals  KEYS[2] forgotten, and then the marks of the buckets from the first on, in rising order
  ARGV[1] journal, '' = none  ARGV[2] moment until which all that it accepted was brought, '' = it holds nothing and leaves
  ARGV[3] bucketMs  ARGV[4] ms from the end of a bucket until its decisions cannot be changed any more
  ARGV[5] ms for which a journal is waited for  ARGV[6] ms between two looks that count at the most
  ARGV[7] ms that feedback may be on its way  ARGV[8] first bucket
  Returns {forgotten, last bucket that may be forgotten, ms by which that is held up, journal given up, …}

  Atomic because a journal must not come to know of its marks while another gateway lets go of them.
]]
local journal = ARGV[1]
local brought = ARGV[2] ~= '' and finite(ARGV[2], 'brought')
local bucketMs = natural(ARGV[3], 'bucketMs')
local keptMs = natural(ARGV[4], 'keptMs')
local waitMs = natural(ARGV[5], 'waitMs')
local longestLookMs = natural(ARGV[6], 'longestLookMs')
local onItsWayMs = natural(ARGV[7], 'onItsWayMs')
local first = integer(ARGV[8], 'first')
local forgotten = number(KEYS[2])
local time = now()

local broughtBy, missed, looked = {}, {}, time
local fields = redis.call('HGETALL', KEYS[1])
for i = 1, #fields, 2 do
  local what, name = string.match(fields[i], '^(%l+)/(.+)$')
  local value = finite(fields[i + 1], fields[i])
  if fields[i] == 'looked' then looked = value end
  if what == 'brought' then broughtBy[name] = value end
  if what == 'missed' then missed[name] = value end
end
local elapsed = math.max(0, math.min(time - looked, longestLookMs))
if journal ~= '' then broughtBy[journal] = brought or nil end
local gone = {}
if journal ~= '' and not brought then gone[1] = journal end

local through = time
local givenUp = {}
for name, moment in pairs(broughtBy) do
  missed[name] = name == journal and 0 or (missed[name] or 0) + elapsed
  if missed[name] > waitMs then
    givenUp[#givenUp + 1] = name
    gone[#gone + 1] = name
  else
    through = math.min(through, moment)
  end
end
local function lastBefore(moment)
  return math.floor((moment - onItsWayMs - keptMs) / bucketMs) - 1
end
local last = lastBefore(through)

redis.call('HSET', KEYS[1], 'looked', string.format('%d', time))
for name, moment in pairs(broughtBy) do
  redis.call('HSET', KEYS[1], 'brought/' .. name, string.format('%d', moment))
  redis.call('HSET', KEYS[1], 'missed/' .. name, string.format('%d', missed[name]))
end
for _, name in ipairs(gone) do redis.call('HDEL', KEYS[1], 'brought/' .. name, 'missed/' .. name) end
-- What an earlier release has written goes by itself.
if not forgotten then forgotten = last end
if first <= forgotten + 1 then
  for i = 3, #KEYS do
    local bucket = first + i - 3
    if bucket > forgotten and bucket <= last then
      -- In the past: gone at once, by a right that older access lists give.
      redis.call('PEXPIREAT', KEYS[i], 1)
      forgotten = bucket
    end
  end
end
redis.call('SET', KEYS[2], string.format('%d', forgotten))
local answer = { forgotten, last, (lastBefore(time) - last) * bucketMs }
for _, name in ipairs(givenUp) do answer[#answer + 1] = name end
return answer
