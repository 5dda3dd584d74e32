-- Sends what bench/servers.py asks for (a header each, or body=TYPE FILE), and prints what it reads: one line,
-- microseconds.
init = function(args)
  for _, arg in ipairs(args) do
    local media, file = arg:match("^body=(.*) (%S+)$")
    if media then
      wrk.method = "POST"
      wrk.headers["Content-Type"] = media
      wrk.body = assert(io.open(file, "rb")):read("*a")
    else
      local name, value = arg:match("^(.-): (.*)$")
      wrk.headers[name] = value
    end
  end
end

done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
