-- Empties a shard that has no position, because nobody knows what its data are true for, or one of an older layout, and gives it a
-- new one.
--
-- KEYS  1 position, then all other keys of the shard; none to replace the position only
-- ARGV  1 the stored position, empty for none, 2 the position before the first entry
--
-- Answers with the position that is stored afterwards; any other than the one given means that nothing was changed.

local UNLINKED_MAX = 1000

local stored = redis.call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then
    return stored
end
for first = 2, #KEYS, UNLINKED_MAX do
    redis.call('UNLINK', unpack(KEYS, first, math.min(first + UNLINKED_MAX - 1, #KEYS)))
end
redis.call('SET', KEYS[1], ARGV[2])
return ARGV[2]
