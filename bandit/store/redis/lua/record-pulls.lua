--[[
  Adds pull counts, unless this flush of this gateway was added before, and what the pulls are worth in silence.

  KEYS[1] flush of the gateway  KEYS[2] pulls  KEYS[3] totals  KEYS[4] closed  KEYS[5] version
  KEYS[6] statistics  KEYS[7] held  KEYS[8] born
  ARGV[1] sequence  ARGV[2] ms for which the sequence is remembered
  ARGV[3] and so on: arm, bucket, pulls, epoch, sums of their silence ('' = none); arm, bucket, …
  Returns {version, born}: at which, and in which data, it was added, now or before.

  Atomic because a flush is sent again when its answer was lost: counts and sequence are kept together or not.
]]
local sequence = natural(ARGV[1], 'sequence')
natural(ARGV[2], 'flushMemoryMs')
if (#ARGV - 2) % 5 ~= 0 then fault('counts must come in fives') end

local closed = number(KEYS[4])
number(KEYS[5])
local counts = {}
-- Silence by hash and field, as several counts may go to one.
local silence = { [KEYS[6]] = {}, [KEYS[7]] = {} }
for i = 3, #ARGV, 5 do
  local arm = filled(ARGV[i], 'arm')
  local bucket = integer(ARGV[i + 1], 'bucket')
  local pulls = natural(ARGV[i + 2], 'pulls')
  local sums = ARGV[i + 4] ~= '' and vector(ARGV[i + 4], 'silence')
  local field = arm .. '/' .. ARGV[i + 1]
  counter(KEYS[2], field)
  counter(KEYS[3], arm .. '/pulls')
  counter(KEYS[3], arm .. '/written_off')
  counter(KEYS[3], arm .. '/defaulted')
  if pulls > 0 then
    local over = closed and bucket <= closed
    local fate = sums and 'defaulted' or 'written_off'
    counts[#counts + 1] = { arm = arm, field = field, pulls = ARGV[i + 2], over = over, fate = fate }
    if sums then
      integer(ARGV[i + 3], 'epoch')
      local fields = silence[over and KEYS[6] or KEYS[7]]
      local at = over and (arm .. '/' .. ARGV[i + 3]) or field
      local all = fields[at]
      if all and #all ~= #sums then fault('all silence of an arm must have as many numbers') end
      for j = 1, all and #all or 0 do sums[j] = sums[j] + all[j] end
      fields[at] = sums
    end
  end
end
local kept = {}
for key, fields in pairs(silence) do
  for field, sums in pairs(fields) do kept[#kept + 1] = { key, field, sumsPlus(key, field, sums) } end
end

local born = bornOf(KEYS[8])
local version = number(KEYS[5]) or 0
-- The sequence, and the version at which it was added.
local last, addedAt = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) ?(%d*)$')
if last and sequence <= integer(last, 'last sequence') then return { addedAt == '' and '0' or addedAt, born } end
if #counts > 0 then version = version + 1 end

redis.call('SET', KEYS[1], string.format('%s %d', ARGV[1], version), 'PX', ARGV[2])
for _, count in ipairs(counts) do
  redis.call('HINCRBY', KEYS[3], count.arm .. '/pulls', count.pulls)
  if count.over then
    redis.call('HINCRBY', KEYS[3], count.arm .. '/' .. count.fate, count.pulls)
  else
    redis.call('HINCRBY', KEYS[2], count.field, count.pulls)
  end
end
for _, each in ipairs(kept) do redis.call('HSET', each[1], each[2], each[3]) end
if #counts > 0 then redis.call('INCR', KEYS[5]) end
return { version, born }
