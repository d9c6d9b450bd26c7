--[[
  Adds pull counts, unless this flush of this gateway was added before.

  KEYS[1] flush of the gateway  KEYS[2] pulls  KEYS[3] totals  KEYS[4] closed  KEYS[5] version
  ARGV[1] sequence  ARGV[2] ms for which the sequence is remembered
  ARGV[3] and so on: arm, bucket, pulls; arm, bucket, pulls; …
  Returns 1, or 0 for a repeated flush.

  Atomic because a flush is sent again when its answer was lost: counts and sequence are kept together or not.
]]
local sequence = natural(ARGV[1], 'sequence')
natural(ARGV[2], 'flushMemoryMs')
if (#ARGV - 2) % 3 ~= 0 then fault('counts must come in threes') end

local closed = number(KEYS[4])
number(KEYS[5])
local counts = {}
for i = 3, #ARGV, 3 do
  local arm = filled(ARGV[i], 'arm')
  local bucket = integer(ARGV[i + 1], 'bucket')
  local pulls = natural(ARGV[i + 2], 'pulls')
  local field = arm .. '/' .. ARGV[i + 1]
  counter(KEYS[2], field)
  counter(KEYS[3], arm .. '/pulls')
  counter(KEYS[3], arm .. '/written_off')
  if pulls > 0 then
    counts[#counts + 1] =
      { arm = arm, field = field, pulls = ARGV[i + 2], over = closed and bucket <= closed }
  end
end

local last = number(KEYS[1])
if last and sequence <= last then return 0 end

redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
for _, count in ipairs(counts) do
  redis.call('HINCRBY', KEYS[3], count.arm .. '/pulls', count.pulls)
  if count.over then
    redis.call('HINCRBY', KEYS[3], count.arm .. '/written_off', count.pulls)
  else
    redis.call('HINCRBY', KEYS[2], count.field, count.pulls)
  end
end
if #counts > 0 then redis.call('INCR', KEYS[5]) end
return 1
