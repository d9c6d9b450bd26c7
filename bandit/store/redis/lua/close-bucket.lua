--[[
  Ends a bucket: what it held joins the sums, and its pulls that are unsettled get the default reward or are
  written off.

  KEYS[1] statistics  KEYS[2] pulls  KEYS[3] rewarded  KEYS[4] voided  KEYS[5] held  KEYS[6] totals
  KEYS[7] marks of the bucket  KEYS[8] closed  KEYS[9] version  KEYS[10] ended
  ARGV[1] bucket  ARGV[2] epoch  ARGV[3] end of the bucket's window
  ARGV[4] last moment at which its decisions can be changed  ARGV[5] delta of one default, '' = write off
  ARGV[6] 'held' = they are defaulted with what the bucket holds, or ''
  Returns {arm, unsettled, arm, unsettled, …}; empty before the window's end and when it is done already.

  Atomic because a reward must come either before the end and settle its pull, or after it and take its default
  back; and because of several gateways exactly one may do it.
]]
local bucket = integer(ARGV[1], 'bucket')
integer(ARGV[2], 'epoch')
local windowEnd = finite(ARGV[3], 'windowEnd')
local expireAt = marksEnd(integer(ARGV[4], 'changeableUntil'))
local delta = ARGV[5] ~= '' and vector(ARGV[5], 'defaultDelta')
local time = now()
if time < windowEnd then return {} end

-- Values of this bucket by arm. An arm's name may hold a slash, a bucket may not.
local function ofBucket(key, parse)
  local values = {}
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local arm, suffix = string.match(fields[i], '^(.*)/(-?%d+)$')
    if suffix == ARGV[1] then values[arm] = parse(fields[i + 1], fields[i]) end
  end
  return values
end

local pulls = ofBucket(KEYS[2], natural)
local rewarded = ofBucket(KEYS[3], natural)
local voided = ofBucket(KEYS[4], natural)
local held = ofBucket(KEYS[5], vector)
local closed = number(KEYS[8])
number(KEYS[9])
local arms = {}
for _, known in ipairs({ pulls, rewarded, voided, held }) do
  for arm in pairs(known) do arms[arm] = true end
end
if closed and bucket <= closed and not next(arms) then return {} end

local fate = (delta or ARGV[6] == 'held') and 'defaulted' or 'written_off'
local ended = {}
local leaves = false
for arm in pairs(arms) do
  local unsettled = (pulls[arm] or 0) - (rewarded[arm] or 0) - (voided[arm] or 0)
  leaves = leaves or unsettled > 0
  local added = held[arm]
  if unsettled > 0 and delta then
    added = added or {}
    if held[arm] and #added ~= #delta then fault('defaultDelta must have as many numbers as what is held') end
    for i = 1, #delta do added[i] = (added[i] or 0) + unsettled * delta[i] end
  end
  counter(KEYS[6], arm .. '/' .. fate)
  counter(KEYS[7], fate .. '/' .. arm)
  local field = arm .. '/' .. ARGV[2]
  local sums = added and sumsPlus(KEYS[1], field, added)
  ended[#ended + 1] = { arm = arm, unsettled = unsettled, field = field, sums = sums }
end

-- First, as an access list of an older release may refuse them, and a full Redis all that could add: XX adds nothing.
redis.call('ZADD', KEYS[10], leaves and 'CH' or 'XX', ARGV[4], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[10], '-inf', '(' .. time)
if not closed or bucket > closed then redis.call('SET', KEYS[8], ARGV[1]) end
local answer = {}
for _, arm in ipairs(ended) do
  if arm.sums then redis.call('HSET', KEYS[1], arm.field, arm.sums) end
  if arm.unsettled > 0 then
    local unsettled = string.format('%.17g', arm.unsettled)
    redis.call('HINCRBY', KEYS[6], arm.arm .. '/' .. fate, unsettled)
    redis.call('HINCRBY', KEYS[7], fate .. '/' .. arm.arm, unsettled)
    answer[#answer + 1] = arm.arm
    answer[#answer + 1] = unsettled
  end
  for i = 2, 5 do redis.call('HDEL', KEYS[i], arm.arm .. '/' .. ARGV[1]) end
end
redis.call('PEXPIREAT', KEYS[7], expireAt)
redis.call('INCR', KEYS[9])
return answer
