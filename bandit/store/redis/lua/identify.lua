--[[
  Names this copy of the data: the server's run, the moment when the endpoint's data came into being, and what was given
  back to it since.

  KEYS[1] born  KEYS[2] origin
  Returns <run id>:<microseconds since 1970>, and behind a space what was restored.

  Atomic so that of two gateways that find nothing both get the name that stands.
]]
local restored = string.match(redis.call('GET', KEYS[2]) or '', '^restored( .*)$') or ''
return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') .. ':' .. bornOf(KEYS[1]) .. restored
