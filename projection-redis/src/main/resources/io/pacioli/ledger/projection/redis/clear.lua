-- Empties a shard that has no position, because nobody knows what its data are true for, and gives it one.
--
-- KEYS  1 position, then all other keys of the shard
-- ARGV  1 the position before the first entry
--
-- Answers with the position that is stored afterwards; any other than the one given means that nothing was changed.

local UNLINKED_MAX = 1000

local stored = redis.call('GET', KEYS[1])
if stored then
    return stored
end
for first = 2, #KEYS, UNLINKED_MAX do
    redis.call('UNLINK', unpack(KEYS, first, math.min(first + UNLINKED_MAX - 1, #KEYS)))
end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]
