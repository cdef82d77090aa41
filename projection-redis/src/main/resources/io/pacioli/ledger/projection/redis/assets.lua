-- Reads the assets that were defined on a shard, with their issuers' balances.
--
-- KEYS  1 position, 2 assets, 3 the system accounts
-- ARGV  1 the only asset wanted, if any
--
-- Answers with nothing when the shard has no position; else with the position and, for each asset that was defined here: its
-- definition and what is stored of its issuer's account.

local position = redis.call('GET', KEYS[1])
if not position then
    return {}
end
local answer = {position}
local function append(asset, definition)
    -- A definition that is no more than the decimals was learned from another shard.
    if definition and string.find(definition, ' ', 1, true) then
        answer[#answer + 1] = definition
        answer[#answer + 1] = redis.call('HGET', KEYS[3], '@' .. asset) or ''
    end
end
if ARGV[1] then
    append(ARGV[1], redis.call('HGET', KEYS[2], ARGV[1]))
else
    local assets = redis.call('HGETALL', KEYS[2])
    for index = 1, #assets, 2 do
        append(assets[index], assets[index + 1])
    end
end
return answer
