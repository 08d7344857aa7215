-- What wrk asks for, and one line of JSON about how it went, in microseconds.
-- Words behind the URL: nothing (the URL itself), "each FILE" (a path in each line), or "distinct PREFIX".

function init(args)
  local mode, argument = args[1], args[2]
  local count = 0
  if mode == "each" then
    local requests = {}
    for path in io.lines(argument) do
      requests[#requests + 1] = wrk.format(nil, path)
    end
    request = function()
      count = count % #requests + 1
      return requests[count]
    end
  elseif mode == "distinct" then
    request = function()
      count = count + 1
      return wrk.format(nil, argument .. count)
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"maxUs":%d,"broken":%d,"refused":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status))
end
