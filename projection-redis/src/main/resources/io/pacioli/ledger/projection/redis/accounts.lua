-- Reads some of a shard's accounts.
--
-- KEYS  1 position, then the hashes to read
--
-- Answers with nothing when the shard has no position; else with the position and accounts and what is stored of them in turn.

local position = redis.call('GET', KEYS[1])
if not position then
    return {}
end
local answer = {position}
for index = 2, #KEYS do
    for _, text in ipairs(redis.call('HGETALL', KEYS[index])) do
        answer[#answer + 1] = text
    end
end
return answer
