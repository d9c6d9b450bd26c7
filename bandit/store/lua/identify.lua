--[[
  Names this copy of the data: the server's run and the moment when the endpoint's data came into being.

  KEYS[1] born
  Returns <run id>:<microseconds since 1970>.

  Atomic so that of two gateways that find nothing both get the name that stands.
]]
return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') .. ':' .. bornOf(KEYS[1])
