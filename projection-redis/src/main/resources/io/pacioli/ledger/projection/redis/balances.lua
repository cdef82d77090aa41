-- Reads one account.
--
-- KEYS  1 position, 2 the accounts that it is among, 3 assets
-- ARGV  1 the account
--
-- Answers with nothing when the shard has no position; else with the position, then, if the account exists, with what is stored of
-- it, followed by the definition of each asset that it has, in the same order; empty for one that the shard has not learned of.

local position = redis.call('GET', KEYS[1])
if not position then
    return {}
end
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if not stored then
    return {position}
end
local answer = {position, stored}
for asset in string.gmatch(stored, '([^=,]+)=') do
    answer[#answer + 1] = redis.call('HGET', KEYS[3], asset) or ''
end
return answer
