--[[
  Names this copy of the data: the server's run and the moment when the endpoint's data came into being.

  KEYS[1] born
  Returns <run id>:<microseconds since 1970>.

  Atomic so that of two gateways that find nothing both get the name that stands.
]]
local born = redis.call('GET', KEYS[1])
if not born then
  local time = redis.call('TIME')
  born = string.format('%s%06d', time[1], time[2])
  redis.call('SET', KEYS[1], born)
end
return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') .. ':' .. born
