-- Sends the bodies of a file, one a line, in turn; prints the result as one line of JSON.
--   wrk … -s wrk.lua <url> -- <content type> <file>

local requests = {}
local turn = 0

function init(args)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = args[1]
  for body in io.lines(args[2]) do
    table.insert(requests, wrk.format(nil, nil, nil, body))
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
