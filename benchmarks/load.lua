-- What wrk runs for benchmarks/load.py: posts the lines of a file, each once, and prints what it measured as JSON.
-- Arguments: the file, the first line to send, the most requests.

local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int clock, moment *now);")

local lines, sent, most, threads = {}, 0, 0, {}

local function now()
  local moment = ffi.new("moment")
  ffi.C.clock_gettime(1, moment)  -- the monotonic one
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  local first = tonumber(arguments[2])
  most = tonumber(arguments[3])
  local number = 0
  for line in io.lines(arguments[1]) do
    number = number + 1
    if number >= first and #lines < most then lines[#lines + 1] = line end
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  sent = sent + 1
  began = began or now()
  if sent >= most and not took then
    took = now() - began  -- wrk itself counts the time up to the end that it was told
    wrk.thread:stop()
  end
  return wrk.format(nil, nil, nil, lines[(sent - 1) % #lines + 1])
end

function done(summary, latency)
  local errors, seconds = summary.errors, threads[1]:get("took") or summary.duration / 1e6
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "errors": %d, "p50_ms": %f, "p99_ms": %f, "max_ms": %f}\n',
    summary.requests, seconds,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
