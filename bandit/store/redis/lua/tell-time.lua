--[[
  Tells the time by the clock of the server that has a key: by this one windows are over and marks end.

  KEYS[1] any key; in a Cluster always the same, so that always the same master is asked
  Returns {seconds since 1970, microseconds}.

  Atomic as nothing is kept.
]]
return redis.call('TIME')
