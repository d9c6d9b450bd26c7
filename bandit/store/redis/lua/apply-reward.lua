--[[
  Changes what is known of one decision: adds the difference to the sums, moves it between the counts and keeps
  the mark that says so.

  KEYS[1] statistics  KEYS[2] pulls  KEYS[3] rewarded  KEYS[4] voided  KEYS[5] held  KEYS[6] totals
  KEYS[7] marks of the bucket  KEYS[8] closed  KEYS[9] version  KEYS[10] born  KEYS[11] forgotten
  ARGV[1] decision's key  ARGV[2] arm  ARGV[3] bucket  ARGV[4] epoch
  ARGV[5] acceptedAt, '' = now  ARGV[6] last moment to accept at, '' = none
  ARGV[7] last moment at which the decision can be changed  ARGV[8] expected mark  ARGV[9] mark  ARGV[10] delta
  ARGV[11] standing until now: unsettled, rewarded or void  ARGV[12] standing from now on
  ARGV[13] delta of the default to take back, '' = there is no default, 'held' = it is among what is given
  ARGV[14] 'hold' or ''
  ARGV[15] delta of what the bucket holds, '' = none
  ARGV[16] expected base  ARGV[17] base: what of the mark was given back with a checkpoint, '' = it stays as it is
  ARGV[18] ARGV[19] … name and delta of what was observed beside, in pairs
  Returns {'applied', version, born}, {'conflict', mark, version at which it was written, born, base} or {'late'}.

  Atomic because a mark without its delta loses a reward for ever, and a delta without its mark counts twice.
]]
local key = filled(ARGV[1], 'key')
local arm = filled(ARGV[2], 'arm')
local bucket = integer(ARGV[3], 'bucket')
integer(ARGV[4], 'epoch')
local acceptedAt = ARGV[5] == '' and now() or finite(ARGV[5], 'acceptedAt')
local latest = ARGV[6] ~= '' and finite(ARGV[6], 'latest')
local changeableUntil = integer(ARGV[7], 'changeableUntil')
local expectedMark = ARGV[8]
local mark = filled(ARGV[9], 'mark')
local delta = vector(ARGV[10], 'delta')
local from = filled(ARGV[11], 'from')
local to = filled(ARGV[12], 'to')
local defaultsHeld = ARGV[13] == 'held'
local default = ARGV[13] ~= '' and not defaultsHeld and vector(ARGV[13], 'defaultDelta')
local toHeld = ARGV[15] ~= '' and vector(ARGV[15], 'heldDelta')
local based = ARGV[17] ~= ''

local closed = number(KEYS[8])
local forgotten = number(KEYS[11])
local expireAt = marksEnd(changeableUntil)
-- Where nobody has let go of any marks yet, an earlier release may have set their end.
local isForgotten = now() > (forgotten and tonumber(expireAt) or changeableUntil)
if forgotten and bucket <= forgotten then isForgotten = true end
if (latest and acceptedAt > latest) or acceptedAt > changeableUntil or isForgotten then return {'late'} end

local kept = redis.call('HGET', KEYS[7], key) or ''
-- Before the mark stands the version at which it was written; 0 = before there was any checkpoint of this data.
local writtenAt, known = string.match(kept, '^(%d+) (.*)$')
writtenAt, known = writtenAt or '0', known or kept
local base = based and redis.call('HGET', KEYS[7], 'base/' .. key) or ''
local born = bornOf(KEYS[10])
if known ~= expectedMark or base ~= ARGV[16] then return {'conflict', known, writtenAt, born, base} end

local bucketField = arm .. '/' .. ARGV[3]
-- A bucket older than the last closed one is open for as long as it has pulls that nobody ended.
local open = not (closed and bucket <= closed) or redis.call('HEXISTS', KEYS[2], bucketField) == 1

local steps = {}
local function count(hash, field, by)
  counter(hash, field)
  steps[#steps + 1] = { hash, field, by }
end

local openCounts = { rewarded = KEYS[3], void = KEYS[4] }
local totalFields = { rewarded = arm .. '/rewarded', void = arm .. '/voided' }
if from ~= to then
  for standing, by in pairs({ [from] = -1, [to] = 1 }) do
    if totalFields[standing] then count(KEYS[6], totalFields[standing], by) end
    if totalFields[standing] and open then count(openCounts[standing], bucketField, by) end
  end
end
-- The end of a bucket counts what it left unsettled by arm, not by decision: every one of them got the same.
if from == 'unsettled' and to ~= 'unsettled' and not open and not based then
  for _, fate in ipairs({ 'defaulted', 'written_off' }) do
    local field = fate .. '/' .. arm
    if counter(KEYS[7], field) > 0 then
      count(KEYS[7], field, -1)
      count(KEYS[6], arm .. '/' .. fate, -1)
      if fate == 'defaulted' and not defaultsHeld then
        if not default or #default ~= #delta then fault('the default to take back must be given') end
        for i = 1, #delta do delta[i] = delta[i] - default[i] end
      end
      break
    end
  end
end
local sumsKey, suffix = KEYS[1], '/' .. ARGV[4]
if open and ARGV[14] == 'hold' then sumsKey, suffix = KEYS[5], '/' .. ARGV[3] end
local sumsField = arm .. suffix
local held
if toHeld and #toHeld ~= #delta then fault('heldDelta must have as many numbers as delta') end
if toHeld and open and sumsKey ~= KEYS[5] then
  held = sumsPlus(KEYS[5], bucketField, toHeld)
elseif toHeld then
  for i = 1, #delta do delta[i] = delta[i] + toHeld[i] end
end
-- What a checkpoint has given back mostly changes nothing but the mark.
local sums = (not based or anything(delta)) and sumsPlus(sumsKey, sumsField, delta)
local beside = {}
for i = 18, #ARGV, 2 do
  local field = filled(ARGV[i], 'name') .. suffix
  beside[#beside + 1] = { field, sumsPlus(sumsKey, field, vector(ARGV[i + 1], 'delta of ' .. ARGV[i])) }
end
number(KEYS[9])

local version = redis.call('INCR', KEYS[9])
local at = based and known == '' and '0' or string.format('%d', version)
redis.call('HSET', KEYS[7], key, at .. ' ' .. mark)
if based then redis.call('HSET', KEYS[7], 'base/' .. key, ARGV[17]) end
redis.call('PEXPIREAT', KEYS[7], expireAt)
if sums then redis.call('HSET', sumsKey, sumsField, sums) end
for _, each in ipairs(beside) do redis.call('HSET', sumsKey, each[1], each[2]) end
if held then redis.call('HSET', KEYS[5], bucketField, held) end
for _, step in ipairs(steps) do redis.call('HINCRBY', step[1], step[2], step[3]) end
return {'applied', version, born}
