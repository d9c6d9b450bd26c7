--[[
  Keeps secrets beside those that are there.

  KEYS[1] secrets, separated by a space, the one that signs first
  ARGV    secrets that are to be known as well, in their order
  Returns all of them.

  Atomic because two gateways that add one each at the same time must both be heard.
]]
local secrets = {}
local known = {}
local function add(secret)
  if not known[secret] then secrets[#secrets + 1] = secret end
  known[secret] = true
end
for secret in string.gmatch(redis.call('GET', KEYS[1]) or '', '%S+') do add(secret) end
local before = #secrets
for _, secret in ipairs(ARGV) do add(filled(secret, 'secret')) end
if #secrets > before then redis.call('SET', KEYS[1], table.concat(secrets, ' ')) end
return secrets
