--[[
  Tells what this data began with, and says so where nobody has.

  KEYS[1] born  KEYS[2] origin
  ARGV[1] what to say, '' = only look: 'bare' = nothing was given back, 'forgotten' = nothing is to be
  Returns {born, origin or ''}.

  Atomic because whoever says that nothing is given back must not be beside somebody who gives it back.
]]
local born = bornOf(KEYS[1])
local origin = redis.call('GET', KEYS[2]) or ''
if ARGV[1] ~= '' and (origin == '' or (origin == 'bare' and ARGV[1] == 'forgotten')) then
  origin = ARGV[1]
  redis.call('SET', KEYS[2], origin)
end
return { born, origin }
