--[[
  Applies one reward to an arm: adds its delta to the sums and keeps the mark that says so.

  KEYS[1] statistics  KEYS[2] rewarded  KEYS[3] totals  KEYS[4] marks of the bucket  KEYS[5] closed
  KEYS[6] version
  ARGV[1] decision's key  ARGV[2] arm  ARGV[3] bucket  ARGV[4] epoch  ARGV[5] decidedAt
  ARGV[6] acceptedAt, '' = now  ARGV[7] windowMs  ARGV[8] time from when on the marks may be gone
  ARGV[9] expected mark  ARGV[10] mark  ARGV[11] delta
  Returns {'applied'}, {'conflict', mark} or {'late'}.

  Atomic because a mark without its delta loses a reward for ever, and a delta without its mark counts twice.
]]
local key = filled(ARGV[1], 'key')
local arm = filled(ARGV[2], 'arm')
local bucket = integer(ARGV[3], 'bucket')
local epoch = integer(ARGV[4], 'epoch')
local decidedAt = finite(ARGV[5], 'decidedAt')
local acceptedAt = ARGV[6] == '' and now() or finite(ARGV[6], 'acceptedAt')
local windowMs = finite(ARGV[7], 'windowMs')
local marksExpireAt = integer(ARGV[8], 'marksExpireAt')
local expectedMark = ARGV[9]
local mark = filled(ARGV[10], 'mark')
local delta = vector(ARGV[11], 'delta')

local closed = number(KEYS[5])
if acceptedAt - decidedAt > windowMs or (closed and bucket <= closed) or now() > marksExpireAt then
  return {'late'}
end

local known = redis.call('HGET', KEYS[4], key) or ''
if known ~= expectedMark then return {'conflict', known} end

local epochField = arm .. '/' .. ARGV[4]
local bucketField = arm .. '/' .. ARGV[3]
local totalField = arm .. '/rewarded'
local sums = sumsPlus(KEYS[1], epochField, delta, 1)
counter(KEYS[2], bucketField)
counter(KEYS[3], totalField)
number(KEYS[6])

redis.call('HSET', KEYS[4], key, mark)
redis.call('PEXPIREAT', KEYS[4], ARGV[8])
redis.call('HSET', KEYS[1], epochField, sums)
if expectedMark == '' then
  redis.call('HINCRBY', KEYS[2], bucketField, 1)
  redis.call('HINCRBY', KEYS[3], totalField, 1)
end
redis.call('INCR', KEYS[6])
return {'applied'}
