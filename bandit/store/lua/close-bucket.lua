--[[
  Ends a bucket: its pulls without a reward get the default reward or are written off, its marks are dropped, and
  the buckets up to it take no more rewards.

  KEYS[1] pulls  KEYS[2] rewarded  KEYS[3] statistics  KEYS[4] totals  KEYS[5] marks of the bucket  KEYS[6] closed
  KEYS[7] version
  ARGV[1] bucket  ARGV[2] epoch  ARGV[3] end of the bucket's window  ARGV[4] delta of one default, '' = write off
  Returns {arm, unrewarded, arm, unrewarded, …}; empty before the window's end and when it is done already.

  Atomic because a reward must come either before the end and count, or after it and be late; and because of
  several gateways exactly one may do it.
]]
local bucket = integer(ARGV[1], 'bucket')
local epoch = integer(ARGV[2], 'epoch')
local windowEnd = finite(ARGV[3], 'windowEnd')
local delta = ARGV[4] ~= '' and vector(ARGV[4], 'defaultDelta')
if now() < windowEnd then return {} end

-- Counts of this bucket by arm. An arm's name may hold a slash, a bucket may not.
local function ofBucket(key)
  local counts = {}
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local arm, suffix = string.match(fields[i], '^(.*)/(-?%d+)$')
    if suffix == ARGV[1] then counts[arm] = natural(fields[i + 1], fields[i]) end
  end
  return counts
end

local pulls = ofBucket(KEYS[1])
local rewarded = ofBucket(KEYS[2])
local closed = number(KEYS[6])
number(KEYS[7])
local ended = {}
for arm, count in pairs(pulls) do
  local unrewarded = count - (rewarded[arm] or 0)
  if unrewarded > 0 then
    counter(KEYS[4], arm .. '/defaulted')
    counter(KEYS[4], arm .. '/written_off')
    local field = arm .. '/' .. ARGV[2]
    local sums = delta and sumsPlus(KEYS[3], field, delta, unrewarded)
    ended[#ended + 1] = { arm = arm, unrewarded = unrewarded, field = field, sums = sums }
  end
end

if not closed or bucket > closed then
  redis.call('SET', KEYS[6], ARGV[1])
elseif not next(pulls) and not next(rewarded) then
  return {}
end
local answer = {}
for _, arm in ipairs(ended) do
  local unrewarded = string.format('%.17g', arm.unrewarded)
  if arm.sums then redis.call('HSET', KEYS[3], arm.field, arm.sums) end
  redis.call('HINCRBY', KEYS[4], arm.arm .. (arm.sums and '/defaulted' or '/written_off'), unrewarded)
  answer[#answer + 1] = arm.arm
  answer[#answer + 1] = unrewarded
end
for arm in pairs(pulls) do redis.call('HDEL', KEYS[1], arm .. '/' .. ARGV[1]) end
for arm in pairs(rewarded) do redis.call('HDEL', KEYS[2], arm .. '/' .. ARGV[1]) end
redis.call('UNLINK', KEYS[5])
redis.call('INCR', KEYS[7])
return answer
