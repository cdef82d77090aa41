-- Takes, renews or gives up the right to rebuild a store.
--
-- KEYS  1 the lock
-- ARGV  1 who wants it, 2 for how many milliseconds, 0 to give it up
--
-- Answers with who has it, or had it.

local call = redis.call

local holder = call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
    return holder
end
if ARGV[2] == '0' then
    call('DEL', KEYS[1])
else
    call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return ARGV[1]
