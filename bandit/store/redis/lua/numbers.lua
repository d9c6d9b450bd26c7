--[[
  Stands before every script: numbers read strictly and written exactly. tonumber alone takes nan, inf, 0x10 and
  1e400, and tostring keeps 14 digits. A fault ends the script; every script reads all that it needs through
  these before it writes anything, because what a script wrote before an error stays.
]]
local function fault(rule)
  error('bad_argument: ' .. rule, 0)
end

local function finite(text, name)
  local number = text and string.match(text, '^[-+%d.eE]+$') and tonumber(text)
  if not number or number ~= number or number == math.huge or number == -math.huge then
    fault(name .. ' must be a finite number')
  end
  return number
end

local function integer(text, name)
  local number = text and string.match(text, '^-?%d+$') and tonumber(text)
  if not number or number > 9007199254740991 or number < -9007199254740991 then
    fault(name .. ' must be an integer')
  end
  return number
end

local function natural(text, name)
  local number = integer(text, name)
  if number < 0 then fault(name .. ' must not be negative') end
  return number
end

local function filled(text, name)
  if not text or text == '' then fault(name .. ' must not be empty') end
  return text
end

local function vector(text, name)
  local numbers = {}
  local count = 0
  for part in string.gmatch(text or '', '%S+') do
    count = count + 1
    -- Most of what a reward adds is 0.
    numbers[count] = part == '0' and 0 or finite(part, name)
  end
  if #numbers == 0 then fault(name .. ' must hold at least one number') end
  return numbers
end

local function anything(numbers)
  for _, each in ipairs(numbers) do
    if each ~= 0 then return true end
  end
  return false
end

-- The text of the sums kept in a hash field plus the delta. Where that is 0 the number stays as it is written.
local function sumsPlus(key, field, delta)
  local kept = redis.call('HGET', key, field)
  local parts = {}
  local count = 0
  for part in string.gmatch(kept or '', '%S+') do
    count = count + 1
    parts[count] = part
  end
  if kept and count ~= #delta then fault('delta must have as many numbers as the sums of ' .. field) end
  for i = 1, #delta do
    if delta[i] ~= 0 or not kept then
      local sum = (kept and finite(parts[i], field) or 0) + delta[i]
      parts[i] = string.format('%.17g', sum)
      finite(parts[i], 'the sum of ' .. field)
    end
  end
  return table.concat(parts, ' ')
end

-- The counter of a hash field; that it is one makes sure that HINCRBY cannot fail later.
local function counter(key, field)
  return natural(redis.call('HGET', key, field) or '0', field)
end

local function number(key)
  local kept = redis.call('GET', key)
  return kept and integer(kept, key)
end

-- When this data came into being, microseconds since 1970; noted by whoever looks first.
local function bornOf(key)
  local born = redis.call('GET', key)
  if not born then
    local time = redis.call('TIME')
    born = string.format('%s%06d', time[1], time[2])
    redis.call('SET', key, born)
  end
  return born
end

-- Milliseconds since 1970 by this server's clock.
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- How long the server itself keeps marks that nobody lets go of: for as long as it may be away, a day.
local function marksEnd(changeableUntil)
  return string.format('%d', changeableUntil + 86400000)
end
