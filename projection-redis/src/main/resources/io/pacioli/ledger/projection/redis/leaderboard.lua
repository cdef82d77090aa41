-- Reads the first of a shard's leaderboard.
--
-- KEYS  1 position, 2 leaderboard, 3 assets
-- ARGV  1 the asset, 2 how many at most
--
-- Answers with nothing when the shard has no position; else with the position, the asset's definition (empty when the shard does
-- not know it), how many are on the board, and members and scores in turn.

local position = redis.call('GET', KEYS[1])
if not position then
    return {}
end
local answer = {position, redis.call('HGET', KEYS[3], ARGV[1]) or '', tostring(redis.call('ZCARD', KEYS[2]))}
for _, text in ipairs(redis.call('ZRANGE', KEYS[2], 0, ARGV[2] - 1, 'WITHSCORES')) do
    answer[#answer + 1] = text
end
return answer
