-- Lets what was built beside a shard take its place, or changes nothing.
--
-- KEYS  1 position, 2 position of what was built, then other keys of the shard, then in the same order those of what was built, as many
--       as there are, then more keys of the shard that there will be no more
-- ARGV  1 the position that the shard must have, empty for none, 2 the one that what was built must have, 3 how many pairs of keys
--
-- Answers with the position that the shard had; any other than the one that it must have means that nothing was changed.

local call = redis.call

local UNLINKED_MAX = 1000

local stored = call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then
    return stored
end
if call('GET', KEYS[2]) ~= ARGV[2] then
    return redis.error_reply('ERR what was built is gone: another rebuild has taken its place')
end
local count = tonumber(ARGV[3])
local function unlink(from, to)
    for first = from, to, UNLINKED_MAX do
        call('UNLINK', unpack(KEYS, first, math.min(first + UNLINKED_MAX - 1, to)))
    end
end
unlink(3, 2 + count)
unlink(3 + 2 * count, #KEYS)
for index = 3 + count, 2 + 2 * count do
    if call('EXISTS', KEYS[index]) == 1 then
        call('RENAME', KEYS[index], KEYS[index - count])
    end
end
call('RENAME', KEYS[2], KEYS[1])
return stored
